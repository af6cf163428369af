import { KEY_ID, MATERIAL_ID } from './shared/common-shapes';
import { materialNotFound } from '../errors/kms-error';
import { findKey } from '../keys/find-key';
import { isSymmetric } from '../crypto/key-specs';
import { operation } from './shared/operation';
import { removeMaterial } from '../keys/settle';
import { synchronise } from '../keys/synchronise';
import { symmetricKeysOnly } from '../errors/usage-errors';

/**
 * DeleteImportedKeyMaterial. Without an id it deletes the current material, never the pending one (API
 * reference). It also succeeds when that material is already deleted, or the key never had any. Staged
 * material that is deleted from a primary key is deleted from its replicas too (Developer Guide).
 */
export const deleteImportedKeyMaterial = operation({
  types: { KeyId: KEY_ID, KeyMaterialId: MATERIAL_ID },
  run(context, input) {
    const key = findKey(context, input.KeyId, 'DeleteImportedKeyMaterial');
    if (input.KeyMaterialId !== undefined && !isSymmetric(key)) {
      throw symmetricKeysOnly(key.arn, key.keySpec, 'KeyMaterialId');
    }
    const id = input.KeyMaterialId ?? key.currentMaterialId;
    if (id === undefined) return { KeyId: key.arn };
    if (!key.materials.some((material) => material.id === id)) throw materialNotFound(key.arn, id);
    removeMaterial(key, id);
    synchronise(context.store, key);
    return { KeyId: key.arn, KeyMaterialId: isSymmetric(key) ? id : undefined };
  },
});
