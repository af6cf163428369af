import type { LocalContext, Source } from './source';
import { readRegularFile } from './regular-file';
import type { FileReference } from './source-reference';

/**
 * Reads a regular file. The path is relative to the folder in which the Pulumi program runs.
 *
 * @throws {@link ByokError} `MATERIAL_FILE_ABSENT`, `MATERIAL_FILE_KIND`,
 * `MATERIAL_FILE_TOO_LARGE`, `MATERIAL_FILE_UNREADABLE`
 */
export const fileSource: Source<FileReference, LocalContext> = {
  encoding: 'raw',
  async read({ file }) {
    return { bytes: await readRegularFile(file, 'material.file'), encoding: 'raw' };
  },
};
