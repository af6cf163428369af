// caught by: none
import * as aws from '@pulumi/aws';

new aws.kms.ExternalKey(
  'root-key',
  {
    policy: JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: 'arn:aws:iam::111122223333:role/importer' },
          Action: ['kms:ImportKeyMaterial', 'kms:DeleteImportedKeyMaterial'],
          Resource: '*',
        },
      ],
    }),
  },
  { protect: true },
);
