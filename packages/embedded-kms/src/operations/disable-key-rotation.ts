import { assertRotatesByItself } from '../keys/automatic-rotation';
import { findKey } from '../keys/find-key';
import { KEY_ID } from './shared/common-shapes';
import { operation } from './shared/operation';

/** DisableKeyRotation. It refuses what EnableKeyRotation refuses. */
export const disableKeyRotation = operation({
  types: { KeyId: KEY_ID },
  run(context, input) {
    const key = findKey(context, input.KeyId, 'DisableKeyRotation');
    assertRotatesByItself(key);
    key.automaticRotation = undefined;
    return {};
  },
});
