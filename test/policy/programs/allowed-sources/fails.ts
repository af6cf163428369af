// caught by: byok-allowed-sources
import { ImportedKeyMaterial } from 'pulumi-kms-byok';

new ImportedKeyMaterial(
  'root-key',
  {
    keyId: '1234abcd-12ab-34cd-56ef-1234567890ab',
    material: { inline: process.env.ROOT_KEY ?? '' },
    validFor: '90d',
    renewBefore: '30d',
  },
  { protect: true },
);
