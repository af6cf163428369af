import { conditionKeysNotPermitted, malformedPolicy } from '../errors/policy-errors';
import { isObject, listOf, readObject, type JsonObject } from './policy-json';
import { conditionOperator } from './policy-operator';
import { assertPrincipalsExist, PRINCIPAL_TYPES } from './policy-principal';

/** A statement of a key policy that keeps to the grammar. */
export type Statement = JsonObject;

const ELEMENTS = ['Version', 'Id', 'Statement'];
const VERSIONS: readonly unknown[] = ['2008-10-17', '2012-10-17'];
const STATEMENT_ELEMENTS = [
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
];
const ALTERNATIVES = ['Principal', 'Action', 'Resource'] as const;

const ACTION = /^(?:\*|[\w*?.-]+:[\w*?]+)$/;
const RESOURCE = /^(?:\*|arn:.+)$/s;

// Third party. The Developer Guide lists them as keys of IAM policies only.
const NOT_PERMITTED: readonly string[] = [
  'aws:resourcetag',
  'kms:resourcetag',
  'kms:resourcealiases',
];

/**
 * Reads a key policy by the documented grammar (IAM User Guide, grammar of policies and the pages of their elements).
 * A policy without Version is accepted, because the grammar does not require it. So is a statement without Action or
 * Resource, which has no effect (API reference, PutKeyPolicy).
 *
 * @param partition - that of the key, to which principals must belong
 * @returns the statements; there may be none, and each may lack its principal, which is checked after the lockout
 * @throws {@link KmsError} MalformedPolicyDocumentException
 */
export function readStatements(text: string, partition: string): readonly Statement[] {
  const policy = readObject(text);
  assertElements(policy, ELEMENTS);
  const { Version: version = VERSIONS[0], Id: id = '' } = policy;
  assert(VERSIONS.includes(version), 'Version must be 2012-10-17 or 2008-10-17');
  assert(typeof id === 'string', 'Id must be a string');
  const statements = listOf(policy.Statement).map((statement) => {
    assert(isObject(statement), 'each Statement must be an object');
    assertStatement(statement);
    return statement;
  });
  // An empty Sid counts as none: inferred, because common tools write it.
  const ids = statements.map(({ Sid: sid }) => sid).filter(Boolean);
  assert(new Set(ids).size === ids.length, 'each Sid must be unique');
  for (const { Principal, NotPrincipal } of statements) {
    assertPrincipalsExist(Principal, partition);
    assertPrincipalsExist(NotPrincipal, partition);
  }
  const keys = statements.flatMap(({ Condition }) => conditionKeysIn(Condition));
  const refused = keys.filter((key) =>
    NOT_PERMITTED.includes(key.toLowerCase().split('/')[0] ?? ''),
  );
  if (refused.length > 0) throw conditionKeysNotPermitted([...new Set(refused)]);
  return statements;
}

function assertStatement(statement: JsonObject): void {
  assertElements(statement, STATEMENT_ELEMENTS);
  const { Effect: effect, Sid: sid = 'none', Condition: condition = {} } = statement;
  assert(effect === 'Allow' || effect === 'Deny', 'Effect must be Allow or Deny');
  assert(typeof sid === 'string', 'Sid must be a string');
  for (const name of ALTERNATIVES) {
    const isTwice = statement[name] !== undefined && statement[`Not${name}`] !== undefined;
    assert(!isTwice, `a statement cannot have both ${name} and Not${name}`);
    const isPrincipal = name === 'Principal';
    for (const element of [name, `Not${name}`]) {
      if (statement[element] === undefined) continue;
      if (isPrincipal) assertPrincipal(statement[element], element);
      else assertPatterns(statement[element], element, name === 'Action' ? ACTION : RESOURCE);
    }
  }
  assert(
    statement.NotPrincipal === undefined || effect === 'Deny',
    'NotPrincipal must be used with Effect Deny',
  );
  assertCondition(condition);
}

function assertPrincipal(principal: unknown, element: string): void {
  if (principal === '*') return;
  assert(isObject(principal), `${element} must be "*" or an object`);
  assertElements(principal, PRINCIPAL_TYPES);
  const names = Object.values(principal).flatMap(listOf);
  assert(names.every(isText), `${element} must name principals by strings`);
}

function assertPatterns(values: unknown, element: string, form: RegExp): void {
  const what = form === ACTION ? 'actions, such as kms:Decrypt' : 'ARNs';
  const areRight = listOf(values).every((value) => isText(value) && form.test(value));
  assert(areRight, `${element} must be "*" or ${what}`);
}

function assertCondition(condition: unknown): void {
  assert(isObject(condition), 'Condition must be an object');
  for (const [operator, pairs] of Object.entries(condition)) {
    assert(conditionOperator(operator) !== undefined, 'Condition has an unknown operator');
    assert(isObject(pairs), 'each operator of a Condition must have an object');
    const values = Object.values(pairs).flatMap(listOf);
    assert(values.every(isScalar), 'values of a Condition must be strings, numbers or booleans');
  }
}

function conditionKeysIn(condition: unknown): string[] {
  return isObject(condition)
    ? Object.values(condition).flatMap((pairs) => Object.keys(pairs as JsonObject))
    : [];
}

function assertElements(object: JsonObject, known: readonly string[]): void {
  for (const name of Object.keys(object)) assert(known.includes(name), 'it has an unknown element');
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isScalar(value: unknown): boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

function assert(holds: boolean, rule: string): asserts holds {
  if (!holds) throw malformedPolicy(rule);
}
