import type { RandomBytes } from '../crypto/random';
import { Directory } from './directory';
import type { AliasRecord, GrantRecord, KeyRecord, KmsState, RegionState } from './records';
import { ShortLists } from './short-lists';

/** A key record in the hands of the store. */
interface Writable {
  aliases?: readonly AliasRecord[];
  grants?: readonly GrantRecord[];
}

/** The state and its indexes, with its two external inputs: time and randomness. */
export class Store {
  /** Of the Regions that were asked for. */
  readonly #directories = new Map<RegionState, Directory>();
  /** Of the keys that were asked for. */
  readonly lists = new ShortLists();
  readonly state: KmsState;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly random: RandomBytes;

  constructor(now: () => number, random: RandomBytes, state?: KmsState) {
    this.now = now;
    this.random = random;
    this.state = state ?? { accounts: new Map(), sessions: new Map() };
  }

  /** Replaces the whole state. */
  restore({ accounts, sessions }: KmsState): void {
    this.#directories.clear();
    replace(this.state.accounts, accounts);
    replace(this.state.sessions, sessions);
  }

  /** Returns the keys of one account and Region, as stored and not settled, see `settle.ts`. */
  keys(accountId: string, region: string): ReadonlyMap<string, KeyRecord> {
    return this.#region(accountId, region)?.keys ?? new Map();
  }

  /** Returns the indexes of one account and Region, of keys as stored and not settled. */
  directory(accountId: string, region: string): Directory {
    const state = this.#region(accountId, region);
    if (state === undefined) return new Directory({ accountId, region }, []);
    let directory = this.#directories.get(state);
    if (directory === undefined) {
      directory = new Directory({ accountId, region }, state.keys.values());
      this.#directories.set(state, directory);
    }
    return directory;
  }

  /**
   * Returns a key and its related keys: the multi-Region keys with its id in all Regions of the account. A
   * key that is already removed is not among them.
   */
  family(key: KeyRecord): KeyRecord[] {
    const regions = this.state.accounts.get(key.accountId)?.regions;
    if (regions === undefined) return [];
    if (key.multiRegion === undefined) {
      const stored = regions.get(key.region)?.keys.get(key.id);
      return stored === undefined ? [] : [stored];
    }
    return [...regions.values()].flatMap(({ keys }) => keys.get(key.id) ?? []);
  }

  addKey(key: KeyRecord): void {
    let account = this.state.accounts.get(key.accountId);
    if (account === undefined) {
      account = { regions: new Map() };
      this.state.accounts.set(key.accountId, account);
    }
    let region = account.regions.get(key.region);
    if (region === undefined) {
      region = { keys: new Map() };
      account.regions.set(key.region, region);
    }
    region.keys.set(key.id, key);
    this.#directories.get(region)?.add(key);
  }

  removeKey(key: KeyRecord): void {
    this.#region(key.accountId, key.region)?.keys.delete(key.id);
    this.#directoryOf(key)?.remove(key);
  }

  setAliases(key: KeyRecord, aliases: readonly AliasRecord[]): void {
    const directory = this.#directoryOf(key);
    directory?.removeAliases(key, aliases);
    (key as Writable).aliases = aliases;
    directory?.addAliases(key);
  }

  setGrants(key: KeyRecord, grants: readonly GrantRecord[]): void {
    const directory = this.#directoryOf(key);
    directory?.removeGrants(key, grants);
    (key as Writable).grants = grants;
    directory?.addGrants(key);
  }

  #region(accountId: string, region: string): RegionState | undefined {
    return this.state.accounts.get(accountId)?.regions.get(region);
  }

  #directoryOf({ accountId, region }: KeyRecord): Directory | undefined {
    const state = this.#region(accountId, region);
    return state && this.#directories.get(state);
  }
}

function replace<K, V>(map: Map<K, V>, by: ReadonlyMap<K, V>): void {
  map.clear();
  for (const [key, value] of by) map.set(key, value);
}
