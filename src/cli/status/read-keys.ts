import { setMaxListeners } from 'node:events';
import type { KeyInventory } from '../../aws/key-inventory';
import type { ObservedKey } from '../../domain/observation';
import { ByokError } from '../../errors';

/** Keys of one Region that are read at once. Limits memory. */
const IN_FLIGHT = 64;

/** Receives the progress of a reading. */
export interface Progress {
  /** More keys were found. */
  found(count: number): void;
  /** One more key was read. */
  read(): void;
}

/** A key of origin EXTERNAL, and how to read more of it. */
export interface ReadableKey {
  readonly key: ObservedKey;
  /** Undefined if they could not be read. */
  readonly aliases: readonly string[] | undefined;
  readonly inventory: KeyInventory;
  readonly signal: AbortSignal;
}

/** A key that could not be read. */
export interface UnreadKey {
  readonly region: string;
  readonly keyId: string;
  readonly error: string;
}

/** A Region whose keys could not be read. */
export interface UnreadRegion {
  readonly region: string;
  /**
   * Whether the account cannot use KMS there, although it can elsewhere. The account has not enabled the
   * Region, or KMS has no address there.
   */
  readonly unavailable: boolean;
  readonly error: string;
}

/** All keys of origin EXTERNAL in some Regions. */
export interface Reading<T> {
  /** The Regions that were read, sorted. */
  readonly regions: readonly string[];
  /** In no order. */
  readonly keys: readonly T[];
  readonly unread: readonly UnreadKey[];
  readonly unreadRegions: readonly UnreadRegion[];
  /** Notes on what is incomplete, apart from what could not be read. In no order. */
  readonly notes: readonly string[];
}

/**
 * Reads every key of origin EXTERNAL in some Regions, and ignores keys of other origins. Reports keys and Regions that
 * cannot be read beside the others.
 *
 * @throws {@link ByokError} `KMS_*` if no Region can be read
 */
export async function readKeys<T>(
  inventories: ReadonlyMap<string, KeyInventory>,
  progress: Progress,
  readKey: (readable: ReadableKey) => T | Promise<T>,
): Promise<Reading<T>> {
  const read: RegionReading<T>[] = [];
  const failed: { readonly region: string; readonly error: ByokError }[] = [];
  await Promise.all(
    Array.from(inventories, async ([region, inventory]) => {
      try {
        read.push(await readRegion(region, inventory, progress, readKey));
      } catch (error) {
        if (!(error instanceof ByokError)) throw error;
        failed.push({ region, error });
      }
    }),
  );
  if (read.length === 0 && failed[0] !== undefined) throw failed[0].error;
  return {
    regions: read.map(({ region }) => region).sort(),
    keys: read.flatMap(({ keys }) => keys),
    unread: read.flatMap(({ unread }) => unread).sort((a, b) => (a.keyId < b.keyId ? -1 : 1)),
    unreadRegions: failed
      .map(({ region, error }) => ({
        region,
        unavailable: isUnavailable(error),
        error: error.message,
      }))
      .sort((a, b) => (a.region < b.region ? -1 : 1)),
    notes: read.flatMap(({ notes }) => notes),
  };
}

// Credentials are valid in each Region that the account has enabled (AWS Account Management Reference Guide,
// manage-acct-regions). A Region without KMS has no address.
function isUnavailable({ code, cause }: ByokError): boolean {
  const system = (cause as NodeJS.ErrnoException | undefined)?.code;
  return code === 'KMS_CREDENTIALS' || system === 'ENOTFOUND';
}

interface RegionReading<T> {
  readonly region: string;
  readonly keys: readonly T[];
  readonly unread: readonly UnreadKey[];
  readonly notes: readonly string[];
}

async function readRegion<T>(
  region: string,
  inventory: KeyInventory,
  progress: Progress,
  readKey: (readable: ReadableKey) => T | Promise<T>,
): Promise<RegionReading<T>> {
  const keys: T[] = [];
  const unread: UnreadKey[] = [];
  const notes: string[] = [];
  const ending = new AbortController();
  // Each call that is under way adds a listener.
  setMaxListeners(0, ending.signal);
  const { signal } = ending;
  try {
    const aliases = await inventory.listAliases(signal).catch((error: unknown) => {
      if (!(error instanceof ByokError && error.code === 'KMS_ACCESS_DENIED')) throw error;
      notes.push(`${region}: aliases are not shown, because kms:ListAliases is not allowed`);
      return undefined;
    });
    const ids: string[] = [];
    for await (const page of inventory.listKeyIds(signal)) {
      ids.push(...page);
      progress.found(page.length);
    }
    await eachOf(ids, async (keyId) => {
      try {
        const key = await inventory.observeKey(keyId, signal);
        if (key.origin === 'EXTERNAL') {
          const names = aliases === undefined ? undefined : (aliases.get(keyId) ?? []);
          keys.push(await readKey({ key, aliases: names, inventory, signal }));
        }
      } catch (error) {
        // A key that was deleted after it was listed needs no action.
        if (error instanceof ByokError && error.code === 'KEY_NOT_FOUND') return;
        if (!isOfOneKey(error)) throw error;
        unread.push({ region, keyId, error: error.message });
      } finally {
        progress.read();
      }
    });
    return { region, keys, unread, notes };
  } finally {
    // Ends the calls that are under way if the Region could not be read.
    ending.abort();
  }
}

/**
 * Reads a fact about one key that the others do not depend on.
 *
 * @returns the fact, or the message of the error if only this key, or this operation, cannot be read
 */
export async function readFact<T>(
  read: () => Promise<T>,
): Promise<{ readonly fact: T } | { readonly error: string }> {
  try {
    return { fact: await read() };
  } catch (error) {
    const isUnserved = error instanceof ByokError && error.code === 'KMS_UNSUPPORTED';
    if (isUnserved || isOfOneKey(error)) return { error: error.message };
    throw error;
  }
}

// Wrong credentials or a broken network would fail for each of thousands of keys.
function isOfOneKey(error: unknown): error is ByokError {
  return (
    error instanceof ByokError && (error.code === 'KMS_ACCESS_DENIED' || error.code === 'KMS_ERROR')
  );
}

async function eachOf<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const item = items[next];
      next += 1;
      if (item !== undefined) await work(item);
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
}
