import { existsSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { ByokError, assert } from '../errors';
import { writeCompleteFile } from './complete-file';

/** A file that a command writes. */
export interface OutputFile {
  readonly path: string;
  readonly content: string;
  /** Whether no other user may read the file. */
  readonly secret?: boolean;
}

/**
 * Checks that files do not exist yet and have different names, before the command does anything that only these files record.
 *
 * @throws {@link ByokError} `FILE_EXISTS`
 */
export function assertNoneExists(paths: readonly string[], force: boolean): void {
  for (const path of paths) {
    assert(
      force || !existsSync(path),
      'FILE_EXISTS',
      `${path} exists, so nothing was written: name another file, or use --force`,
    );
  }
  const places = paths.map((path) => resolve(path));
  const twice = places.find((place, index) => places.indexOf(place) !== index);
  assert(
    twice === undefined,
    'FILE_EXISTS',
    `the command would write two files to ${twice ?? ''}, so nothing was written: name another file for one of them`,
  );
}

/**
 * Writes files. If one fails, removes the new ones again. Replaces an existing file in one step, so an
 * interruption leaves either the old file or the new one.
 *
 * @throws {@link ByokError} `FILE_EXISTS`, `FILE_ACCESS`
 */
export function writeFiles(files: readonly OutputFile[], force: boolean): void {
  assertNoneExists(
    files.map(({ path }) => path),
    force,
  );
  const created: string[] = [];
  for (const { path, content, secret } of files) {
    const replace = existsSync(path);
    try {
      writeCompleteFile(path, content, { mode: secret === true ? 0o600 : 0o644, replace });
    } catch (error) {
      for (const one of created) rmSync(one, { force: true });
      throw unwritable(path, error);
    }
    if (!replace) created.push(path);
  }
}

function unwritable(path: string, error: unknown): ByokError {
  const { code = 'unknown' } = error as NodeJS.ErrnoException;
  return code === 'EEXIST'
    ? new ByokError('FILE_EXISTS', `${path} exists: name another file, or use --force`)
    : new ByokError(
        'FILE_ACCESS',
        `${path} cannot be written (${code}): check the folder and its permissions`,
      );
}
