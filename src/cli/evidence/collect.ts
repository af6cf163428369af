import type { KeyInventory } from '../../aws/key-inventory';
import { toWholeSeconds } from '../../domain/expiry';
import type { PresetName } from '../../policy/presets';
import { readKeys, type Progress } from '../status/read-keys';
import { judge } from './deviations';
import type { Evidence } from './evidence';
import type { GivenExport } from './given-exports';
import { importRecords } from './import-records';
import { keyEvidence } from './key-evidence';

interface CollectOptions {
  readonly exports: readonly GivenExport[];
  readonly preset: PresetName;
  readonly now: () => Date;
  readonly progress: Progress;
}

/**
 * Collects the evidence on every key of origin EXTERNAL in some Regions: from KMS, and from stack exports. It reads
 * no material.
 *
 * @throws {@link ByokError} `KMS_*` if no Region can be read
 */
export async function collect(
  inventories: ReadonlyMap<string, KeyInventory>,
  { exports, preset, now, progress }: CollectOptions,
): Promise<Evidence> {
  const takenAt = now();
  const judgement = judge(exports, preset, takenAt);
  const recorded = { isGiven: exports.length > 0, imports: importRecords(exports), judgement };
  const { regions, keys, unread, unreadRegions, notes } = await readKeys(
    inventories,
    progress,
    (readable) => keyEvidence(readable, recorded),
  );
  const arns = new Set(keys.map(({ keyArn }) => keyArn));
  const absent = [...new Set(recorded.imports.map(({ keyArn }) => keyArn))].filter(
    (arn) => !arns.has(arn),
  );
  return {
    format: 'pulumi-kms-byok/evidence',
    version: 1,
    takenAt: toWholeSeconds(takenAt),
    regions,
    stackExports: exports.map(({ evidence }) => evidence),
    preset,
    keys: keys.toSorted((a, b) => (a.keyArn < b.keyArn ? -1 : 1)),
    otherDeviations: judgement.deviations
      .filter(({ keyArn }) => keyArn === undefined || !arns.has(keyArn))
      .map(({ deviation }) => deviation),
    undecided: judgement.undecided,
    unread,
    unreadRegions,
    notes: [
      ...notes,
      ...absent.map((arn) => `${arn}: a stack export has it, and it was not read from KMS`),
    ].sort(),
  };
}
