import type { KeyRecord } from '../state/records';
import type { CallerIdentity } from './caller-identity';
import { isReplica } from './synchronise';

/** The key whose policy is set. It may not exist yet. */
export type PolicyKey = Pick<
  KeyRecord,
  'arn' | 'accountId' | 'region' | 'origin' | 'keySpec' | 'keyUsage' | 'multiRegion'
>;

/** The next PutKeyPolicy of a caller, which its new policy must allow. */
export interface PolicyRequest {
  readonly caller: CallerIdentity;
  readonly key: PolicyKey;
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * The value of a condition key in a request, whose name is in lower case: a text, `absent` when the request does not
 * have it, or `undecided` when this server cannot know it, such as the organization of the caller.
 */
export type ConditionValue = { readonly text: string } | 'absent' | 'undecided';

/** Returns the value of a condition key in the request (IAM User Guide and Developer Guide, condition keys). */
export function conditionValue(name: string, request: PolicyRequest): ConditionValue {
  const text = valuesOf(request).get(name);
  if (text !== undefined) return { text };
  // The others of KMS are about services, grants, encryption contexts and parameters that PutKeyPolicy does not have.
  const isAbsent =
    name.startsWith('kms:') || name.startsWith('aws:requesttag/') || ABSENT.has(name);
  return isAbsent ? 'absent' : 'undecided';
}

/** Of requests by services or on behalf of somebody, of requests with tags, and of users, who do not exist here. */
const ABSENT: ReadonlySet<string> = new Set([
  'aws:calledvia',
  'aws:calledviafirst',
  'aws:calledvialast',
  'aws:principalservicename',
  'aws:principalservicenameslist',
  'aws:sourceaccount',
  'aws:sourcearn',
  'aws:sourceorgid',
  'aws:sourceorgpaths',
  'aws:tagkeys',
  'aws:username',
]);

function valuesOf({ caller, key, now }: PolicyRequest): ReadonlyMap<string, string> {
  const isRole = caller.arn !== caller.principalArn;
  return new Map([
    ['aws:currenttime', new Date(now).toISOString()],
    ['aws:epochtime', String(Math.floor(now / 1000))],
    ['aws:principalaccount', caller.accountId],
    ['aws:principalarn', caller.principalArn],
    ['aws:principalisawsservice', 'false'],
    ['aws:principaltype', isRole ? 'AssumedRole' : 'Account'],
    ['aws:requestedregion', key.region],
    ['aws:resourceaccount', key.accountId],
    ['aws:securetransport', 'true'], // AWS serves KMS only over TLS
    ['aws:userid', caller.userId],
    ['aws:viaawsservice', 'false'],
    ['kms:bypasspolicylockoutsafetycheck', 'false'],
    ['kms:calleraccount', caller.accountId],
    // The deprecated names of the next two (Developer Guide, conditions-kms).
    ['kms:customermasterkeyspec', key.keySpec],
    ['kms:customermasterkeyusage', key.keyUsage],
    ['kms:keyspec', key.keySpec],
    ['kms:keyusage', key.keyUsage],
    ['kms:keyorigin', key.origin],
    ['kms:multiregion', String(key.multiRegion !== undefined)],
    ...(key.multiRegion === undefined
      ? []
      : [['kms:multiregionkeytype', isReplica(key) ? 'REPLICA' : 'PRIMARY'] as const]),
  ]);
}
