import { KEY_ID } from './shared/common-shapes';
import { findKey } from '../keys/find-key';
import { operation } from './shared/operation';

/** UpdateKeyDescription. */
export const updateKeyDescription = operation({
  types: {
    KeyId: KEY_ID,
    Description: { type: 'string', min: 0, max: 8192, required: true },
  },
  run(context, input) {
    findKey(context, input.KeyId, 'UpdateKeyDescription').description = input.Description;
    return {};
  },
});
