import * as pulumi from '@pulumi/pulumi';
import { ImportedKey } from 'pulumi-kms-byok';

const config = new pulumi.Config();

const key = new ImportedKey('adopted', {
  // Description, tags and policy must match the key. Otherwise a preview refuses to import it.
  adoptKeyId: config.require('keyId'),
  ...(config.get('description') === undefined ? {} : { description: config.get('description') }),
  // The material that the key has. The first update adopts it, and proves that it is the same.
  materials: [{ file: 'material.bin' }],
});

export const keyArn = key.keyArn;
export const currentKeyMaterialId = key.currentKeyMaterialId;
