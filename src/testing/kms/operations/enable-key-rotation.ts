import { automaticRotation } from '../automatic-rotation';
import { KEY_ID } from '../common-shapes';
import { invalidOrigin, notPrimary } from '../errors';
import { findKey } from '../find-key';
import { isSymmetric } from '../key-specs';
import { operation } from '../operation';
import { isReplica } from '../synchronise';
import { rotationNotSupported } from '../usage-errors';

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
