import { coversKey } from '../iam/openness';
import { arnPatternOf, matches, overlap } from '../iam/pattern';
import type { Grant, GrantContext, Grantee } from './grants';
import type { KeyIdentity } from './key-index';
import { isName, kindAndName, withoutPath, type PrincipalIdentity } from './principal-index';

/** Two grants, or one, that together let a principal both import and use a key. */
export interface Conflict {
  readonly importing: Grant;
  readonly using: Grant;
  /** Whether the rule cannot tell if the two have a principal in common. */
  readonly isUncertain: boolean;
}

/**
 * Finds the grants that let a principal both import and use one of the keys. Compares only grants on
 * the same key, or to the same principal, so the time grows with the number of grants.
 */
export function* conflictsAmong(
  grants: readonly Grant[],
  context: GrantContext,
): Iterable<Conflict> {
  const relations = new Relations(context);
  const coverage = new Coverage(context);
  const wide = new Grants(grants.filter(({ keys }) => keys.kind === 'many'));
  const onKey = new Map<KeyIdentity, Grant[]>();
  for (const grant of grants) {
    if (grant.keys.kind !== 'one' || !context.imported.has(grant.keys.key)) continue;
    const same = onKey.get(grant.keys.key);
    if (same === undefined) onKey.set(grant.keys.key, [grant]);
    else same.push(grant);
  }
  for (const [key, list] of onKey) {
    const own = new Grants(list);
    for (const [one, other] of [...own.pairs(), ...own.pairsWith(wide)]) {
      if (areOpposed(one, other) && coverage.has(one, key) && coverage.has(other, key)) {
        yield* relations.compare(one, other);
      }
    }
  }
  for (const [one, other] of wide.pairs()) {
    if (areOpposed(one, other) && coverage.haveCommonKey(one, other)) {
      yield* relations.compare(one, other);
    }
  }
}

/** Grants by principal, so that those of different principals are not compared. */
class Grants {
  readonly #byPrincipal = new Map<PrincipalIdentity, Grant[]>();
  readonly #ofMany: Grant[] = [];
  readonly #all: readonly Grant[];

  constructor(grants: readonly Grant[]) {
    this.#all = grants;
    for (const grant of grants) {
      // An ARN in another policy may be that of the name.
      if (grant.grantee.kind !== 'one' || isName(grant.grantee.identity)) {
        this.#ofMany.push(grant);
        continue;
      }
      const principal = withoutPath(grant.grantee.identity);
      const same = this.#byPrincipal.get(principal);
      if (same === undefined) this.#byPrincipal.set(principal, [grant]);
      else same.push(grant);
    }
  }

  /** Pairs of these grants, each grant with itself too, that may have a principal in common. */
  *pairs(): Iterable<readonly [Grant, Grant]> {
    for (const list of this.#byPrincipal.values()) {
      for (const [index, one] of list.entries()) {
        for (const other of list.slice(index)) yield [one, other];
      }
    }
    for (const [index, one] of this.#ofMany.entries()) {
      for (const other of this.#ofMany.slice(index)) yield [one, other];
      for (const list of this.#byPrincipal.values()) {
        for (const other of list) yield [one, other];
      }
    }
  }

  /** Pairs of one of these grants and one of others that may have a principal in common. */
  *pairsWith(others: Grants): Iterable<readonly [Grant, Grant]> {
    for (const one of this.#all) {
      const { grantee } = one;
      const candidates =
        grantee.kind === 'one' && !isName(grantee.identity)
          ? [...(others.#byPrincipal.get(withoutPath(grantee.identity)) ?? []), ...others.#ofMany]
          : others.#all;
      for (const other of candidates) yield [one, other];
    }
  }
}

/** The keys that each grant covers. */
class Coverage {
  readonly #context: GrantContext;
  readonly #byScope = new WeakMap<object, ReadonlySet<KeyIdentity>>();
  readonly #byResources = new Map<string, ReadonlySet<KeyIdentity>>();

  constructor(context: GrantContext) {
    this.#context = context;
  }

  has({ keys }: Grant, key: KeyIdentity): boolean {
    return keys.kind === 'one' ? keys.key === key : this.#keysOf(keys).has(key);
  }

  haveCommonKey({ keys: one }: Grant, { keys: other }: Grant): boolean {
    if (one.kind === 'one' || other.kind === 'one') return false;
    const others = this.#keysOf(other);
    return [...this.#keysOf(one)].some((key) => others.has(key));
  }

  #keysOf(scope: Parameters<typeof coversKey>[0]): ReadonlySet<KeyIdentity> {
    const known = this.#byScope.get(scope) ?? this.#byText(scope);
    this.#byScope.set(scope, known);
    return known;
  }

  // Statements of many policies have the same resources.
  #byText(scope: Parameters<typeof coversKey>[0]): ReadonlySet<KeyIdentity> {
    const text = JSON.stringify([scope.resources, scope.exceptResources]);
    const { imported, keys } = this.#context;
    const covered =
      this.#byResources.get(text) ??
      new Set(
        [...imported].filter((key) => {
          const { pattern, arn } = keys.arnOf(key);
          return coversKey(scope, pattern, arn);
        }),
      );
    this.#byResources.set(text, covered);
    return covered;
  }
}

type Relation = 'same' | 'different' | 'uncertain';

// A principal whose ARN no policy spells out.
const PRINCIPAL_OF_NOBODY = 'arn:\u{fffc}:iam::\u{fffc}:role/\u{fffc}';

/** Whether two grants have a principal in common. */
class Relations {
  readonly #context: GrantContext;
  readonly #known = new Map<string, Relation>();

  constructor(context: GrantContext) {
    this.#context = context;
  }

  *compare(one: Grant, other: Grant): Iterable<Conflict> {
    const relation =
      one === other ? relationToItself(one) : this.#between(one.grantee, other.grantee);
    if (relation === 'different') return;
    const isUncertain = relation === 'uncertain';
    if (isOpposed(one, other)) yield { importing: one, using: other, isUncertain };
    if (one !== other && isOpposed(other, one)) {
      yield { importing: other, using: one, isUncertain };
    }
  }

  #between(one: Grantee, other: Grantee): Relation {
    if (one.kind === 'some' || other.kind === 'some') return 'uncertain';
    if (one.kind === 'one' && other.kind === 'one') {
      const [a, b] = [one.identity, other.identity];
      if (withoutPath(a) === withoutPath(b)) return 'same';
      // The name of a principal that is in this stack would have its URN.
      const mayBeOne = (isName(a) && isArn(b)) || (isName(b) && isArn(a));
      return mayBeOne && kindAndName(a) === kindAndName(b) ? 'uncertain' : 'different';
    }
    const text = [textOf(one), textOf(other)].join('\n');
    const known = this.#known.get(text) ?? this.#compared(one, other);
    this.#known.set(text, known);
    return known;
  }

  #compared(one: Exclude<Grantee, { kind: 'some' }>, other: typeof one): Relation {
    const a = this.#patternOf(one);
    const b = this.#patternOf(other);
    const meet = a.patterns.some((each) => b.patterns.some((pattern) => overlap(each, pattern)));
    if (!meet) return 'different';
    return (a.isKnown && b.isKnown) || a.isEverybody || b.isEverybody ? 'same' : 'uncertain';
  }

  #patternOf(grantee: Exclude<Grantee, { kind: 'some' }>) {
    if (grantee.kind === 'one') {
      return { ...this.#context.principals.arnOf(grantee.identity), isEverybody: false };
    }
    const pattern = arnPatternOf(grantee.pattern);
    return {
      patterns: [pattern],
      isKnown: true,
      isEverybody: matches(pattern, PRINCIPAL_OF_NOBODY),
    };
  }
}

function isArn(principal: PrincipalIdentity): boolean {
  return principal.startsWith('arn:');
}

function relationToItself({ grantee }: Grant): Relation {
  return grantee.kind === 'some' ? 'uncertain' : 'same';
}

function textOf(grantee: Exclude<Grantee, { kind: 'some' }>): string {
  return grantee.kind === 'one' ? grantee.identity : grantee.pattern;
}

function areOpposed(one: Grant, other: Grant): boolean {
  return isOpposed(one, other) || isOpposed(other, one);
}

// Somebody who imports and may give out the use can take it, and the other way round.
function isOpposed({ powers: importing }: Grant, { powers: using }: Grant): boolean {
  return (
    (importing.imports && (using.uses || using.grantsUse)) || (importing.grantsImport && using.uses)
  );
}
