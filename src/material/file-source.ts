import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { ByokError, needs } from '../errors';
import { MATERIAL_LIMIT_BYTES } from './material-limit';
import type { LocalContext, Source } from './source';
import type { FileReference } from './source-reference';

/**
 * Reads a regular file. The path is relative to the folder in which the Pulumi program runs. It is
 * not repeated in an error: whatever stands under `material` may be a secret in the wrong place.
 *
 * @throws {@link ByokError} `MATERIAL_FILE_ABSENT`, `MATERIAL_FILE_KIND`,
 * `MATERIAL_FILE_TOO_LARGE`, `MATERIAL_FILE_UNREADABLE`
 */
export const fileSource: Source<FileReference, LocalContext> = {
  encoding: 'raw',
  async read({ file }) {
    return { bytes: await readRegularFile(file), encoding: 'raw' };
  },
};

async function readRegularFile(path: string): Promise<Buffer> {
  let handle: FileHandle | undefined;
  try {
    // O_NONBLOCK: opening a FIFO must not wait for a writer.
    handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = await handle.stat();
    needs(stat.isFile(), 'MATERIAL_FILE_KIND', 'material.file is not a regular file');
    needs(
      stat.size <= MATERIAL_LIMIT_BYTES,
      'MATERIAL_FILE_TOO_LARGE',
      `material.file is larger than ${MATERIAL_LIMIT_BYTES} bytes, which no key material is`,
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
