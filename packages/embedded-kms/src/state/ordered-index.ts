interface Entry<T> {
  /** Grows with each new name. */
  readonly serial: number;
  readonly name: string;
  item: T;
}

/**
 * Named items in the order in which their names were first added. Unlike a Map, it finds the items after
 * any other one without walking those before.
 */
export class OrderedIndex<T> {
  readonly #byName = new Map<string, Entry<T>>();
  /** By serial. */
  readonly #entries: Entry<T>[] = [];
  #nextSerial = 0;

  get(name: string): T | undefined {
    return this.#byName.get(name)?.item;
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

  /**
   * Iterates over the items after the one with a name, or over all. Items may be deleted meanwhile.
   *
   * @returns undefined when there is no item with that name
   */
  after(name: string | undefined): Iterable<T> | undefined {
    if (name === undefined) return this.#from(0);
    const entry = this.#byName.get(name);
    return entry && this.#from(entry.serial + 1);
  }

  *#from(serial: number): Generator<T, void, undefined> {
    let next = serial;
    for (;;) {
      const entry = this.#entries[this.#firstFrom(next)];
      if (entry === undefined) return;
      yield entry.item;
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
