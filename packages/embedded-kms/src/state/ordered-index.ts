import { randomUUID } from 'node:crypto';

/** An item and its place. */
export interface Entry<T> {
  /** The place. It grows with each new name, and no other item ever gets it. */
  readonly serial: number;
  readonly name: string;
  item: T;
}

/**
 * Named items in the order in which their names were first added. Unlike a Map, it finds the items from a
 * place on without walking those before, also if the item at that place has been deleted.
 */
export class OrderedIndex<T> {
  /** Places of another index mean nothing here. */
  readonly id = randomUUID();
  /** Names the list, the same in every process and without spaces. Names of items of another list mean nothing here. */
  readonly list: string;
  readonly #byName = new Map<string, Entry<T>>();
  /** By serial. */
  readonly #entries: Entry<T>[] = [];
  #nextSerial = 0;

  constructor(list: string) {
    this.list = list;
  }

  get(name: string): T | undefined {
    return this.#byName.get(name)?.item;
  }

  /** The place of an item; undefined when there is none with that name. */
  serialOf(name: string): number | undefined {
    return this.#byName.get(name)?.serial;
  }

  /** Adds an item, or replaces the one with that name in its place. */
  set(name: string, item: T): void {
    const present = this.#byName.get(name);
    if (present !== undefined) {
      present.item = item;
      return;
    }
    const entry = { serial: this.#nextSerial, name, item };
    this.#nextSerial += 1;
    this.#byName.set(name, entry);
    this.#entries.push(entry);
  }

  delete(name: string): void {
    const entry = this.#byName.get(name);
    if (entry === undefined) return;
    this.#byName.delete(name);
    this.#entries.splice(this.#firstFrom(entry.serial), 1);
  }

  /** Iterates over the items from a place on. Items may be deleted meanwhile. */
  *from(serial = 0): Generator<Readonly<Entry<T>>, void, undefined> {
    let next = serial;
    for (;;) {
      const entry = this.#entries[this.#firstFrom(next)];
      if (entry === undefined) return;
      yield entry;
      next = entry.serial + 1;
    }
  }

  /** The position of the first entry with this serial or a later one, by binary search. */
  #firstFrom(serial: number): number {
    let [low, high] = [0, this.#entries.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#entries[middle]?.serial ?? serial) < serial) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
