import { KEY_ID } from '../common-shapes';
import { findKey } from '../find-key';
import { operation } from '../operation';

/** DisableKey. */
export const disableKey = operation({
  types: { KeyId: KEY_ID },
  run(context, input) {
    findKey(context, input.KeyId, 'DisableKey').enabled = false;
    return {};
  },
});
