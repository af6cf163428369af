import { parseDuration } from '../../domain/duration';
import { compareExpiry, declaredExpiry, hasExpired, validToAt } from '../../domain/expiry';
import { canonical, containsUnknown } from '../protocol';
import { EXPIRY_INPUTS, IMPORTED_INPUTS, RECORDED_INPUTS, type CheckedInputs } from './inputs';
import { assertImportable } from './material-input';
import { assertSameMaterial } from '../../domain/fingerprint';
import { mayReplace } from '../../domain/import-plan';
import { keyChanges, type KeyInputs } from '../key-change';
import type { State } from './state';

/** One difference between state and program, and what it takes to remove it. */
export interface Change {
  /** The input that differs, or what happened to the material. */
  readonly cause: string;
  /**
   * `replace`: another material resource. `import`: KMS does not hold what is declared. `renew`: it
   * does, and is to be given it anew. `record`: a matter of state alone, no call.
   */
  readonly effect: 'replace' | 'import' | 'renew' | 'record';
  /** What the display of changed inputs does not show. */
  readonly message?: string;
}

/** The cause of a change in which the program declares another expiry than KMS holds. */
export const EXPIRATION = 'expiration settings';

/** What `diff` and `update` reach for. */
export interface DiffContext {
  readonly now: () => Date;
  /** The Region that the connection of the program leads to, where it can be told without a call. */
  readonly regionOf: (inputs: KeyInputs) => string | undefined;
}

/**
 * Compares state with checked inputs. No call, no file: what KMS holds is what the last refresh
 * or update recorded, and the clock.
 *
 * @param olds - the outputs in state; members may be missing after a failed update
 * @param news - the checked inputs, in a preview possibly unknown in parts
 * @throws {@link ByokError} `MATERIAL_DIFFERS`, `BUNDLE_EXPIRED`
 */
export function compare(
  olds: Partial<State>,
  news: CheckedInputs,
  context: DiffContext,
): readonly Change[] {
  const changes: Change[] = [];
  const note = (cause: string, effect: Change['effect'], differs: boolean): void => {
    if (differs) changes.push({ cause, effect });
  };

  for (const cause of keyChanges(olds, news, context.regionOf)) note(cause, 'replace', true);

  const replaced = changes.length > 0;
  const expired = hasExpired(olds, context.now());
  const lost = olds.importState !== 'IMPORTED' || expired;
  if (lost)
    changes.push({ cause: 'material', effect: 'import', message: lossMessage(olds, expired) });
  changes.push(...compareMaterial(olds, news, replaced));
  for (const name of IMPORTED_INPUTS) note(name, 'import', !equal(olds[name], news[name]));
  if (!lost) changes.push(...compareExpiration(olds, news, context.now()));
  note('keyId', 'record', (olds.keyId ?? olds.keyArn) !== news.keyId);
  for (const name of RECORDED_INPUTS) note(name, 'record', !equal(olds[name], news[name]));
  const imports = changes.some(({ effect }) => effect === 'import' || effect === 'renew');
  if (imports) assertImportable(news.materialSource, context.now());
  return changes;
}

function lossMessage({ keyMaterialId, validTo }: Partial<State>, expired: boolean): string {
  const which = keyMaterialId === undefined ? 'the material' : `the material ${keyMaterialId}`;
  const what = expired
    ? `expired at ${validTo ?? ''}`
    : 'is not in KMS any more (it was deleted, or has expired)';
  return `${which} ${what}, so that the key is unusable if it was ever current; it will be imported again`;
}

// What is not read at preview is compared by its reference: the update that finds another one reads it.
function compareMaterial(olds: Partial<State>, news: CheckedInputs, replaced: boolean): Change[] {
  const before = olds.materialFingerprint;
  const after = news.materialFingerprint;
  const otherSource = !equal(olds.materialSource, news.materialSource);
  const source = (effect: Change['effect']): Change[] =>
    otherSource ? [{ cause: 'materialSource', effect }] : [];
  if (after === undefined) return source('import');
  if (before === after) return source('record');
  const differs = before !== undefined && !containsUnknown(after);
  if (!replaced && differs && !mayReplace(olds, news)) assertSameMaterial(before, after);
  return [
    {
      cause: 'materialFingerprint',
      effect: 'import',
      ...(differs && !replaced
        ? {
            message: `the staged material ${olds.keyMaterialId ?? ''} will be deleted and other material staged in its place`,
          }
        : {}),
    },
    ...source('record'),
  ];
}

function compareExpiration(olds: Partial<State>, news: CheckedInputs, now: Date): Change[] {
  if (EXPIRY_INPUTS.some((name) => containsUnknown(news[name]))) {
    return [{ cause: EXPIRATION, effect: 'import' }];
  }
  const expiry = declaredExpiry(news);
  switch (compareExpiry(expiry, olds, now)) {
    case 'differs':
      return [{ cause: EXPIRATION, effect: 'import' }];
    case 'longer': {
      // What an import of this resource has set is as declared, whatever the clock of this machine says.
      const importedAt = olds.importReceipt?.importedAt;
      const set = importedAt === undefined ? undefined : validToAt(expiry, new Date(importedAt));
      return olds.validTo === set
        ? []
        : [
            {
              cause: EXPIRATION,
              effect: 'import',
              message: `the material expires at ${olds.validTo ?? ''}, later than validFor allows, and will be given the shorter life`,
            },
          ];
    }
    case 'renewal-due':
      return [
        {
          cause: 'validTo',
          effect: 'import',
          message: `the material expires at ${olds.validTo ?? ''}, and will be renewed`,
        },
      ];
    case 'as-declared': {
      // A longer validFor is wanted now, not at the next renewal.
      const before =
        olds.validFor === undefined ? undefined : parseDuration(olds.validFor, 'validFor');
      const changed = expiry.kind === 'rolling' && before !== expiry.validFor;
      return changed ? [{ cause: 'validFor', effect: 'renew' }] : [];
    }
  }
}

function equal(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}
