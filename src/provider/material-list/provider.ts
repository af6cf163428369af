import {
  assertAppended,
  assertDistinctPlaces,
  type MaterialListEntry,
} from '../../domain/material-list';
import { canonical, type DynamicProvider, type Properties, UNKNOWN } from '../protocol';
import { checkKey } from '../imported-key/check';
import { checkFailures, collectErrors } from '../input-errors';

/**
 * The provider of `MaterialList`, which makes no calls. Its check compares the materials of the program with
 * those in state, also in a preview. The first list of a key has the other arguments of the key too, so that they
 * are checked before anything of the key exists. State does not have them.
 */
export const materialListProvider: Omit<DynamicProvider, 'configure'> = {
  check(olds, { key, ...news }) {
    const { errors, attempt } = collectErrors();
    if (typeof key === 'object' && key !== null)
      errors.push(...checkKey(key as Properties, new Date()));
    attempt(() => {
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

function entriesOf({ entries }: Properties): MaterialListEntry[] {
  // An entry that is not known yet cannot be compared.
  const list = Array.isArray(entries) ? (entries as readonly unknown[]) : [];
  return list.map((entry) => (typeof entry === 'string' && entry !== UNKNOWN ? entry : null));
}
