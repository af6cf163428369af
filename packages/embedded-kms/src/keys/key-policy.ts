import {
  malformedPolicy,
  policyLockout,
  policyTooLong,
  policyWithoutPrincipal,
} from '../errors/policy-errors';
import { readStatements, type Statement } from './policy-document';
import { principalsIn } from './policy-principal';
import type { PolicyRequest } from './policy-request';
import { matchesStatement } from './policy-statement';
import { partitionOf } from './regions';

/** The only name that a key policy can have (API reference, PutKeyPolicy). */
export const POLICY_NAME_DEFAULT = 'default';

/** By the ARN of the account. Most keys of a test have this policy, and a text for each took half of their memory. */
const defaultPolicies = new Map<string, string>();

/** Returns the policy of a key that is created without one (Developer Guide, key-policy-default). */
export function defaultKeyPolicy(region: string, accountId: string): string {
  const root = `arn:${partitionOf(region)}:iam::${accountId}:root`;
  let policy = defaultPolicies.get(root);
  if (policy === undefined) {
    policy = policyOfAccount(root);
    defaultPolicies.set(root, policy);
  }
  return policy;
}

function policyOfAccount(root: string): string {
  const policy = {
    Version: '2012-10-17',
    Id: 'key-default-1',
    Statement: [
      {
        Sid: 'Enable IAM User Permissions',
        Effect: 'Allow',
        Principal: { AWS: root },
        Action: 'kms:*',
        Resource: '*',
      },
    ],
  };
  return JSON.stringify(policy, null, 2);
}

// The service model; older editions of the documentation say 32,768 bytes.
const MAX_POLICY = 131_072;

/** The members of requests that set a key policy. */
export interface PolicyInput {
  readonly Policy?: string;
  readonly BypassPolicyLockoutSafetyCheck?: boolean;
}

/**
 * Checks a new policy of a key. Policies are evaluated only here: every caller may do everything.
 *
 * @throws {@link KmsError} LimitExceededException when the policy is too long; MalformedPolicyDocumentException when the policy breaks the grammar, or would not allow the
 * caller to change it again (API reference, PutKeyPolicy: the lockout safety check). What the request does not decide,
 * such as a condition on the caller's organization, counts as allowed.
 */
export function assertPolicy(
  { Policy: text, BypassPolicyLockoutSafetyCheck: isBypassed }: PolicyInput,
  request: PolicyRequest,
): void {
  if (text === undefined) return;
  if (text.length > MAX_POLICY) throw policyTooLong();
  const statements = readStatements(text, partitionOf(request.key.region));
  if (isBypassed !== true && isLockedOut(statements, request)) throw policyLockout();
  // After the lockout, whose words are quoted for policies without any statement or principal.
  if (statements.length === 0) throw malformedPolicy('it must have at least one Statement');
  if (!statements.every(hasPrincipal)) throw policyWithoutPrincipal();
}

function isLockedOut(statements: readonly Statement[], request: PolicyRequest): boolean {
  const effects = statements.map(
    (statement) => [statement.Effect, matchesStatement(statement, request)] as const,
  );
  const isAllowed = effects.some(([effect, about]) => effect === 'Allow' && about !== 'no');
  const isDenied = effects.some(([effect, about]) => effect === 'Deny' && about === 'yes');
  return !isAllowed || isDenied;
}

function hasPrincipal({ Principal, NotPrincipal }: Statement): boolean {
  return principalsIn(Principal ?? NotPrincipal).length > 0;
}
