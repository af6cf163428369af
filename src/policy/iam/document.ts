import { listOf, memberOf } from '../property';
import { matches, patternOf } from './pattern';

/** One condition of a statement: an operator, a key, and the values that are compared with it. */
export interface Condition {
  readonly operator: string;
  /** In lower case, because the names of condition keys are not case-sensitive. */
  readonly key: string;
  readonly values: readonly string[];
}

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
  /** Services, federated and canonical users, which the rules do not judge. */
  readonly otherPrincipals: readonly string[];
  /** Whether `principals` is `*` because the statement names only exceptions. */
  readonly exceptsPrincipals: boolean;
  /** The patterns of the resources; `*` if the statement names only exceptions. */
  readonly resources: readonly string[];
  /** The patterns of the resources that it does not cover. */
  readonly exceptResources: readonly string[];
  readonly conditions: readonly Condition[];
}

/**
 * Returns the statements of a policy, which is JSON text or an object. Returns none for anything that
 * is not a policy, because AWS refuses it. Throws if a value is unknown in a preview.
 */
export function statementsOf(policy: unknown): Statement[] {
  return listOf(elementOf(parsed(policy), 'Statement')).map((statement, index) => ({
    number: index + 1,
    allows: elementOf(statement, 'Effect') === 'Allow',
    ...actionsOf(statement),
    principals: principalsOf(statement),
    otherPrincipals: otherPrincipalsOf(statement),
    exceptsPrincipals: elementOf(statement, 'NotPrincipal') !== undefined,
    ...resourcesOf(statement),
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

// Policies that AWS once accepted have elements in lower case. Not reading them would be a way around
// the rules.
function elementOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  const written = Object.keys(value).find((key) => key.toLowerCase() === name.toLowerCase());
  return written === undefined ? undefined : memberOf(value, written);
}

function texts(value: unknown): string[] {
  return listOf(value)
    .filter((item) => ['string', 'number', 'boolean'].includes(typeof item))
    .map(String);
}

// IAM User Guide, reference_policies_elements_action: * and ? are wildcards, case is ignored.
function actionsOf(statement: unknown): Pick<Statement, 'covers' | 'coversEverything'> {
  const excluded = elementOf(statement, 'NotAction');
  const patterns = texts(excluded ?? elementOf(statement, 'Action')).map((action) =>
    patternOf(action.toLowerCase()),
  );
  const named = (action: string): boolean =>
    patterns.some((pattern) => matches(pattern, action.toLowerCase()));
  return excluded === undefined
    ? { covers: named, coversEverything: named(ANY_ACTION) }
    : { covers: (action) => !named(action), coversEverything: false };
}

// An action that no policy spells out.
const ANY_ACTION = '\u{fffc}:\u{fffc}';

function principalsOf(statement: unknown): string[] {
  // Allow with NotPrincipal means everybody but the named ones.
  if (elementOf(statement, 'NotPrincipal') !== undefined) return ['*'];
  const principal = elementOf(statement, 'Principal');
  return typeof principal === 'object' && !Array.isArray(principal)
    ? [...texts(elementOf(principal, 'AWS')), ...texts(elementOf(principal, '*'))]
    : texts(principal);
}

function otherPrincipalsOf(statement: unknown): string[] {
  const principal = elementOf(statement, 'Principal');
  return ['Service', 'Federated', 'CanonicalUser'].flatMap((kind) =>
    texts(elementOf(principal, kind)),
  );
}

function resourcesOf(statement: unknown): Pick<Statement, 'resources' | 'exceptResources'> {
  const excluded = elementOf(statement, 'NotResource');
  return excluded === undefined
    ? { resources: texts(elementOf(statement, 'Resource') ?? '*'), exceptResources: [] }
    : { resources: ['*'], exceptResources: texts(excluded) };
}

function conditionsOf(statement: unknown): Condition[] {
  const conditions = elementOf(statement, 'Condition');
  return membersOf(conditions).flatMap(([operator, keys]) =>
    membersOf(keys).map(([key, values]) => ({
      operator,
      key: key.toLowerCase(),
      values: texts(values),
    })),
  );
}

function membersOf(value: unknown): [string, unknown][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.keys(value).map((name) => [name, memberOf(value, name)]);
}
