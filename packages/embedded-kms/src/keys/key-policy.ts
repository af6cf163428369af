import { malformedPolicy } from '../errors/kms-error';
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

/**
 * Checks a policy. Policies are stored and returned, and never evaluated: every caller may do everything.
 *
 * @throws {@link KmsError} MalformedPolicyDocumentException when the text is not a JSON object.
 */
export function assertPolicy(text: string): void {
  let policy: unknown;
  try {
    policy = JSON.parse(text);
  } catch {
    throw malformedPolicy();
  }
  if (typeof policy !== 'object' || policy === null || Array.isArray(policy)) {
    throw malformedPolicy();
  }
}
