import { KEY_ID, POLICY, POLICY_NAME } from '../common-shapes';
import { policyNotFound } from '../errors';
import { findKey } from '../find-key';
import { assertPolicy, POLICY_NAME_DEFAULT } from '../key-policy';
import { operation } from '../operation';

/** PutKeyPolicy. That another name than `default` gets GetKeyPolicy's error is inferred. */
export const putKeyPolicy = operation({
  types: { KeyId: KEY_ID, PolicyName: POLICY_NAME, Policy: { ...POLICY, required: true } },
  run(context, input) {
    const key = findKey(context, input.KeyId, 'PutKeyPolicy');
    if ((input.PolicyName ?? POLICY_NAME_DEFAULT) !== POLICY_NAME_DEFAULT) throw policyNotFound();
    assertPolicy(input.Policy);
    key.policy = input.Policy;
    return {};
  },
});
