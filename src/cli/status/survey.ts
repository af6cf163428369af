import { toWholeSeconds } from '../../domain/expiry';
import { ByokError } from '../../errors';
import type { KeyInventory } from '../../aws/key-inventory';
import { assess, byUrgency } from './assess';
import type { FleetStatus, KeyStatus, UnreadKey } from './key-status';

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
  readonly now: () => Date;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/**
 * Reads every key of origin EXTERNAL in some Regions, and ignores keys of other origins. Reports a key
 * that cannot be read beside the others. A Region that cannot be listed ends the survey.
 *
 * @throws {@link ByokError} `KMS_*`
 */
export async function survey(
  inventories: ReadonlyMap<string, KeyInventory>,
  options: SurveyOptions,
): Promise<FleetStatus> {
  const keys: KeyStatus[] = [];
  const unread: UnreadKey[] = [];
  const notes: string[] = [];
  await Promise.all(
    Array.from(inventories, async ([region, inventory]) => {
      const aliases = await inventory.listAliases(options.signal).catch((error: unknown) => {
        if (!(error instanceof ByokError && error.code === 'KMS_ACCESS_DENIED')) throw error;
        notes.push(`${region}: aliases are not shown, because kms:ListAliases is not allowed`);
        return new Map<string, readonly string[]>();
      });
      const ids: string[] = [];
      for await (const page of inventory.listKeyIds(options.signal)) {
        ids.push(...page);
        options.progress.found(page.length);
      }
      await eachOf(ids, async (keyId) => {
        try {
          const key = await inventory.observeKey(keyId, options.signal);
          if (key.origin === 'EXTERNAL') {
            const names = aliases.get(keyId) ?? [];
            keys.push(assess(key, names, options.now(), options.withinSeconds));
          }
        } catch (error) {
          // A key that was deleted after it was listed needs no action.
          if (error instanceof ByokError && error.code === 'KEY_NOT_FOUND') return;
          if (!(error instanceof ByokError) || !isOfOneKey(error)) throw error;
          unread.push({ region, keyId, error: error.message });
        } finally {
          options.progress.read();
        }
      });
    }),
  );
  return {
    takenAt: toWholeSeconds(options.now()),
    regions: [...inventories.keys()],
    withinSeconds: options.withinSeconds,
    keys: keys.sort(byUrgency),
    unread: unread.sort((a, b) => (a.keyId < b.keyId ? -1 : 1)),
    notes: notes.sort(),
  };
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
