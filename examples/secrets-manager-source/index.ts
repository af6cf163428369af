import * as pulumi from '@pulumi/pulumi';
import { ImportedKey } from 'pulumi-kms-byok';

const config = new pulumi.Config();

const key = new ImportedKey(
  'app',
  {
    // Read at an import alone. It is in no file of this project, and in none that Pulumi writes.
    materials: [{ secretsManager: { secretId: config.get('secretId') ?? 'kms-byok/material' } }],
    deletionWindowInDays: 7,
  },
  { protect: false },
);

export const keyArn = key.keyArn;
export const currentKeyMaterialId = key.currentKeyMaterialId;
