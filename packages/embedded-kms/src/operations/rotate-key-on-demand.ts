import { nextAutomaticRotation } from '../keys/automatic-rotation';
import { KEY_ID } from './shared/common-shapes';
import {
  notPrimary,
  nothingPendingRotation,
  rotationInProgress,
  rotationLimit,
  rotationScheduled,
} from '../errors/kms-error';
import { findKey } from '../keys/find-key';
import { isSymmetric } from '../crypto/key-specs';
import type { Context } from '../keys/context';
import { operation } from './shared/operation';
import type { KeyRecord, RotationRecord } from '../state/records';
import { nextSymmetricMaterial } from '../keys/symmetric-key';
import { isReplica, synchronise } from '../keys/synchronise';
import { rotationNotSupported } from '../errors/usage-errors';

const MAX_ROTATIONS = 25; // Developer Guide, resource-limits: for the life of the key, not adjustable

const CONFLICT_MILLISECONDS = 20 * 60 * 1000; // API reference, ConflictException

/**
 * RotateKeyOnDemand. The new material becomes current after the rotation time; AWS takes about a minute. A
 * multi-Region key rotates on its primary, for all its Regions (Developer Guide,
 * rotating-keys-on-demand); the words in which replicas refuse are inferred.
 */
export const rotateKeyOnDemand = operation({
  types: { KeyId: KEY_ID },
  run(context, input) {
    const key = findKey(context, input.KeyId, 'RotateKeyOnDemand');
    if (!isSymmetric(key)) throw rotationNotSupported();
    if (isReplica(key)) throw notPrimary(key.arn);
    // For imported material, ConflictException on a second request is inferred.
    if (key.rotation !== undefined) throw rotationInProgress(key.arn);
    const next = nextAutomaticRotation(key);
    if (next !== undefined && next - context.now <= CONFLICT_MILLISECONDS) {
      throw rotationScheduled(key.arn);
    }
    if (key.rotationCount >= MAX_ROTATIONS) throw rotationLimit(key.arn);
    key.rotation = {
      startedAt: context.now,
      completesAt: context.now + context.rotationMilliseconds,
      ...nextMaterial(context, key),
    };
    key.rotationCount += 1;
    synchronise(context.store, key);
    return { KeyId: key.arn };
  },
});

/** Imported keys rotate to the staged material, AWS_KMS keys to generated material. */
function nextMaterial(
  { store }: Context,
  key: KeyRecord,
): Pick<RotationRecord, 'materialId' | 'generated'> {
  if (key.origin === 'EXTERNAL') {
    const pending = key.materials.find(({ state }) => state === 'PENDING_ROTATION');
    if (pending === undefined) throw nothingPendingRotation(key.arn);
    return { materialId: pending.id };
  }
  const generated = nextSymmetricMaterial(store.random, key);
  return { materialId: generated.id, generated };
}
