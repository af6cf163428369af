import { malformedPolicy, policyLockout } from '../errors/kms-error';
import type { CallerIdentity } from './caller-identity';
import { matchesStatement, statementsOf } from './policy-statement';
import { partitionOf } from './regions';

/** The only name that a key policy can have (API reference, PutKeyPolicy). */
export const POLICY_NAME_DEFAULT = 'default';

/** Returns the policy of a key that is created without one (Developer Guide, key-policy-default). */
export function defaultKeyPolicy(region: string, accountId: string): string {
  const policy = {
    Version: '2012-10-17',
    Id: 'key-default-1',
    Statement: [
      {
        Sid: 'Enable IAM User Permissions',
        Effect: 'Allow',
        Principal: { AWS: `arn:${partitionOf(region)}:iam::${accountId}:root` },
        Action: 'kms:*',
        Resource: '*',
      },
    ],
  };
  return JSON.stringify(policy, null, 2);
}

/** The members of requests that set a key policy. */
export interface PolicyInput {
  readonly Policy?: string;
  readonly BypassPolicyLockoutSafetyCheck?: boolean;
}

/**
 * Checks a new policy of a key. Policies are evaluated only here: every caller may do everything.
 *
 * @throws {@link KmsError} MalformedPolicyDocumentException when the text is not a JSON object, or when the
 * policy would not allow the caller to change it again (API reference, PutKeyPolicy: the lockout safety check).
 * What the request does not decide, such as a condition on the caller's organization, counts as allowed.
 */
export function assertPolicy(
  { Policy: text, BypassPolicyLockoutSafetyCheck: isBypassed }: PolicyInput,
  caller: CallerIdentity,
  keyArn: string,
): void {
  if (text === undefined) return;
  const policy = parsed(text);
  if (isBypassed === true) return;
  const request = { caller, keyArn, action: 'kms:PutKeyPolicy' };
  const effects = statementsOf(policy).map(
    (statement) => [statement.Effect, matchesStatement(statement, request)] as const,
  );
  const isAllowed = effects.some(([effect, about]) => effect === 'Allow' && about !== 'no');
  const isDenied = effects.some(([effect, about]) => effect === 'Deny' && about === 'yes');
  if (!isAllowed || isDenied) throw policyLockout();
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  let policy: unknown;
  try {
    policy = JSON.parse(text);
  } catch {
    throw malformedPolicy();
  }
  if (typeof policy !== 'object' || policy === null || Array.isArray(policy)) {
    throw malformedPolicy();
  }
  return policy as Readonly<Record<string, unknown>>;
}
