import * as pulumi from '@pulumi/pulumi';
import { ImportedKey } from 'pulumi-kms-byok';

const config = new pulumi.Config();
const validTo = config.get('validTo');

const rootKey = new ImportedKey(
  'root-key',
  {
    description: 'Root key with material of our own',
    alias: 'kms-byok/quickstart',
    // 32 random bytes, for example from: openssl rand -out material.bin 32
    materials: [{ file: config.get('materialFile') ?? 'material.bin' }],
    // Without validTo the material does not expire.
    ...(validTo === undefined ? {} : { validTo }),
    deletionWindowInDays: 7,
  },
  // Allows you to destroy the quickstart. Leave this out for a key that you want to keep.
  { protect: false },
);

export const keyArn = rootKey.keyArn;
export const currentKeyMaterialId = rootKey.currentKeyMaterialId;
export const expires = rootKey.earliestExpiry.apply((instant) => instant ?? 'never');
