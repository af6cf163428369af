import type { KeyRecord } from '../state/store';
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
  // The others are about services, grants, encryption contexts and parameters that PutKeyPolicy does not have.
  return name.startsWith('kms:') ? 'absent' : 'undecided';
}

function valuesOf({ caller, key, now }: PolicyRequest): ReadonlyMap<string, string> {
  const isRole = caller.arn !== caller.principalArn;
  return new Map([
    ['aws:currenttime', new Date(now).toISOString()],
    ['aws:epochtime', String(Math.floor(now / 1000))],
    ['aws:principalaccount', caller.accountId],
    ['aws:principalarn', caller.principalArn],
    ['aws:principaltype', isRole ? 'AssumedRole' : 'Account'],
    ['aws:requestedregion', key.region],
    ['aws:resourceaccount', key.accountId],
    ['aws:userid', caller.userId],
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
