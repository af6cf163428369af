import { KEY_ID, LIMIT, MARKER } from './shared/common-shapes';
import { findKey } from '../keys/find-key';
import { POLICY_NAME_DEFAULT } from '../keys/key-policy';
import { operation } from './shared/operation';
import { assertNoMarker } from './shared/paging';

/** ListKeyPolicies: there is always exactly one, so no marker is valid (inferred). */
export const listKeyPolicies = operation({
  types: { KeyId: KEY_ID, Limit: LIMIT, Marker: MARKER },
  run(context, input) {
    findKey(context, input.KeyId, 'ListKeyPolicies');
    assertNoMarker(input);
    return { PolicyNames: [POLICY_NAME_DEFAULT], Truncated: false };
  },
});
