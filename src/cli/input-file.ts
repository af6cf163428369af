import { readFileSync, statSync } from 'node:fs';
import { ByokError, assert } from '../errors';

/**
 * Reads a text file that an option names.
 *
 * @param option - name of the option, for messages
 * @param limit - maximum size of such a file, in bytes
 * @throws {@link ByokError} `FILE_ACCESS`
 */
export function readInput(path: string, option: string, limit: number): string {
  return readBytes(path, option, limit).toString('utf8');
}

/**
 * Reads a file that an option names.
 *
 * @param option - name of the option, for messages
 * @param limit - maximum size of such a file, in bytes
 * @throws {@link ByokError} `FILE_ACCESS`
 */
export function readBytes(path: string, option: string, limit: number): Buffer {
  try {
    const stat = statSync(path);
    assert(stat.isFile(), 'FILE_ACCESS', `${option} ${path} is not a regular file`);
    assert(
      stat.size <= limit,
      'FILE_ACCESS',
      `${option} ${path} has ${stat.size} bytes, but such a file has at most ${limit}: name the right file`,
    );
    return readFileSync(path);
  } catch (error) {
    if (error instanceof ByokError) throw error;
    const reason = (error as NodeJS.ErrnoException).code ?? 'unknown';
    throw new ByokError(
      'FILE_ACCESS',
      `${option} ${path} cannot be read (${reason}): check the path and its permissions`,
    );
  }
}
