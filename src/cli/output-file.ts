import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { ByokError, assert } from '../errors';

/** A file that a command writes. */
export interface OutputFile {
  readonly path: string;
  readonly content: string;
  /** Whether only the owner may read the file. */
  readonly secret?: boolean;
}

/**
 * Checks that files do not exist yet, before the command does anything that only these files record.
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
}

/**
 * Writes files. If one fails, removes the new ones again. Replaces an existing file in one step, so an
 * interruption leaves either the old file or the new one.
 *
 * @throws {@link ByokError} `FILE_EXISTS`, `FILE_UNWRITABLE`
 */
export function writeFiles(files: readonly OutputFile[], force: boolean): void {
  assertNoneExists(
    files.map(({ path }) => path),
    force,
  );
  const created: string[] = [];
  try {
    for (const file of files) {
      const replaces = existsSync(file.path);
      const target = replaces ? `${file.path}.${process.pid}.tmp` : file.path;
      write(target, file);
      if (replaces) renameSync(target, file.path);
      else created.push(file.path);
    }
  } catch (error) {
    for (const path of created) rmSync(path, { force: true });
    throw error instanceof ByokError ? error : unwritable(error);
  }
}

function write(path: string, { content, secret }: OutputFile): void {
  // Exclusive, so that it never follows a link that somebody put there.
  const descriptor = openSync(path, 'wx', secret === true ? 0o600 : 0o644);
  try {
    writeFileSync(descriptor, content);
    fsyncSync(descriptor);
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  } finally {
    closeSync(descriptor);
  }
}

function unwritable(error: unknown): ByokError {
  const { code = 'unknown', path = 'a file' } = error as NodeJS.ErrnoException;
  return code === 'EEXIST'
    ? new ByokError('FILE_EXISTS', `${path} exists: name another file, or use --force`)
    : new ByokError(
        'FILE_UNWRITABLE',
        `${path} cannot be written (${code}): check the folder and its permissions`,
      );
}
