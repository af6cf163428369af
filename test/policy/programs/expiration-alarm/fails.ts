// caught by: byok-expiration-alarm
import * as aws from '@pulumi/aws';
import { ImportedKeyMaterial } from 'pulumi-kms-byok';

const key = new aws.kms.ExternalKey(
  'root-key',
  { description: 'Root of all data keys' },
  { protect: true, ignoreChanges: ['validTo', 'enabled'] },
);

new ImportedKeyMaterial(
  'root-key',
  {
    keyId: key.id,
    material: { secretsManager: { secretId: 'kms/root-key' } },
    validFor: '90d',
    renewBefore: '30d',
  },
  { protect: true },
);
