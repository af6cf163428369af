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

/** Thrown if another user could have made or changed a folder or a file. */
export class NotPrivate extends Error {}

/** Creates a folder that only this user can use, or checks that an existing one is. */
export function makePrivateFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  assertPrivateFolder(folder);
}

/**
 * Refuses a folder in which another user could create or remove files.
 *
 * @throws `ENOENT` of the system if there is no folder
 */
export function assertPrivateFolder(folder: string): void {
  const stat = lstatSync(folder);
  if (!stat.isDirectory()) throw new NotPrivate('it is not a folder');
  assertOwn(stat);
}

/** A file that only this user can read. */
interface PrivateFile {
  readonly text: string;
  readonly mtimeMs: number;
}

/**
 * Reads a file without following a link. It must be a regular file with a single name that belongs to this
 * user, and no other user may read it.
 */
export function readPrivateFile(path: string): PrivateFile {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  const descriptor = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    const stat = fstatSync(descriptor);
    if (!stat.isFile() || stat.nlink !== 1)
      throw new NotPrivate('it is not a regular file, or it has another hard link');
    assertOwn(stat);
    return { text: readFileSync(descriptor, 'utf8'), mtimeMs: stat.mtimeMs };
  } finally {
    closeSync(descriptor);
  }
}

// Windows has no such users and modes. There the profile of a user is private.
function assertOwn({ uid, mode }: Stats): void {
  const own = process.getuid?.();
  if (own === undefined) return;
  if (uid !== own) throw new NotPrivate('it belongs to another user');
  if ((mode & 0o077) !== 0) throw new NotPrivate('other users can access it: run chmod go= on it');
}
