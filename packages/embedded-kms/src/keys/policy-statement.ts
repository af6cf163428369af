import type { CallerIdentity } from './caller-identity';
import { matchesConditions, type Verdict } from './policy-condition';
import { matchesPattern } from './policy-pattern';

/** The request that a statement is compared with. */
export interface PolicyRequest {
  readonly caller: CallerIdentity;
  readonly action: string;
  readonly keyArn: string;
}

type Statement = Readonly<Record<string, unknown>>;

/** The statements of a key policy. Things of another type are no statements. */
export function statementsOf(policy: Readonly<Record<string, unknown>>): readonly Statement[] {
  return listOf(policy.Statement).filter(isRecord);
}

/** Whether a statement is about a request (IAM User Guide, Policy elements). */
export function matchesStatement(statement: Statement, request: PolicyRequest): Verdict {
  const isAbout =
    matchesPrincipal(statement, request.caller) &&
    matchesElement(statement, 'Action', request.action.toLowerCase(), lowerCase) &&
    matchesElement(statement, 'Resource', request.keyArn, asItIs);
  return isAbout ? matchesConditions(statement.Condition, request.caller) : 'no';
}

const lowerCase = (text: string) => text.toLowerCase();
const asItIs = (text: string) => text;

/** A policy without the element applies to everything, for Resource: inferred. */
function matchesElement(
  statement: Statement,
  name: 'Action' | 'Resource',
  value: string,
  normalise: (pattern: string) => string,
): boolean {
  const matches = (patterns: unknown) =>
    textsOf(patterns).some((pattern) => matchesPattern(normalise(pattern), value));
  if (statement[`Not${name}`] !== undefined) return !matches(statement[`Not${name}`]);
  if (statement[name] === undefined) return name === 'Resource';
  return matches(statement[name]);
}

function matchesPrincipal({ Principal, NotPrincipal }: Statement, caller: CallerIdentity): boolean {
  if (NotPrincipal !== undefined) return !names(NotPrincipal, caller);
  return names(Principal, caller);
}

/** Whether a Principal element names a caller: everybody, its account, or itself. */
function names(principal: unknown, caller: CallerIdentity): boolean {
  if (principal === '*') return true;
  if (!isRecord(principal)) return false;
  const { arn, accountId } = caller;
  const role = /^arn:(?<partition>[^:]+):sts::\d+:assumed-role\/(?<role>[^/]+)\//.exec(arn)?.groups;
  return textsOf(principal.AWS).some((name) => {
    if (name === '*' || name === accountId || name === arn) return true;
    const iam = /^arn:[^:]+:iam::(?<account>\d+):(?<resource>.+)$/.exec(name)?.groups;
    if (iam?.account !== accountId) return false;
    // The ARN of a session does not contain the path of its role.
    return (
      iam.resource === 'root' || (role !== undefined && roleNameIn(iam.resource) === role.role)
    );
  });
}

function roleNameIn(resource = ''): string | undefined {
  return /^role\/(?:.+\/)?([^/]+)$/.exec(resource)?.[1];
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

function textsOf(value: unknown): readonly string[] {
  return listOf(value).filter((text) => typeof text === 'string');
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
