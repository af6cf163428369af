import { callerIdentity } from '../keys/caller-identity';
import { BYPASS, KEY_ID, POLICY, POLICY_NAME } from './shared/common-shapes';
import { policyNotFound } from '../errors/policy-errors';
import { findKey } from '../keys/find-key';
import { assertPolicy, POLICY_NAME_DEFAULT } from '../keys/key-policy';
import { operation } from './shared/operation';

/** PutKeyPolicy. For a name other than `default` the error of GetKeyPolicy is inferred. */
export const putKeyPolicy = operation({
  types: {
    KeyId: KEY_ID,
    PolicyName: POLICY_NAME,
    Policy: { ...POLICY, required: true },
    BypassPolicyLockoutSafetyCheck: BYPASS,
  },
  run(context, input) {
    const key = findKey(context, input.KeyId, 'PutKeyPolicy');
    if ((input.PolicyName ?? POLICY_NAME_DEFAULT) !== POLICY_NAME_DEFAULT) throw policyNotFound();
    assertPolicy(input, { caller: callerIdentity(context), key, now: context.now });
    key.policy = input.Policy;
    return {};
  },
});
