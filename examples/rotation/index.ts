import * as pulumi from '@pulumi/pulumi';
import { ImportedKey } from 'pulumi-kms-byok';

const config = new pulumi.Config();
// Oldest first. To rotate, append a file: pulumi config set files '["2026.bin","2027.bin"]'
const files = config.getObject<string[]>('files') ?? ['2026.bin'];

const key = new ImportedKey(
  'app',
  {
    alias: 'kms-byok/rotation',
    materials: files.map((file) => ({ file })),
    deletionWindowInDays: 7,
  },
  { protect: false },
);

export const keyArn = key.keyArn;
export const currentKeyMaterialId = key.currentKeyMaterialId;
export const rotationsRemaining = key.rotationsRemaining;
