import {
  assertAppended,
  assertDistinctPlaces,
  type MaterialListEntry,
} from '../../domain/material-list';
import { canonical, type DynamicProvider, type Properties, UNKNOWN } from '../protocol';
import { checkFailures, collectErrors } from '../input-errors';

/**
 * The provider of `MaterialList`: it calls nothing. Its check holds the materials of a program to those
 * that state has, in a preview as well.
 */
export const materialListProvider: Omit<DynamicProvider, 'configure'> = {
  check(olds, news) {
    const { errors, attempt } = collectErrors();
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
  // A place that is not known yet tells nothing apart.
  const list = Array.isArray(entries) ? (entries as readonly unknown[]) : [];
  return list.map((entry) => (typeof entry === 'string' && entry !== UNKNOWN ? entry : null));
}
