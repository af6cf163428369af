import { automaticRotation } from '../keys/automatic-rotation';
import { KEY_ID } from './shared/common-shapes';
import { invalidOrigin, notPrimary } from '../errors/kms-error';
import { findKey } from '../keys/find-key';
import { isSymmetric } from '../crypto/key-specs';
import { operation } from './shared/operation';
import { isReplica } from '../keys/synchronise';
import { rotationNotSupported } from '../errors/usage-errors';

const DEFAULT_PERIOD_DAYS = 365; // API reference

/** EnableKeyRotation. Imported keys never rotate by themselves (documented: key-state, note 6). */
export const enableKeyRotation = operation({
  types: {
    KeyId: KEY_ID,
    RotationPeriodInDays: { type: 'integer', min: 90, max: 2560 },
  },
  run(context, input) {
    const key = findKey(context, input.KeyId, 'EnableKeyRotation');
    if (!isSymmetric(key)) throw rotationNotSupported();
    if (key.origin === 'EXTERNAL') throw invalidOrigin(key.arn, key.origin);
    // Documented: set on the primary, for all its Regions. The words are inferred.
    if (isReplica(key)) throw notPrimary(key.arn);
    const periodInDays = input.RotationPeriodInDays ?? DEFAULT_PERIOD_DAYS;
    key.automaticRotation = automaticRotation(periodInDays, context.now);
    return {};
  },
});
