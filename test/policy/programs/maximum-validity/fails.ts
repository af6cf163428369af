// caught by: byok-maximum-validity
import { ImportedKeyMaterial } from 'pulumi-kms-byok';

new ImportedKeyMaterial(
  'root-key',
  {
    keyId: '1234abcd-12ab-34cd-56ef-1234567890ab',
    material: { secretsManager: { secretId: 'kms/root-key' } },
    validFor: '365d',
    renewBefore: '30d',
  },
  { protect: true },
);
