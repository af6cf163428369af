import { KEY_ID, MATERIAL_ID } from '../common-shapes';
import { materialNotFound } from '../errors';
import { findKey } from '../find-key';
import { operation } from '../operation';
import { removeMaterial } from '../settle';

/**
 * DeleteImportedKeyMaterial. Without an id it deletes the current material, never the pending one
 * (API reference). Deleting what is deleted already succeeds, also on a key that never had any.
 */
export const deleteImportedKeyMaterial = operation({
  types: { KeyId: KEY_ID, KeyMaterialId: MATERIAL_ID },
  run(context, input) {
    const key = findKey(context, input.KeyId, 'DeleteImportedKeyMaterial');
    const id = input.KeyMaterialId ?? key.currentMaterialId;
    if (id === undefined) return { KeyId: key.arn };
    if (!key.materials.some((material) => material.id === id)) throw materialNotFound(key.arn, id);
    removeMaterial(key, id);
    return { KeyId: key.arn, KeyMaterialId: id };
  },
});
