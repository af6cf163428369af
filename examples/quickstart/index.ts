import * as pulumi from '@pulumi/pulumi';
import { ImportedKeyMaterial } from 'pulumi-kms-byok';

const config = new pulumi.Config();
const validTo = config.get('validTo');

const rootKey = new ImportedKeyMaterial('root-key', {
  // A KMS key that was created with Origin EXTERNAL.
  keyId: config.require('keyId'),
  keySpec: 'SYMMETRIC_DEFAULT',
  // 32 random bytes, for example from: openssl rand -out material.bin 32
  material: { file: config.get('materialFile') ?? 'material.bin' },
  // Without validTo the material does not expire.
  ...(validTo === undefined ? {} : { validTo }),
});

export const keyArn = rootKey.keyArn;
export const keyState = rootKey.keyState;
export const importState = rootKey.importState;
export const expires = rootKey.validTo.apply((instant) => instant ?? 'never');
export const fingerprint = rootKey.materialFingerprint;
