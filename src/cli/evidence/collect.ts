import type { KeyInventory } from '../../aws/key-inventory';
import { toWholeSeconds } from '../../domain/expiry';
import { isOfCommand, shortFingerprint, type Fingerprint } from '../../domain/fingerprint';
import type { PresetName } from '../../policy/presets';
import { readKeys, type Progress } from '../status/read-keys';
import { judge } from './deviations';
import type { Evidence, KeyEvidence } from './evidence';
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
  const others = recorded.imports.filter(({ keyArn }) => !arns.has(keyArn));
  const absent = [...new Set(others.map(({ keyArn }) => keyArn))];
  return {
    format: 'pulumi-kms-byok/evidence',
    version: 1,
    takenAt: toWholeSeconds(takenAt),
    regions,
    stackExports: exports.map(({ evidence }) => evidence),
    preset,
    keys: keys.toSorted((a, b) => (a.keyArn < b.keyArn ? -1 : 1)),
    otherImports: others.map(({ keyArn, record }) => ({ keyArn, record })),
    otherDeviations: judgement.deviations
      .filter(({ keyArn }) => keyArn === undefined || !arns.has(keyArn))
      .map(({ deviation }) => deviation),
    undecided: judgement.undecided,
    unread,
    unreadRegions,
    notes: [
      ...notes,
      ...absent.map((arn) => `${arn}: a stack export has it, and it was not read from KMS`),
      ...keys.flatMap(contradictions),
    ].sort(),
  };
}

// KMS has the mark of the provider in the description, and anybody who may import can write another. That of a command
// has nothing to do with the material.
function contradictions({ keyArn, materials }: KeyEvidence): string[] {
  return materials.flatMap(({ keyMaterialId, markedFingerprint: mark, imports }) => {
    const records = imports.state === 'read' ? imports.value : [];
    const isContradicted = records.some(
      ({ materialFingerprint: recorded }) =>
        recorded.state === 'read' &&
        !isOfCommand(recorded.value as Fingerprint) &&
        recorded.value.slice(0, FORM_LENGTH) === mark?.slice(0, FORM_LENGTH) &&
        shortFingerprint(recorded.value as Fingerprint) !== mark,
    );
    return isContradicted
      ? [
          `${keyArn}: KMS and a stack export have different fingerprints of ${keyMaterialId ?? 'its material'}`,
        ]
      : [];
  });
}

const FORM_LENGTH = 'v1:'.length;
