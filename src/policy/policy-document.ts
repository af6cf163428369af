import { listOf, memberOf } from './property';

/** One statement of a key policy or an IAM policy. */
export interface Statement {
  /** Position in the policy, from 1. A `Sid` is not shown, because it could be anything. */
  readonly number: number;
  readonly allows: boolean;
  /** Whether it covers an action such as `kms:ImportKeyMaterial`. */
  readonly covers: (action: string) => boolean;
  /** Whether it covers every action of every service. */
  readonly coversEverything: boolean;
  /** `*` for everybody, ARNs and account IDs of AWS principals; empty in an IAM policy. */
  readonly principals: readonly string[];
  /** The resources; `*` also if the statement names only exceptions. */
  readonly resources: readonly string[];
  /** Lower-case names of the condition keys that restrict the statement to given values. */
  readonly conditions: readonly string[];
}

/**
 * Returns the statements of a policy, which is JSON text or an object. Returns none for anything that
 * is not a policy, because AWS refuses it. Throws if a value is unknown in a preview.
 */
export function statementsOf(policy: unknown): Statement[] {
  return listOf(memberOf(parsed(policy), 'Statement')).map((statement, index) => ({
    number: index + 1,
    allows: memberOf(statement, 'Effect') === 'Allow',
    covers: actionMatcher(statement),
    coversEverything: texts(memberOf(statement, 'Action')).includes('*'),
    principals: principalsOf(statement),
    resources:
      memberOf(statement, 'NotResource') === undefined
        ? texts(memberOf(statement, 'Resource'))
        : ['*'],
    conditions: conditionsOf(statement),
  }));
}

function parsed(policy: unknown): unknown {
  if (typeof policy !== 'string') return policy;
  try {
    return JSON.parse(policy) as unknown;
  } catch {
    return undefined;
  }
}

function texts(value: unknown): string[] {
  return listOf(value).filter((item): item is string => typeof item === 'string');
}

function actionMatcher(statement: unknown): (action: string) => boolean {
  const excluded = memberOf(statement, 'NotAction');
  const patterns = texts(excluded ?? memberOf(statement, 'Action')).map(patternOf);
  const matches = (action: string): boolean => patterns.some((pattern) => pattern.test(action));
  return excluded === undefined ? matches : (action) => !matches(action);
}

// IAM User Guide, reference_policies_elements_action: * and ? are wildcards, case is ignored.
function patternOf(action: string): RegExp {
  const escaped = action.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 'i');
}

function principalsOf(statement: unknown): string[] {
  // Allow with NotPrincipal means everybody but the named ones.
  if (memberOf(statement, 'NotPrincipal') !== undefined) return ['*'];
  const principal = memberOf(statement, 'Principal');
  return typeof principal === 'string' ? [principal] : texts(memberOf(principal, 'AWS'));
}

// Operators that match only requests with one of the values.
const RESTRICTING =
  /^(?:ForAnyValue:)?(?:StringEquals|StringEqualsIgnoreCase|StringLike|ArnEquals|ArnLike)$/i;

function conditionsOf(statement: unknown): string[] {
  const conditions = memberOf(statement, 'Condition');
  if (typeof conditions !== 'object' || conditions === null) return [];
  return Object.keys(conditions)
    .filter((operator) => RESTRICTING.test(operator))
    .flatMap((operator) => {
      const keys = memberOf(conditions, operator);
      if (typeof keys !== 'object' || keys === null) return [];
      return Object.keys(keys).filter((key) => !texts(memberOf(keys, key)).includes('*'));
    })
    .map((key) => key.toLowerCase());
}
