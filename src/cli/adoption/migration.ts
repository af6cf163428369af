import { assert } from '../../errors';
import type { Place } from './choose-sources';
import { exportedMaterials, withoutMaterials, type ExportedMaterial } from './exported-material';
import { assertImportable, type ImportFile } from './import-file';
import { remainingPlaces } from './remaining';
import { parseStackExport, resourcesOf, stackExportText, type StackExport } from './stack-export';
import type { TakenOver } from './take-over';

/** One material of an export, and the result for it. */
export interface Migrated {
  readonly exported: ExportedMaterial;
  /** Distinct in this migration. */
  readonly name: string;
  readonly place: Place;
  /** Absent where no resource takes the material over. */
  readonly takenOver: TakenOver | undefined;
}

/** Numbers of materials. Material that two resources have counts twice. */
export interface MaterialCounts {
  /** In the export. */
  readonly found: number;
  /** In files that were written and read back. */
  readonly extracted: number;
  /** In sources that were compared with the export or proved. */
  readonly named: number;
  /** Still in the new export. */
  readonly left: number;
}

/** The result of migrating an export. */
export interface Migration {
  readonly migrated: readonly Migrated[];
  readonly state: StackExport;
  readonly importFile: ImportFile;
  readonly counts: MaterialCounts;
  /** Where the same material is in other resources. */
  readonly remaining: readonly string[];
}

/** Whether the new export has to keep the material, because nothing else is known to have it. */
export function isLeft({ place, takenOver }: Migrated): boolean {
  return place.kind === 'state' || place.kind === 'skipped' || takenOver?.isKept === false;
}

/** Whether the new export has none of the material, neither in keys nor in other resources. */
export function isComplete({ counts, remaining }: Migration): boolean {
  return counts.left === 0 && remaining.length === 0;
}

/**
 * Makes the new export and the import file, and checks both before either is written.
 *
 * @throws {@link ByokError} `STACK_EXPORT`, `INTERNAL`
 */
export function settle(document: StackExport, migrated: readonly Migrated[]): Migration {
  const gone = migrated.filter((one) => !isLeft(one));
  const state = withoutMaterials(
    document,
    gone.map(({ exported }) => exported),
  );
  const counts = {
    found: exportedMaterials(document).length,
    extracted: gone.filter(({ place }) => place.kind === 'file').length,
    named: gone.filter(({ place }) => place.kind === 'named').length,
    // Counted in the text that is written, so that it also finds material that should have been removed.
    left: exportedMaterials(parseStackExport(stackExportText(state))).length,
  };
  assert(
    counts.found === counts.extracted + counts.named + counts.left,
    'INTERNAL',
    `the export has ${counts.found} materials, but ${counts.extracted} are in files, ${counts.named} in named sources and ${counts.left} in the new export: nothing was written`,
  );
  const importFile = {
    resources: migrated.flatMap(({ takenOver }) => takenOver?.adoption?.resource ?? []),
  };
  assertImportable(importFile, resourcesOf(state));
  const materials = migrated.map(({ exported }) => exported);
  const remaining = remainingPlaces(withoutMaterials(document, materials), materials);
  return { migrated, state, importFile, counts, remaining };
}
