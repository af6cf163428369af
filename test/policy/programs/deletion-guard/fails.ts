// caught by: byok-deletion-guard
import { ImportedKeyMaterial } from 'pulumi-kms-byok';

new ImportedKeyMaterial(
  'root-key-production',
  {
    keyId: '1234abcd-12ab-34cd-56ef-1234567890ab',
    material: { secretsManager: { secretId: 'kms/root-key' } },
    validFor: '60d',
  },
  { protect: true },
);
