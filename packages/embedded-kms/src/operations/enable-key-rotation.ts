import { assertRotatesByItself, automaticRotation } from '../keys/automatic-rotation';
import { findKey } from '../keys/find-key';
import { KEY_ID } from './shared/common-shapes';
import { operation } from './shared/operation';

const DEFAULT_PERIOD_DAYS = 365; // API reference

/** EnableKeyRotation. */
export const enableKeyRotation = operation({
  types: {
    KeyId: KEY_ID,
    RotationPeriodInDays: { type: 'integer', min: 90, max: 2560 },
  },
  run(context, input) {
    const key = findKey(context, input.KeyId, 'EnableKeyRotation');
    assertRotatesByItself(key);
    const periodInDays = input.RotationPeriodInDays ?? DEFAULT_PERIOD_DAYS;
    key.automaticRotation = automaticRotation(periodInDays, context.now);
    return {};
  },
});
