import { KEY_ID } from '../common-shapes';
import { findKey } from '../find-key';
import { operation } from '../operation';

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
