import {
  closeSync,
  fsyncSync,
  linkSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';

/**
 * Writes a file that has its name only once it is complete and on the disk, so that an interruption leaves no
 * file that looks complete. A run after an interruption clears away what the first left.
 *
 * @param replace - whether a file of this name is replaced
 * @throws the error of node:fs; code `EEXIST` if there is a file that is not to be replaced
 */
export function writeCompleteFile(
  path: string,
  content: Uint8Array | string,
  { mode, replace }: { readonly mode: number; readonly replace: boolean },
): void {
  removeUnfinished(path);
  const unfinished = unfinishedOf(path);
  // Exclusive, so that it never follows a link that somebody put there.
  const descriptor = openSync(unfinished, 'wx', mode);
  try {
    writeFileSync(descriptor, content);
    fsyncSync(descriptor);
    if (replace) renameSync(unfinished, path);
    else moveTo(path, unfinished);
  } finally {
    closeSync(descriptor);
    rmSync(unfinished, { force: true });
  }
  syncFolder(dirname(path));
}

/** Removes what an interruption may have left of a file, also where the file itself is complete. */
export function removeUnfinished(path: string): void {
  rmSync(unfinishedOf(path), { force: true });
}

/** Returns the name of a file until it is complete. */
export function unfinishedOf(path: string): string {
  return `${path}.unfinished`;
}

// A link never replaces a file; file systems without links get the name by a rename.
function moveTo(path: string, unfinished: string): void {
  try {
    linkSync(unfinished, path);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (!['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP'].includes(code)) throw error;
    renameSync(unfinished, path);
  }
}

// Without it a power failure may leave a file without its name (fsync(2)).
function syncFolder(folder: string): void {
  try {
    const descriptor = openSync(folder, 'r');
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    // Windows opens no folders.
  }
}
