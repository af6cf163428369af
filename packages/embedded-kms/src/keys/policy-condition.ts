import type { CallerIdentity } from './caller-identity';
import { matchesPattern } from './policy-pattern';

/** `undecided`: the request does not say, for example for a condition on the organization of the caller. */
export type Verdict = 'yes' | 'no' | 'undecided';

/**
 * Compares the conditions of a statement with a request of a caller (IAM User Guide, Condition operators).
 * Operators for texts, ARNs and booleans are decided, for the keys that {@link valuesOf} knows.
 */
export function matchesConditions(conditions: unknown, caller: CallerIdentity): Verdict {
  if (typeof conditions !== 'object' || conditions === null) return 'yes';
  let verdict: Verdict = 'yes';
  for (const [operator, pairs] of Object.entries(conditions)) {
    for (const [key, values] of Object.entries((pairs ?? {}) as object)) {
      const one = matchesCondition(operator, key, values, caller);
      if (one === 'no') return 'no';
      if (one === 'undecided') verdict = one;
    }
  }
  return verdict;
}

const OPERATOR =
  /^(?:String(?<text>Equals|NotEquals|EqualsIgnoreCase|NotEqualsIgnoreCase|Like|NotLike)|Arn(?<arn>Equals|Like|NotEquals|NotLike)|(?<bool>Bool))(?<ifExists>IfExists)?$/;

function matchesCondition(
  operator: string,
  key: string,
  values: unknown,
  caller: CallerIdentity,
): Verdict {
  const groups = OPERATOR.exec(operator)?.groups;
  const name = key.toLowerCase();
  const value = valuesOf(caller).get(name);
  // Calls of other services, grants and encryption contexts are not part of PutKeyPolicy.
  const isDecided = value !== undefined || name.startsWith('kms:');
  if (groups === undefined || !isDecided) return 'undecided';
  const kind = groups.text ?? groups.arn ?? 'Equals';
  const isNegated = kind.startsWith('Not');
  // A key that the request does not have matches negated operators and those with IfExists only.
  if (value === undefined) return isNegated || groups.ifExists !== undefined ? 'yes' : 'no';
  const ignoresCase = groups.bool !== undefined || kind.endsWith('IgnoreCase');
  const hasPatterns = groups.arn !== undefined || kind.endsWith('Like');
  const normalise = (text: string) => (ignoresCase ? text.toLowerCase() : text);
  const matches = (Array.isArray(values) ? values : [values]).some((each: unknown) => {
    const expected = normalise(String(each));
    return hasPatterns ? matchesPattern(expected, normalise(value)) : expected === normalise(value);
  });
  return matches === isNegated ? 'no' : 'yes';
}

/** The values of condition keys, whose names are in lower case. */
function valuesOf({ arn, accountId }: CallerIdentity): ReadonlyMap<string, string> {
  const principal = arn.replace(/:sts::(\d+):assumed-role\/([^/]+)\/.*$/, ':iam::$1:role/$2');
  return new Map([
    ['kms:calleraccount', accountId],
    ['aws:principalaccount', accountId],
    ['aws:principalarn', principal],
    ['kms:bypasspolicylockoutsafetycheck', 'false'],
  ]);
}
