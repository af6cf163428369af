import * as pulumi from '@pulumi/pulumi';
import { ImportedKey } from 'pulumi-kms-byok';

const config = new pulumi.Config();

const key = new ImportedKey(
  'app',
  {
    // Read only for an import. No file of this project contains it, and no file that Pulumi writes.
    materials: [{ secretsManager: { secretId: config.get('secretId') ?? 'kms-byok/material' } }],
    deletionWindowInDays: 7,
  },
  { protect: false },
);

export const keyArn = key.keyArn;
export const currentKeyMaterialId = key.currentKeyMaterialId;
