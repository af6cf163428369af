// caught by: none
import { ImportedKeyMaterial, KmsByokProvider } from 'pulumi-kms-byok';

const postQuantum = new KmsByokProvider('root-key-provider', { transport: 'post-quantum' });

new ImportedKeyMaterial(
  'root-key',
  {
    keyId: '1234abcd-12ab-34cd-56ef-1234567890ab',
    material: { secretsManager: { secretId: 'kms/root-key' } },
    validFor: '90d',
    renewBefore: '30d',
  },
  { provider: postQuantum, protect: true },
);

new ImportedKeyMaterial(
  'root-key-2',
  {
    keyId: '1234abcd-12ab-34cd-56ef-1234567890ac',
    material: { secretsManager: { secretId: 'kms/root-key-2' } },
    validFor: '90d',
    renewBefore: '30d',
    connection: { transport: 'post-quantum' },
  },
  { protect: true },
);
