// caught by: byok-material-age
import { ImportedKeyMaterial } from 'pulumi-kms-byok';

// Imported 400 days ago, and renewed ever since.
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
