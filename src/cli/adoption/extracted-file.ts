import { existsSync, mkdirSync, readFileSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { ByokError, assert } from '../../errors';
import { removeUnfinished, writeCompleteFile } from '../complete-file';

/**
 * Files with material that no other user can read. Each is written to the disk and read back before anything
 * relies on it. A file that an earlier run has written stays as it is.
 */
export class ExtractedFiles {
  readonly #written: string[] = [];
  readonly #folders: string[] = [];

  /**
   * Saves material, and erases the bytes that the caller passed.
   *
   * @throws {@link ByokError} `FILE_EXISTS`, `FILE_ACCESS`
   */
  save(path: string, bytes: Buffer): void {
    try {
      this.#createFolder(dirname(path));
      removeUnfinished(path);
      if (!existsSync(path)) {
        writeCompleteFile(path, bytes, { mode: 0o600, replace: false });
        this.#written.push(path);
      }
      assert(
        hasBytes(path, bytes),
        'FILE_EXISTS',
        `${path} exists and has other bytes, and files with material are never replaced: name another folder`,
      );
    } catch (error) {
      throw error instanceof ByokError ? error : unwritable(path, error);
    } finally {
      bytes.fill(0);
    }
  }

  /** Removes the files and folders of this run, and nothing that was there before. */
  remove(): void {
    for (const path of this.#written) rmSync(path, { force: true });
    for (const folder of this.#folders.toReversed()) removeIfEmpty(folder);
  }

  #createFolder(folder: string): void {
    if (existsSync(folder)) return;
    this.#createFolder(dirname(folder));
    mkdirSync(folder, { mode: 0o700 });
    this.#folders.push(folder);
  }
}

function hasBytes(path: string, bytes: Buffer): boolean {
  // A folder or a pipe cannot keep material.
  if (!statSync(path).isFile()) return false;
  const content = readFileSync(path);
  const same = content.equals(bytes);
  content.fill(0);
  return same;
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Somebody has put something else there.
  }
}

function unwritable(path: string, error: unknown): ByokError {
  const { code = 'unknown' } = error as NodeJS.ErrnoException;
  return new ByokError(
    code === 'EEXIST' ? 'FILE_EXISTS' : 'FILE_ACCESS',
    `${path} cannot be written (${code}): name another folder, or check its permissions`,
  );
}
