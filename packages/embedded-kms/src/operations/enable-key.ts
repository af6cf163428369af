import { KEY_ID } from './shared/common-shapes';
import { findKey } from '../keys/find-key';
import { operation } from './shared/operation';

/** EnableKey. */
export const enableKey = operation({
  types: { KeyId: KEY_ID },
  run(context, input) {
    findKey(context, input.KeyId, 'EnableKey').enabled = true;
    return {};
  },
});
