// caught by: byok-renewal-configured
import { ImportedKeyMaterial } from 'pulumi-kms-byok';

const inNinetyDays = new Date(Date.now() + 90 * 24 * 60 * 60 * 1000);

new ImportedKeyMaterial(
  'root-key',
  {
    keyId: '1234abcd-12ab-34cd-56ef-1234567890ab',
    material: { secretsManager: { secretId: 'kms/root-key' } },
    validTo: inNinetyDays.toISOString(),
  },
  { protect: true },
);
