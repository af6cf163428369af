import { setMaxListeners } from 'node:events';
import { toWholeSeconds } from '../../domain/expiry';
import { ByokError } from '../../errors';
import type { KeyInventory } from '../../aws/key-inventory';
import { assess, byUrgency } from './assess';
import { counted } from './counted';
import type { FleetStatus, KeyStatus, UnreadKey } from './key-status';
import { lastUseIn, type LastUse } from './last-use';

/** Keys of one Region that are read at once. Limits memory. */
const IN_FLIGHT = 64;

/** Receives the progress of a survey. */
export interface Progress {
  /** More keys were found. */
  found(count: number): void;
  /** One more key was read. */
  read(): void;
}

interface SurveyOptions {
  readonly withinSeconds: number;
  /** Whether to read the last use of each key, which AWS allows five times per second. */
  readonly lastUse: boolean;
  readonly now: () => Date;
  readonly progress: Progress;
}

/**
 * Reads every key of origin EXTERNAL in some Regions, and ignores keys of other origins. Reports keys and
 * Regions that cannot be read beside the others.
 *
 * @throws {@link ByokError} `KMS_*` if no Region can be read
 */
export async function survey(
  inventories: ReadonlyMap<string, KeyInventory>,
  options: SurveyOptions,
): Promise<FleetStatus> {
  const read: RegionStatus[] = [];
  const failed: { readonly region: string; readonly error: ByokError }[] = [];
  await Promise.all(
    Array.from(inventories, async ([region, inventory]) => {
      try {
        read.push(await surveyRegion(region, inventory, options));
      } catch (error) {
        if (!(error instanceof ByokError)) throw error;
        failed.push({ region, error });
      }
    }),
  );
  if (read.length === 0 && failed[0] !== undefined) throw failed[0].error;
  return {
    takenAt: toWholeSeconds(options.now()),
    regions: read.map(({ region }) => region).sort(),
    withinSeconds: options.withinSeconds,
    keys: read.flatMap(({ keys }) => keys).sort(byUrgency),
    unread: read.flatMap(({ unread }) => unread).sort((a, b) => (a.keyId < b.keyId ? -1 : 1)),
    unreadRegions: failed
      .map(({ region, error }) => ({
        region,
        unavailable: isUnavailable(error),
        error: error.message,
      }))
      .sort((a, b) => (a.region < b.region ? -1 : 1)),
    notes: read.flatMap(({ notes }) => notes).sort(),
  };
}

// Credentials are valid in each Region that the account has enabled (AWS Account Management Reference Guide,
// manage-acct-regions). A Region without KMS has no address.
function isUnavailable({ code, cause }: ByokError): boolean {
  const system = (cause as NodeJS.ErrnoException | undefined)?.code;
  return code === 'KMS_CREDENTIALS' || system === 'ENOTFOUND';
}

interface RegionStatus {
  readonly region: string;
  readonly keys: readonly KeyStatus[];
  readonly unread: readonly UnreadKey[];
  readonly notes: readonly string[];
}

async function surveyRegion(
  region: string,
  inventory: KeyInventory,
  { withinSeconds, lastUse, now, progress }: SurveyOptions,
): Promise<RegionStatus> {
  const keys: KeyStatus[] = [];
  const unread: UnreadKey[] = [];
  const notes: string[] = [];
  const ending = new AbortController();
  // Each call that is under way adds a listener.
  setMaxListeners(0, ending.signal);
  try {
    const aliases = await inventory.listAliases(ending.signal).catch((error: unknown) => {
      if (!(error instanceof ByokError && error.code === 'KMS_ACCESS_DENIED')) throw error;
      notes.push(`${region}: aliases are not shown, because kms:ListAliases is not allowed`);
      return new Map<string, readonly string[]>();
    });
    const ids: string[] = [];
    for await (const page of inventory.listKeyIds(ending.signal)) {
      ids.push(...page);
      progress.found(page.length);
    }
    await eachOf(ids, async (keyId) => {
      try {
        const key = await inventory.observeKey(keyId, ending.signal);
        if (key.origin === 'EXTERNAL') {
          const used = lastUse ? await lastUseOf(key.keyArn, inventory, ending.signal) : undefined;
          keys.push(assess(key, aliases.get(keyId) ?? [], now(), withinSeconds, used));
        }
      } catch (error) {
        // A key that was deleted after it was listed needs no action.
        if (error instanceof ByokError && error.code === 'KEY_NOT_FOUND') return;
        if (!(error instanceof ByokError) || !isOfOneKey(error)) throw error;
        unread.push({ region, keyId, error: error.message });
      } finally {
        progress.read();
      }
    });
    return { region, keys, unread, notes: [...notes, ...unknownUses(region, keys)] };
  } finally {
    // Ends the calls that are under way if the Region could not be read.
    ending.abort();
  }
}

async function lastUseOf(
  keyArn: string,
  inventory: KeyInventory,
  signal: AbortSignal,
): Promise<LastUse> {
  try {
    return lastUseIn(await inventory.getKeyUsage(keyArn, signal));
  } catch (error) {
    const isUnserved = error instanceof ByokError && error.code === 'KMS_UNSUPPORTED';
    if (!(error instanceof ByokError) || !(isUnserved || isOfOneKey(error))) throw error;
    return { state: 'unknown', error: error.message };
  }
}

function unknownUses(region: string, keys: readonly KeyStatus[]): string[] {
  const errors = keys.flatMap(({ lastUse }) => (lastUse?.state === 'unknown' ? lastUse.error : []));
  return errors[0] === undefined
    ? []
    : [`${region}: the last use of ${counted(errors.length, 'key')} is unknown: ${errors[0]}`];
}

// Wrong credentials or a broken network would fail for each of thousands of keys.
function isOfOneKey({ code }: ByokError): boolean {
  return code === 'KMS_ACCESS_DENIED' || code === 'KMS_ERROR';
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
