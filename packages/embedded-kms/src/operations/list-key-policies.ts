import { KEY_ID, LIMIT, MARKER } from './shared/common-shapes';
import { findKey } from '../keys/find-key';
import { POLICY_NAME_DEFAULT } from '../keys/key-policy';
import { operation } from './shared/operation';

/** ListKeyPolicies: there is always exactly one. */
export const listKeyPolicies = operation({
  types: { KeyId: KEY_ID, Limit: LIMIT, Marker: MARKER },
  run(context, input) {
    findKey(context, input.KeyId, 'ListKeyPolicies');
    return { PolicyNames: [POLICY_NAME_DEFAULT], Truncated: false };
  },
});
