// caught by: byok-separate-importers-and-users
import * as aws from '@pulumi/aws';

new aws.kms.ExternalKey(
  'root-key',
  {
    policy: JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: 'arn:aws:iam::111122223333:role/admin' },
          Action: 'kms:*',
          Resource: '*',
        },
      ],
    }),
  },
  { protect: true },
);
