import { KEY_ID } from '../common-shapes';
import { findKey } from '../find-key';
import { operation } from '../operation';

/** EnableKey. */
export const enableKey = operation({
  types: { KeyId: KEY_ID },
  run(context, input) {
    findKey(context, input.KeyId, 'EnableKey').enabled = true;
    return {};
  },
});
