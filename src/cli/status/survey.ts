import type { KeyInventory } from '../../aws/key-inventory';
import { toWholeSeconds } from '../../domain/expiry';
import { assess, byUrgency } from './assess';
import { counted } from './counted';
import type { FleetStatus, KeyStatus } from './key-status';
import { lastUseOf } from './last-use';
import { readKeys, type Progress } from './read-keys';

interface SurveyOptions {
  readonly withinSeconds: number;
  /** Whether to read the last use of each key, with one call of GetKeyLastUsage for each. */
  readonly lastUse: boolean;
  readonly now: () => Date;
  readonly progress: Progress;
}

/**
 * Reads and judges every key of origin EXTERNAL in some Regions.
 *
 * @throws {@link ByokError} `KMS_*` if no Region can be read
 */
export async function survey(
  inventories: ReadonlyMap<string, KeyInventory>,
  { withinSeconds, lastUse, now, progress }: SurveyOptions,
): Promise<FleetStatus> {
  const { regions, keys, unread, unreadRegions, notes } = await readKeys(
    inventories,
    progress,
    async (readable) => {
      const used = lastUse ? await lastUseOf(readable) : undefined;
      return assess(readable.key, readable.aliases ?? [], now(), withinSeconds, used);
    },
  );
  const unknown = regions.flatMap((region) =>
    unknownUses(
      region,
      keys.filter((key) => key.region === region),
    ),
  );
  return {
    takenAt: toWholeSeconds(now()),
    regions,
    withinSeconds,
    keys: keys.toSorted(byUrgency),
    unread,
    unreadRegions,
    notes: [...notes, ...unknown].sort(),
  };
}

function unknownUses(region: string, keys: readonly KeyStatus[]): string[] {
  const errors = keys.flatMap(({ lastUse }) => (lastUse?.state === 'unknown' ? lastUse.error : []));
  return errors[0] === undefined
    ? []
    : [`${region}: the last use of ${counted(errors.length, 'key')} is unknown: ${errors[0]}`];
}
