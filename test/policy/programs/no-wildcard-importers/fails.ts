// caught by: byok-no-wildcard-importers
import * as aws from '@pulumi/aws';

new aws.kms.ExternalKey(
  'root-key',
  {
    policy: JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: '*',
          Action: ['kms:ImportKeyMaterial', 'kms:DeleteImportedKeyMaterial'],
          Resource: '*',
        },
      ],
    }),
  },
  { protect: true },
);
