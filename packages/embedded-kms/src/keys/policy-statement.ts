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
  return NotPrincipal === undefined ? names(Principal, caller) : !spares(NotPrincipal, caller);
}

/** Whether a Principal element names a caller: everybody, its account, its role, or its session. */
function names(principal: unknown, caller: CallerIdentity): boolean {
  return (
    namesEverybody(principal) || namesAccount(principal, caller) || namesItself(principal, caller)
  );
}

/**
 * Whether a NotPrincipal element excepts a caller. An account by itself is only its root, and a role or session needs its
 * account beside it (IAM User Guide, NotPrincipal: otherwise the statement might deny the whole account).
 */
function spares(notPrincipal: unknown, caller: CallerIdentity): boolean {
  const isRoot = accountOfRoot(caller.arn) === caller.accountId;
  return (
    namesEverybody(notPrincipal) ||
    (namesAccount(notPrincipal, caller) && (isRoot || namesItself(notPrincipal, caller)))
  );
}

function namesEverybody(principal: unknown): boolean {
  return awsPrincipals(principal).includes('*');
}

function namesAccount(principal: unknown, { accountId }: CallerIdentity): boolean {
  return awsPrincipals(principal).some(
    (name) => name === accountId || accountOfRoot(name) === accountId,
  );
}

function namesItself(principal: unknown, { arn, principalArn }: CallerIdentity): boolean {
  return awsPrincipals(principal).some((name) => name === arn || name === principalArn);
}

function awsPrincipals(principal: unknown): readonly string[] {
  if (principal === '*') return [principal];
  return isObject(principal) ? textsOf(principal.AWS) : [];
}

function accountOfRoot(arn: string): string | undefined {
  return /^arn:[^:]+:iam::(?<account>\d+):root$/.exec(arn)?.groups?.account;
}

function textsOf(value: unknown): readonly string[] {
  return listOf(value).filter((text) => typeof text === 'string');
}
