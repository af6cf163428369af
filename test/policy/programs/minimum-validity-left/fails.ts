// caught by: byok-minimum-validity-left byok-renewal-configured
import { ImportedKeyMaterial } from 'pulumi-kms-byok';

const inThreeDays = new Date(Date.now() + 3 * 24 * 60 * 60 * 1000);

new ImportedKeyMaterial(
  'root-key',
  {
    keyId: '1234abcd-12ab-34cd-56ef-1234567890ab',
    material: { secretsManager: { secretId: 'kms/root-key' } },
    validTo: inThreeDays.toISOString(),
  },
  { protect: true },
);
