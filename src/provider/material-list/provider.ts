import * as z from 'zod';
import {
  assertAppended,
  assertDistinctPlaces,
  type MaterialListEntry,
} from '../../domain/material-list';
import { assert } from '../../errors';
import { canonical, type DynamicProvider, type Properties, UNKNOWN } from '../protocol';
import { checkKey } from '../imported-key/check';
import { checkFailures, collectErrors, parseStrictly } from '../input-errors';

// A transform can add others. `check` reports a list that is not one.
const inputs = z.strictObject({
  entries: z.unknown().optional(),
  isLasting: z.unknown().optional(),
  __provider: z.unknown().optional(),
});

/**
 * The provider of `MaterialList`, which makes no calls. Its check compares the materials of the program with
 * those in state, also in a preview. The first list of a key has the other arguments of the key too, so that they
 * are checked before anything of the key exists. State does not have them.
 */
export const materialListProvider: Omit<DynamicProvider, 'configure'> = {
  check(olds, { key, ...news }) {
    const { errors, attempt } = collectErrors();
    errors.push(...parseStrictly(inputs, news, 'MaterialList').errors);
    if (typeof key === 'object' && key !== null)
      errors.push(...checkKey(key as Properties, new Date()));
    attempt(() => {
      assertComplete(olds);
      // A transform can make the whole list depend on something that a preview does not know.
      if (news.entries === UNKNOWN) return;
      assertDistinctPlaces(entriesOf(news));
      assertAppended(entriesOf(olds), entriesOf(news), news.isLasting === true);
    });
    return Promise.resolve(
      errors.length === 0 ? { inputs: news, failures: [] } : checkFailures(errors),
    );
  },
  diff: (_id: string, olds: Properties, news: Properties) =>
    Promise.resolve({
      changes: canonical(entriesOf(olds)) !== canonical(entriesOf(news)),
      replaces: [],
    }),
  create: (inputs: Properties) => Promise.resolve({ id: 'materials', outs: inputs }),
  read: (id: string, props: Properties) => Promise.resolve({ id, props }),
  update: (_id: string, _olds: Properties, news: Properties) => Promise.resolve({ outs: news }),
  delete: () => Promise.resolve(),
};

// Without the record, a list that lost a material would be recorded as if it had been so from the start.
function assertComplete(olds: Properties): void {
  const { entries } = olds;
  const isFirst = Object.keys(olds).length === 0;
  assert(
    isFirst ||
      (Array.isArray(entries) &&
        entries.every((entry: unknown) => entry === null || typeof entry === 'string')),
    'STATE_INVALID',
    'the record of the materials of this key has lost its entries in the state: restore the state from a backup or from the history of the backend. If there is none, compare materials with the KeyMaterialIds that KMS lists for the key, then remove only the record from the state (pulumi state delete with its URN) and run the update again, which records the list anew',
  );
}

function entriesOf({ entries }: Properties): MaterialListEntry[] {
  // An entry that is not known yet cannot be compared.
  const list = Array.isArray(entries) ? (entries as readonly unknown[]) : [];
  return list.map((entry) => (typeof entry === 'string' && entry !== UNKNOWN ? entry : null));
}
