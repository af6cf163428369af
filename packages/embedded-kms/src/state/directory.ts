import { OrderedIndex } from './ordered-index';
import type { AliasRecord, GrantRecord, KeyRecord } from './records';

/** The account and Region of a directory. */
interface Place {
  readonly accountId: string;
  readonly region: string;
}

/** A key with one of its aliases. */
export interface KeyWithAlias {
  readonly key: KeyRecord;
  readonly alias: AliasRecord;
}

/** A key with one of its grants. */
export interface KeyWithGrant {
  readonly key: KeyRecord;
  readonly grant: GrantRecord;
}

/**
 * Indexes of the keys of one account and Region, so that the cost of a page and of an alias does not depend
 * on the number of keys. They repeat what is in the records, and only {@link Store} changes both.
 */
export class Directory {
  readonly keys: OrderedIndex<KeyRecord>;
  readonly aliases: OrderedIndex<KeyWithAlias>;
  readonly #place: string;
  readonly #retirable = new Map<string, OrderedIndex<KeyWithGrant>>();

  constructor({ accountId, region }: Place, keys: Iterable<KeyRecord>) {
    this.#place = `${accountId}/${region}`;
    this.keys = new OrderedIndex(`keys/${this.#place}`);
    this.aliases = new OrderedIndex(`aliases/${this.#place}`);
    for (const key of keys) this.add(key);
  }

  /** The grants that a principal may retire, by its ARN or by the name of a service. */
  retirable(principal: string): OrderedIndex<KeyWithGrant> {
    return this.#retirable.get(principal) ?? this.#retirableBy(principal);
  }

  add(key: KeyRecord): void {
    this.keys.set(key.id, key);
    this.addAliases(key);
    this.addGrants(key);
  }

  remove(key: KeyRecord): void {
    this.keys.delete(key.id);
    this.removeAliases(key);
    this.removeGrants(key);
  }

  addAliases(key: KeyRecord): void {
    for (const alias of key.aliases ?? []) this.aliases.set(alias.name, { key, alias });
  }

  /** Removes the aliases of a key except those that stay, so that these keep their places in lists. */
  removeAliases(key: KeyRecord, staying: readonly AliasRecord[] = []): void {
    const names = new Set(staying.map(({ name }) => name));
    for (const { name } of key.aliases ?? []) {
      // An alias that moves to another key belongs to that one already.
      if (!names.has(name) && this.aliases.get(name)?.key === key) this.aliases.delete(name);
    }
  }

  addGrants(key: KeyRecord): void {
    for (const grant of key.grants ?? []) {
      const principal = retiringPrincipal(grant);
      if (principal === undefined) continue;
      let index = this.#retirable.get(principal);
      if (index === undefined) {
        index = this.#retirableBy(principal);
        this.#retirable.set(principal, index);
      }
      index.set(grant.id, { key, grant });
    }
  }

  /** Removes the grants of a key except those that stay, so that these keep their places in lists. */
  removeGrants({ grants = [] }: KeyRecord, staying: readonly GrantRecord[] = []): void {
    const ids = new Set(staying.map(({ id }) => id));
    for (const grant of grants.filter(({ id }) => !ids.has(id))) {
      this.#retirable.get(retiringPrincipal(grant) ?? '')?.delete(grant.id);
    }
  }

  #retirableBy(principal: string): OrderedIndex<KeyWithGrant> {
    return new OrderedIndex(`retirable/${this.#place}/${principal}`);
  }
}

/** No name of a service is an ARN, so one index serves both. */
function retiringPrincipal(grant: GrantRecord): string | undefined {
  return grant.retiringPrincipal ?? grant.retiringServicePrincipal;
}
