import { conditionOperator, type ConditionOperator } from './policy-operator';
import { listOf, type JsonObject } from './policy-json';
import { matchesArn, matchesPattern } from './policy-pattern';
import { conditionValue, type PolicyRequest } from './policy-request';

/** `undecided`: the request does not say, for example for a condition on the organization of the caller. */
export type Verdict = 'yes' | 'no' | 'undecided';

/** Compares the conditions of a statement with a request (IAM User Guide, Condition operators). */
export function matchesConditions(conditions: unknown, request: PolicyRequest): Verdict {
  let verdict: Verdict = 'yes';
  for (const [operator, pairs] of Object.entries((conditions ?? {}) as JsonObject)) {
    for (const [key, values] of Object.entries(pairs as JsonObject)) {
      const one = matchesCondition(operator, key, listOf(values).map(String), request);
      if (one === 'no') return 'no';
      if (one === 'undecided') verdict = one;
    }
  }
  return verdict;
}

function matchesCondition(
  operatorName: string,
  key: string,
  values: readonly string[],
  request: PolicyRequest,
): Verdict {
  const operator = conditionOperator(operatorName);
  const value = conditionValue(key.toLowerCase(), request);
  if (operator === undefined || value === 'undecided') return 'undecided';
  if (operator.type === 'Null') {
    const isAbsent = String(value === 'absent');
    return verdictOf(values.some((expected) => expected.toLowerCase() === isAbsent));
  }
  if (value === 'absent') return verdictOf(matchesAbsent(operator));
  // Variables such as ${aws:username} are replaced on AWS.
  if (values.some((expected) => expected.includes('${'))) return 'undecided';
  const results = values.map((expected) => compare(operator, expected, value.text));
  if (results.includes(undefined)) return 'undecided';
  return verdictOf(results.includes(true) !== operator.isNegated);
}

function verdictOf(matches: boolean): Verdict {
  return matches ? 'yes' : 'no';
}

/** Whether a condition on a key that the request does not have is fulfilled. */
function matchesAbsent({ ofSet, ifExists, isNegated }: ConditionOperator): boolean {
  if (ofSet === 'ForAnyValue') return ifExists;
  return isNegated || ifExists || ofSet === 'ForAllValues';
}

/** @returns undefined when the values cannot be compared */
function compare(
  { type, comparison }: ConditionOperator,
  expected: string,
  actual: string,
): boolean | undefined {
  switch (type) {
    case 'Bool':
      return expected.toLowerCase() === actual.toLowerCase();
    case 'String':
      if (comparison === 'Like') return matchesPattern(expected, actual);
      return comparison === 'Equals'
        ? expected === actual
        : expected.toLowerCase() === actual.toLowerCase();
    case 'Arn':
      return matchesArn(expected, actual);
    case 'Numeric':
      return compareNumbers(comparison, Number(expected), Number(actual));
    case 'Date':
      return compareNumbers(comparison, instantOf(expected), instantOf(actual));
    case 'Binary':
    case 'IpAddress':
    case 'Null':
      return undefined;
  }
}

function compareNumbers(
  comparison: ConditionOperator['comparison'],
  expected: number,
  actual: number,
): boolean | undefined {
  if (Number.isNaN(expected) || Number.isNaN(actual)) return undefined;
  switch (comparison) {
    case 'LessThan':
      return actual < expected;
    case 'LessThanEquals':
      return actual <= expected;
    case 'GreaterThan':
      return actual > expected;
    case 'GreaterThanEquals':
      return actual >= expected;
    case 'Equals':
    case 'EqualsIgnoreCase':
    case 'Like':
    case 'Matches':
      return actual === expected;
  }
}

/** Epoch milliseconds of a date in ISO 8601, or of epoch seconds. */
function instantOf(text: string): number {
  return /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text);
}
