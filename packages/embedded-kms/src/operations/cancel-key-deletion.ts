import { KEY_ID } from './shared/common-shapes';
import { findKey } from '../keys/find-key';
import { operation } from './shared/operation';

/**
 * CancelKeyDeletion leaves a key Disabled (asserted on AWS). An EXTERNAL key without all its
 * material is PendingImport afterwards: inferred.
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
