import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  type Stats,
} from 'node:fs';

/** Thrown where a folder or file of ours could be of somebody else. */
export class NotPrivate extends Error {}

/** Makes a folder for its owner alone, and makes sure that it is one. */
export function makePrivateFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  assertPrivateFolder(folder);
}

/**
 * Refuses a folder in which somebody else could put or remove files.
 *
 * @throws `ENOENT` of the system where there is none
 */
export function assertPrivateFolder(folder: string): void {
  const stat = lstatSync(folder);
  if (!stat.isDirectory()) throw new NotPrivate('it is not a folder');
  assertOwn(stat);
}

/**
 * Reads a file of ours: a regular file, without following a link, of this user, readable by no other and
 * known by one name.
 */
export function readPrivateFile(path: string): { readonly text: string; readonly mtimeMs: number } {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  const descriptor = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    const stat = fstatSync(descriptor);
    if (!stat.isFile() || stat.nlink !== 1) throw new NotPrivate('it is not a file of one name');
    assertOwn(stat);
    return { text: readFileSync(descriptor, 'utf8'), mtimeMs: stat.mtimeMs };
  } finally {
    closeSync(descriptor);
  }
}

// Windows has neither: there the profile of a user is private.
function assertOwn({ uid, mode }: Stats): void {
  const own = process.getuid?.();
  if (own === undefined) return;
  if (uid !== own) throw new NotPrivate('it belongs to another user');
  if ((mode & 0o077) !== 0) throw new NotPrivate('others can reach it: chmod go= it');
}
