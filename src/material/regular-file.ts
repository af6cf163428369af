import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { shown } from '../domain/service-text';
import { ByokError, assert } from '../errors';
import { MATERIAL_LIMIT_BYTES } from './source';

/**
 * Reads a regular file. An error has no more of its path than `name`, because somebody may have put a secret in its
 * place.
 *
 * @param name - the input that names the file, and its path if a message may show it
 * @param warn - gets one line if the group or others can read the file; undefined for a file that is no secret
 * @throws {@link ByokError} `MATERIAL_FILE`
 */
export async function readRegularFile(
  path: string,
  name: string,
  warn?: (line: string) => void,
): Promise<Buffer> {
  let handle: FileHandle | undefined;
  try {
    // O_NONBLOCK: opening a FIFO must not wait for a writer.
    handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = await handle.stat();
    assert(
      stat.isFile(),
      'MATERIAL_FILE',
      `${name} is not a regular file: give the path of a file`,
    );
    assert(
      stat.size <= MATERIAL_LIMIT_BYTES,
      'MATERIAL_FILE',
      `${name} is larger than ${MATERIAL_LIMIT_BYTES} bytes, and no key material is: give the path of the material`,
    );
    if (isReadableByOthers(stat.mode)) {
      warn?.(
        `warning: other users can read the file ${shown(path)}, which contains a secret: run chmod 600 on it`,
      );
    }
    const content = Buffer.alloc(stat.size);
    const { bytesRead } = await handle.read(content, 0, content.length, 0);
    return content.subarray(0, bytesRead);
  } catch (error) {
    throw translate(error, name, path);
  } finally {
    await handle?.close();
  }
}

/** Returns whether other users of the machine can read a file. Windows has no such modes: Node.js makes them up. */
export function isReadableByOthers(mode: number): boolean {
  return process.platform !== 'win32' && (mode & 0o044) !== 0;
}

function translate(error: unknown, name: string, path: string): ByokError {
  if (error instanceof ByokError) return error;
  const reason = (error as NodeJS.ErrnoException).code ?? 'unknown';
  if (reason === 'ENOENT' || reason === 'ENOTDIR') {
    return new ByokError(
      'MATERIAL_FILE',
      isAbsolute(path)
        ? `${name} does not exist: check the path`
        : `${name} does not exist in ${shown(process.cwd())}: give a path from there, or an absolute one${path.startsWith('~') ? '. Nothing has replaced the ~, which a shell does only at the beginning of a word: write the home folder' : ''}`,
    );
  }
  return new ByokError(
    'MATERIAL_FILE',
    `${name} cannot be read (${reason}): check its path and permissions`,
  );
}
