import { KEY_ID } from '../common-shapes';
import { nothingPendingRotation, rotationInProgress, rotationLimit } from '../errors';
import { findKey } from '../find-key';
import { materialId } from '../material-id';
import { operation, type Context } from '../operation';
import type { KeyRecord, RotationRecord } from '../store';

const MAX_ROTATIONS = 25; // Developer Guide, resource-limits: for the life of the key, not adjustable

/**
 * RotateKeyOnDemand. The new material becomes current when the rotation time has passed, as AWS
 * takes about a minute (kms.md 1.8).
 */
export const rotateKeyOnDemand = operation({
  types: { KeyId: KEY_ID },
  run(context, input) {
    const key = findKey(context, input.KeyId, 'RotateKeyOnDemand');
    // That a second request meets ConflictException also for imported material is inferred.
    if (key.rotation !== undefined) throw rotationInProgress(key.arn);
    if (key.rotationCount >= MAX_ROTATIONS) throw rotationLimit(key.arn);
    key.rotation = {
      startedAt: context.now,
      completesAt: context.now + context.rotationMilliseconds,
      ...nextMaterial(context, key),
    };
    key.rotationCount += 1;
    return { KeyId: key.arn };
  },
});

/** Imported keys rotate to the staged material; AWS_KMS keys to one that is made here. */
function nextMaterial(
  { store }: Context,
  key: KeyRecord,
): Pick<RotationRecord, 'materialId' | 'generated'> {
  if (key.origin === 'EXTERNAL') {
    const pending = key.materials.find(({ state }) => state === 'PENDING_ROTATION');
    if (pending === undefined) throw nothingPendingRotation(key.arn);
    return { materialId: pending.id };
  }
  const bytes = store.random(32);
  const id = materialId(key.id, bytes);
  return {
    materialId: id,
    generated: { id, bytes: bytes.toString('base64'), state: 'PENDING_ROTATION' },
  };
}
