import { KmsError } from './kms-error';

/** The rules are documented (IAM User Guide, grammar and elements of policies; Developer Guide, key-policy-overview), the text is inferred. */
export function malformedPolicy(rule: string): KmsError {
  return new KmsError(
    'MalformedPolicyDocumentException',
    `Policy contains a syntax error: ${rule}.`,
  );
}

/** Third party; the rule is documented (API reference, PutKeyPolicy). */
export function policyWithoutPrincipal(): KmsError {
  return new KmsError(
    'MalformedPolicyDocumentException',
    'Policy contains a statement with no principal.',
  );
}

/** Third party; the rule is documented (API reference, PutKeyPolicy). That it is for principals of another partition is third party too. */
export function invalidPolicyPrincipals(): KmsError {
  return new KmsError(
    'MalformedPolicyDocumentException',
    'Policy contains a statement with one or more invalid principals.',
  );
}

/** Third party, with the three keys that it names. */
export function conditionKeysNotPermitted(conditionKeys: readonly string[]): KmsError {
  return new KmsError(
    'MalformedPolicyDocumentException',
    `These condition keys are not permitted in a key policy: ${conditionKeys.join(', ')}`,
  );
}

/** Third party; the check is documented (API reference, PutKeyPolicy). */
export function policyLockout(): KmsError {
  return new KmsError(
    'MalformedPolicyDocumentException',
    'The new key policy will not allow you to update the key policy in the future.',
  );
}

/** The name is documented (API reference, PutKeyPolicy), the text is inferred. */
export function policyTooLong(): KmsError {
  return new KmsError('LimitExceededException', 'The key policy is too long.');
}

/** Third party. */
export function policyNotFound(): KmsError {
  return new KmsError('NotFoundException', 'No such policy exists');
}
