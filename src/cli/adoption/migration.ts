import { assert } from '../../errors';
import type { Place } from './choose-sources';
import { heldMaterials, withoutMaterials, type HeldMaterial } from './held-material';
import { assertImportable, type ImportFile } from './import-file';
import { remainingPlaces } from './remaining';
import { parseStackExport, resourcesOf, stackExportText, type StackExport } from './stack-export';
import type { TakenOver } from './take-over';

/** One material of an export, and what becomes of it. */
export interface Migrated {
  readonly held: HeldMaterial;
  /** A name of its own. */
  readonly name: string;
  readonly place: Place;
  /** Absent where no resource takes the material over. */
  readonly takenOver: TakenOver | undefined;
}

/** How many materials there are, each resource counted for itself. */
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

/** Whether the new export has to keep the material, because nothing else is known to hold it. */
export function isLeft({ place, takenOver }: Migrated): boolean {
  return place.kind === 'state' || takenOver?.isKept === false;
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
    gone.map(({ held }) => held),
  );
  const counts = {
    found: heldMaterials(document).length,
    extracted: gone.filter(({ place }) => place.kind === 'file').length,
    named: gone.filter(({ place }) => place.kind === 'named').length,
    // Counted in what is going to be written, not in what was intended.
    left: heldMaterials(parseStackExport(stackExportText(state))).length,
  };
  assert(
    counts.found === counts.extracted + counts.named + counts.left,
    'INTERNAL',
    `the export has ${counts.found} materials, and ${counts.extracted} + ${counts.named} + ${counts.left} are accounted for: nothing was written`,
  );
  const importFile = {
    resources: migrated.flatMap(({ takenOver }) => takenOver?.adoption?.resource ?? []),
  };
  assertImportable(importFile, resourcesOf(state));
  const held = migrated.map((one) => one.held);
  const elsewhere = withoutMaterials(document, held);
  return { migrated, state, importFile, counts, remaining: remainingPlaces(elsewhere, held) };
}
