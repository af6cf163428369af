import { DESCRIPTION, KEY_ID } from './shared/common-shapes';
import { findKey } from '../keys/find-key';
import { operation } from './shared/operation';

/** UpdateKeyDescription. */
export const updateKeyDescription = operation({
  types: {
    KeyId: KEY_ID,
    Description: { ...DESCRIPTION, required: true },
  },
  run(context, input) {
    findKey(context, input.KeyId, 'UpdateKeyDescription').description = input.Description;
    return {};
  },
});
