import { KEY_ID, LIMIT, MARKER } from './shared/common-shapes';
import { expiryMembers } from '../keys/expiry';
import { findKey } from '../keys/find-key';
import { isSymmetric } from '../crypto/key-specs';
import type { Output } from '../keys/output';
import { operation } from './shared/operation';
import { page } from './shared/paging';
import type { KeyRecord, MaterialRecord } from '../state/records';
import { keyMaterialOfSymmetricKeysOnly, rotationNotSupported } from '../errors/usage-errors';

const DEFAULT_LIMIT = 100; // API reference

/**
 * ListKeyRotations, oldest first. The default, ROTATIONS_ONLY, omits the first material and the pending
 * one (recorded for AWS_KMS keys). The members of EXTERNAL keys are documented, not recorded.
 */
export const listKeyRotations = operation({
  types: {
    KeyId: KEY_ID,
    IncludeKeyMaterial: { type: 'string', enum: ['ALL_KEY_MATERIAL', 'ROTATIONS_ONLY'] },
    Limit: LIMIT,
    Marker: MARKER,
  },
  run(context, input) {
    const key = findKey(context, input.KeyId, 'ListKeyRotations');
    if (!isSymmetric(key)) {
      if (input.IncludeKeyMaterial !== undefined) throw keyMaterialOfSymmetricKeysOnly();
      throw rotationNotSupported();
    }
    const areAllShown = input.IncludeKeyMaterial === 'ALL_KEY_MATERIAL';
    const { items, members } = page(
      context.store.lists.of(key, 'materials', key.materials, ({ id }) => id),
      input,
      DEFAULT_LIMIT,
      ({ rotatedAt }) => areAllShown || rotatedAt !== undefined,
    );
    return { Rotations: items.map((material) => entry(key, material)), ...members };
  },
});

function entry(key: KeyRecord, material: MaterialRecord): Output {
  return {
    KeyId: key.arn,
    KeyMaterialId: material.id,
    KeyMaterialState: material.state,
    ...(key.origin === 'EXTERNAL' ? importMembers(material) : {}),
    ...(material.rotatedAt === undefined
      ? {}
      : {
          RotationDate: new Date(material.rotatedAt),
          RotationType: material.rotationType ?? 'ON_DEMAND',
        }),
  };
}

/** Deleted material has no expiry, as in the Developer Guide's example. */
function importMembers({ description, bytes, validTo }: MaterialRecord): Output {
  return {
    KeyMaterialDescription: description,
    ...(bytes === undefined
      ? { ImportState: 'PENDING_IMPORT' }
      : { ImportState: 'IMPORTED', ...expiryMembers(validTo) }),
  };
}
