import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { assert } from '../../errors';
import { removeUnfinished, unfinishedOf } from '../complete-file';
import { writeFiles, type OutputFile } from '../output-file';
import { importFileText } from './import-file';
import type { Migration } from './migration';
import { stackExportText } from './stack-export';

/** Paths of the export that a migration reads, and of the files that it writes. */
export interface MigrationFiles {
  readonly stackExport: string;
  /** The new export. */
  readonly out: string;
  /** The file for `pulumi import --file`; written only if it has a resource. */
  readonly importFile: string;
}

/**
 * Checks that a migration names three different files. With `--force`, it would otherwise replace the export
 * that it read, and only that export can restore the stack.
 *
 * @throws {@link ByokError} `FILE_EXISTS`
 */
export function assertDistinctFiles({ stackExport, out, importFile }: MigrationFiles): void {
  // Until they are complete, the two that it writes have other names.
  const paths = [stackExport, ...[out, importFile].flatMap((path) => [path, unfinishedOf(path)])];
  const files = paths.map((path) => (existsSync(path) ? realpathSync(path) : resolve(path)));
  assert(
    new Set(files).size === files.length,
    'FILE_EXISTS',
    'two of --stack-export, --out and --import-file name the same file, so nothing was written: name three different files',
  );
}

/**
 * Writes the new export and the import file. Leaves a file as it is if an earlier run has written the same
 * content.
 *
 * @param force - whether to replace files that have other content, except for files with the material
 * @throws {@link ByokError} `FILE_EXISTS`, `FILE_ACCESS`
 */
export function writeMigration(
  { migrated, state, importFile }: Migration,
  paths: MigrationFiles,
  force: boolean,
): void {
  const files: OutputFile[] = [
    ...(importFile.resources.length === 0
      ? []
      : [{ path: paths.importFile, content: importFileText(importFile) }]),
    // Written last, because the next step begins with it. It may have other secrets in clear.
    { path: paths.out, content: stackExportText(state), secret: true },
  ];
  const sources = migrated.flatMap(({ place }) =>
    place.kind === 'file'
      ? place.path
      : place.kind === 'named'
        ? (place.source.declared.file ?? [])
        : [],
  );
  for (const { path } of files) {
    for (const name of [path, unfinishedOf(path)]) assertReplaceable(name, sources);
    removeUnfinished(path);
  }
  writeFiles(
    files.filter(({ path, content }) => !hasContent(path, content)),
    force,
  );
}

// Compared by what they are on the disk, because links and the case of letters give one file several names.
function assertReplaceable(path: string, sources: readonly string[]): void {
  const existing = statSync(path, { throwIfNoEntry: false });
  if (existing === undefined) return;
  assert(
    existing.isFile(),
    'FILE_ACCESS',
    `${path} is not a regular file, so nothing was written: name another file`,
  );
  const { dev, ino } = existing;
  const isSource = sources.some((source) => {
    const other = statSync(source, { throwIfNoEntry: false });
    return other?.dev === dev && other.ino === ino;
  });
  assert(
    !isSource,
    'FILE_EXISTS',
    `${path} is the file with the material, which is never replaced, so nothing was written: name another file`,
  );
}

function hasContent(path: string, content: OutputFile['content']): boolean {
  return existsSync(path) && readFileSync(path, 'utf8') === content;
}
