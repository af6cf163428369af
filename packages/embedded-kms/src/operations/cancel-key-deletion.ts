import { KEY_ID } from './shared/common-shapes';
import { findKey } from '../keys/find-key';
import { operation } from './shared/operation';

/**
 * CancelKeyDeletion leaves a key Disabled (confirmed on AWS). An EXTERNAL key without all of its material
 * becomes PendingImport: inferred.
 */
export const cancelKeyDeletion = operation({
  types: { KeyId: KEY_ID },
  run(context, input) {
    const key = findKey(context, input.KeyId, 'CancelKeyDeletion');
    key.deletion = undefined;
    key.enabled = false;
    return { KeyId: key.arn };
  },
});
