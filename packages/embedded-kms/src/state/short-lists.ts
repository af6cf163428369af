import { OrderedIndex } from './ordered-index';
import type { KeyRecord } from './records';

/** A list of a key that a client reads in pages. */
type ListName = 'aliases' | 'grants' | 'materials' | 'tags';

/**
 * The places of items in the lists of a key, so that a client that deletes the items of a page can ask for
 * the next one. A list gets places when it is first read, and they do not become part of a snapshot.
 */
export class ShortLists {
  readonly #indexes = new WeakMap<KeyRecord, Map<ListName, OrderedIndex<unknown>>>();

  /** Returns the index of a list, with exactly the given items. */
  of<T>(
    key: KeyRecord,
    list: ListName,
    items: readonly T[],
    nameOf: (item: T) => string,
  ): OrderedIndex<T> {
    const index = this.#index<T>(key, list);
    const names = new Set(items.map(nameOf));
    for (const { name } of index.from()) if (!names.has(name)) index.delete(name);
    for (const item of items) index.set(nameOf(item), item);
    return index;
  }

  #index<T>(key: KeyRecord, list: ListName): OrderedIndex<T> {
    let lists = this.#indexes.get(key);
    if (lists === undefined) {
      lists = new Map();
      this.#indexes.set(key, lists);
    }
    let index = lists.get(list);
    if (index === undefined) {
      index = new OrderedIndex(`${list}/${key.arn}`);
      lists.set(list, index);
    }
    // A list of a key always has items of one type.
    return index as OrderedIndex<T>;
  }
}
