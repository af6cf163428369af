// caught by: none
import * as aws from '@pulumi/aws';
import { ImportedKeyMaterial } from 'pulumi-kms-byok';

new aws.kms.ExternalKey('root-key', { description: 'Root of all data keys' }, { protect: true });

new ImportedKeyMaterial(
  'root-key',
  {
    keyId: '1234abcd-12ab-34cd-56ef-1234567890ab',
    material: { secretsManager: { secretId: 'kms/root-key' } },
    validFor: '90d',
    renewBefore: '30d',
  },
  { protect: true },
);
