// caught by: byok-post-quantum-transport
import { ImportedKeyMaterial } from 'pulumi-kms-byok';

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
