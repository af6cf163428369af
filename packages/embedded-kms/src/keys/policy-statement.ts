import type { CallerIdentity } from './caller-identity';
import { matchesConditions, type Verdict } from './policy-condition';
import type { Statement } from './policy-document';
import { isObject, listOf } from './policy-json';
import { matchesArn, matchesPattern } from './policy-pattern';
import type { PolicyRequest } from './policy-request';

const ACTION = 'kms:putkeypolicy';

/** Whether a statement is about a request (IAM User Guide, Policy elements). */
export function matchesStatement(statement: Statement, request: PolicyRequest): Verdict {
  const isAbout =
    matchesPrincipal(statement, request.caller) &&
    matchesElement(statement, 'Action', (pattern) =>
      matchesPattern(pattern.toLowerCase(), ACTION),
    ) &&
    matchesElement(statement, 'Resource', (pattern) => matchesArn(pattern, request.key.arn));
  return isAbout ? matchesConditions(statement.Condition, request) : 'no';
}

/** A statement without the element has no effect (API reference, PutKeyPolicy). */
function matchesElement(
  statement: Statement,
  name: 'Action' | 'Resource',
  matches: (pattern: string) => boolean,
): boolean {
  const excluded = statement[`Not${name}`];
  return excluded === undefined
    ? textsOf(statement[name]).some(matches)
    : !textsOf(excluded).some(matches);
}

function matchesPrincipal({ Principal, NotPrincipal }: Statement, caller: CallerIdentity): boolean {
  if (NotPrincipal !== undefined) return !names(NotPrincipal, caller);
  return names(Principal, caller);
}

/** Whether a Principal element names a caller: everybody, its account, its role, or its session. */
function names(principal: unknown, { arn, principalArn, accountId }: CallerIdentity): boolean {
  if (principal === '*') return true;
  if (!isObject(principal)) return false;
  return textsOf(principal.AWS).some(
    (name) =>
      ['*', accountId, arn, principalArn].includes(name) || accountOfRoot(name) === accountId,
  );
}

function accountOfRoot(arn: string): string | undefined {
  return /^arn:[^:]+:iam::(?<account>\d+):root$/.exec(arn)?.groups?.account;
}

function textsOf(value: unknown): readonly string[] {
  return listOf(value).filter((text) => typeof text === 'string');
}
