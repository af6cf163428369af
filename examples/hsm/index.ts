import * as pulumi from '@pulumi/pulumi';
import { ImportedKey } from 'pulumi-kms-byok';

const config = new pulumi.Config();

// Each label names a key of the token. To rotate, generate a second key there, and append its label.
const labels = config.getObject<string[]>('keys') ?? ['root-2026'];

const key = new ImportedKey(
  'hsm',
  {
    alias: 'kms-byok/hsm',
    materials: labels.map((keyLabel) => ({
      pkcs11: {
        module: config.get('module') ?? '/usr/lib/softhsm/libsofthsm2.so',
        tokenLabel: 'vault',
        keyLabel,
        pin: { file: 'pin' },
      },
    })),
    deletionWindowInDays: 7,
  },
  { protect: false },
);

export const keyArn = key.keyArn;
export const currentKeyMaterialId = key.currentKeyMaterialId;
