import { parseDuration } from '../../domain/duration';
import { compareExpiry, declaredExpiry, hasExpired, validToAt } from '../../domain/expiry';
import { canonical, containsUnknown, UNKNOWN } from '../protocol';
import {
  EXPIRY_INPUTS,
  IMPORTED_INPUTS,
  INPUT_NAMES,
  INPUTS,
  type CheckedInputs,
  type RecordedInputs,
} from './inputs';
import { assertImportable } from './material-input';
import { areDifferent, assertSameMaterial, isOlderForm } from '../../domain/fingerprint';
import { mayReplace } from '../../domain/import-plan';
import { assertNotLost } from '../../domain/lost-key';
import type { StackConfig } from '../connection';
import { keyChanges } from '../key-change';
import { OUTPUTS, type State } from './state';

/** One difference between state and program, and how an update resolves it. */
export interface Change {
  /** The input that differs, or `material` if KMS no longer has it. */
  readonly cause: string;
  /**
   * `replace`: replaces the resource. `import`: imports, because KMS does not have what the program declares.
   * `renew`: imports again what KMS has. `record`: changes only the state, without a call.
   */
  readonly effect: 'replace' | 'import' | 'renew' | 'record';
  /** Says what the list of changed inputs does not show. */
  readonly message?: string;
}

/** The inputs whose change affects only state, which has them as the program declares them. */
const RECORDED_INPUTS = INPUT_NAMES.filter(
  (name): name is keyof RecordedInputs =>
    name !== 'keyId' &&
    name !== 'material' &&
    INPUTS[name].change !== 'import' &&
    INPUTS[name].change !== 'none' &&
    !(name in OUTPUTS),
);

/** The cause of a change in which the program declares another expiry than KMS has. */
export const EXPIRATION = 'expiration settings';

/** Dependencies of the comparison. */
export interface DiffContext {
  readonly now: () => Date;
  readonly config: StackConfig;
}

/**
 * Compares state with checked inputs. It makes no call and reads no file: state has what the last refresh or
 * update found in KMS, and the clock shows what has expired since.
 *
 * @param olds - the outputs in state; members may be missing after a failed update
 * @param news - the checked inputs; parts of them may be unknown in a preview
 * @throws {@link ByokError} `KEY_LOST`, `MATERIAL_DIFFERS`, `BUNDLE_EXPIRED`
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

  for (const cause of keyChanges(olds, news, context.config)) note(cause, 'replace', true);
  // A key that the program names is accepted in its place.
  if (news.keyId === UNKNOWN) assertNotLost(olds.keyArn, olds.keyState);

  const replaced = changes.length > 0;
  const expired = hasExpired(olds, context.now());
  const lost = olds.importState !== 'IMPORTED' || expired;
  if (lost)
    changes.push({ cause: 'material', effect: 'import', message: lossMessage(olds, expired) });
  changes.push(...compareMaterial(olds, news, replaced));
  for (const name of IMPORTED_INPUTS) note(name, 'import', !equal(olds[name], news[name]));
  if (!lost) changes.push(...compareExpiration(olds, news, context.now()));
  note('keyId', 'record', (olds.keyId ?? olds.keyArn) !== news.keyId);
  // A refresh and a delete read them from state.
  for (const name of ['keepsKey', 'staysWithKey'] as const) {
    note('list', 'record', (olds.list?.[name] ?? false) !== (news.list?.[name] ?? false));
  }
  for (const name of RECORDED_INPUTS) note(name, 'record', !equal(olds[name], news[name]));
  const imports = changes.some(({ effect }) => effect === 'import' || effect === 'renew');
  if (imports) assertImportable(news.materialSource, context.now());
  return changes;
}

/** Returns whether an update changes only the state, without a call. */
export function isRecordOnly(changes: readonly Change[]): boolean {
  return changes.length > 0 && changes.every(({ effect }) => effect === 'record');
}

function lossMessage({ keyMaterialId, validTo }: Partial<State>, expired: boolean): string {
  const which = keyMaterialId === undefined ? 'the material' : `the material ${keyMaterialId}`;
  const what = expired ? `expired at ${validTo ?? ''}` : 'is no longer in KMS (deleted or expired)';
  return `${which} ${what}. If it was ever current, the key cannot be used until it is imported again; this update imports it`;
}

// A source that a preview does not read is compared by its reference. If that differs, the update reads it.
function compareMaterial(olds: Partial<State>, news: CheckedInputs, replaced: boolean): Change[] {
  const before = olds.materialFingerprint;
  const after = news.materialFingerprint;
  const otherSource = !equal(olds.materialSource, news.materialSource);
  const source = (effect: Change['effect']): Change[] =>
    otherSource ? [{ cause: 'materialSource', effect }] : [];
  if (after === undefined) return source('import');
  // Material that the program no longer declares keeps the form that it had in the inputs.
  if (before === after || (before !== undefined && isOlderForm(after, before))) {
    return source('record');
  }
  const differs = before !== undefined && !containsUnknown(after) && areDifferent(before, after);
  if (!replaced && differs && !mayReplace(olds, news)) {
    assertSameMaterial(before, after, news.list);
  }
  return [
    {
      cause: 'materialFingerprint',
      effect: 'import',
      ...(differs && !replaced
        ? {
            message: `the staged material ${olds.keyMaterialId ?? ''} will be deleted, and other material will be staged in its place`,
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
      // An expiry that this resource has set is as declared, even if the clock of this machine is wrong.
      const importedAt = olds.importReceipt?.importedAt;
      const set = importedAt === undefined ? undefined : validToAt(expiry, new Date(importedAt));
      return olds.validTo === set
        ? []
        : [
            {
              cause: EXPIRATION,
              effect: 'import',
              message: `the material expires at ${olds.validTo ?? ''}, later than validFor allows, and will be imported again to expire earlier`,
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
      // A longer validFor takes effect now, not at the next renewal.
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
