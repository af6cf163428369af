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
  /** Readable by its owner alone. */
  readonly secret?: boolean;
}

/**
 * Makes sure that files can be written before anything is done of which they are the only record.
 *
 * @throws {@link ByokError} `FILE_EXISTS`
 */
export function assertNoneExists(paths: readonly string[], force: boolean): void {
  for (const path of paths) {
    assert(
      force || !existsSync(path),
      'FILE_EXISTS',
      `${path} exists, and nothing was written: name another file, or give --force`,
    );
  }
}

/**
 * Writes files, all of them or none that was not there before. A file that exists is replaced in one
 * step, so that an interruption leaves the old one or the new one.
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
  // Exclusive: never through a link that somebody put there.
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
    ? new ByokError('FILE_EXISTS', `${path} exists: name another file, or give --force`)
    : new ByokError(
        'FILE_UNWRITABLE',
        `${path} cannot be written (${code}): check the folder and its permissions`,
      );
}
