import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { ByokError, needs } from '../errors';

/**
 * The most that is read of a file: no importable material comes near it in any encoding (the
 * largest, an RSA_4096 private key, has 2.4 kB).
 */
export const FILE_LIMIT_BYTES = 65_536;

/**
 * Reads a regular file. The path is relative to the folder in which the Pulumi program runs. It is
 * not repeated in an error: whatever stands under `material` may be a secret in the wrong place.
 *
 * @throws {@link ByokError} `MATERIAL_FILE_ABSENT`, `MATERIAL_FILE_KIND`,
 * `MATERIAL_FILE_TOO_LARGE`, `MATERIAL_FILE_UNREADABLE`
 */
export async function readFileSource(path: string): Promise<Buffer> {
  let handle: FileHandle | undefined;
  try {
    // O_NONBLOCK: opening a FIFO must not wait for a writer.
    handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = await handle.stat();
    needs(stat.isFile(), 'MATERIAL_FILE_KIND', 'material.file is not a regular file');
    needs(
      stat.size <= FILE_LIMIT_BYTES,
      'MATERIAL_FILE_TOO_LARGE',
      `material.file is larger than ${FILE_LIMIT_BYTES} bytes, which no key material is`,
    );
    const content = Buffer.alloc(stat.size);
    const { bytesRead } = await handle.read(content, 0, content.length, 0);
    return content.subarray(0, bytesRead);
  } catch (error) {
    throw translate(error);
  } finally {
    await handle?.close();
  }
}

function translate(error: unknown): ByokError {
  if (error instanceof ByokError) return error;
  const reason = (error as NodeJS.ErrnoException).code ?? 'unknown';
  if (reason === 'ENOENT' || reason === 'ENOTDIR') {
    return new ByokError(
      'MATERIAL_FILE_ABSENT',
      'material.file does not exist; a relative path starts at the folder in which the Pulumi program runs',
    );
  }
  return new ByokError(
    'MATERIAL_FILE_UNREADABLE',
    `material.file cannot be read (${reason}): check its path and permissions`,
  );
}
