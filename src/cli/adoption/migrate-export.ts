import type { Io } from '../io';
import { choosePlaces, type ChosenPlaces } from './choose-sources';
import { ofKey } from './error-of-key';
import { distinctNames } from './distinct-names';
import { exportedMaterials } from './exported-material';
import { ExtractedFiles } from './extracted-file';
import { keysToTakeOver } from './keys-to-take-over';
import { settle, type Migrated, type Migration } from './migration';
import { writeMigration, type MigrationFiles } from './migration-files';
import { resourcesOf, type StackExport } from './stack-export';
import { takeOver, type TakeOverOptions } from './take-over';

/** Options of a migration. */
export interface MigrationOptions
  extends MigrationFiles, ChosenPlaces, Omit<TakeOverOptions, 'region'> {
  readonly force?: true;
}

/**
 * Takes the material out of a stack export: writes it to files or compares it with the sources that are named,
 * makes the resources that take it over, and writes the new export and the import file. If it fails, it removes
 * the files that it has written.
 *
 * @returns undefined if the export has no material; then nothing is written
 * @throws {@link ByokError} `STACK_EXPORT`, `FILE_EXISTS`, `FILE_ACCESS`, `MATERIAL_*`, `KMS_*`
 */
export async function migrateExport(
  document: StackExport,
  options: MigrationOptions,
  io: Io,
): Promise<Migration | undefined> {
  const state = resourcesOf(document);
  const names = distinctNames(exportedMaterials(document), state);
  const places = choosePlaces(names, options);
  if (places.size === 0) return undefined;
  const keys = await keysToTakeOver(names, places, state, options, io);
  const files = new ExtractedFiles();
  try {
    for (const [{ bytes }, place] of places) {
      if (place.kind === 'file' && bytes !== undefined) files.save(place.path, bytes());
    }
    const migrated: Migrated[] = [];
    for (const [exported, place] of places) {
      const key = keys.get(exported);
      const name = names.get(exported) ?? exported.name;
      const takenOver =
        key === undefined
          ? undefined
          : await ofKey(exported, name, () => takeOver(key, state, options, io));
      migrated.push({ exported, name, place, takenOver });
    }
    const migration = settle(document, migrated);
    writeMigration(migration, options, options.force ?? false);
    return migration;
  } catch (error) {
    files.remove();
    throw error;
  }
}
