import { KEY_ID } from './shared/common-shapes';
import { findKey } from '../keys/find-key';
import { operation } from './shared/operation';

/** DisableKey. */
export const disableKey = operation({
  types: { KeyId: KEY_ID },
  run(context, input) {
    findKey(context, input.KeyId, 'DisableKey').enabled = false;
    return {};
  },
});
