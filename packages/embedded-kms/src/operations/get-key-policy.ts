import { KEY_ID, POLICY_NAME } from './shared/common-shapes';
import { policyNotFound } from '../errors/policy-errors';
import { findKey } from '../keys/find-key';
import { POLICY_NAME_DEFAULT } from '../keys/key-policy';
import { operation } from './shared/operation';

/** GetKeyPolicy: returns the text exactly as it was put. */
export const getKeyPolicy = operation({
  types: { KeyId: KEY_ID, PolicyName: POLICY_NAME },
  run(context, input) {
    const key = findKey(context, input.KeyId, 'GetKeyPolicy');
    const name = input.PolicyName ?? POLICY_NAME_DEFAULT;
    if (name !== POLICY_NAME_DEFAULT) throw policyNotFound();
    return { Policy: key.policy, PolicyName: name };
  },
});
