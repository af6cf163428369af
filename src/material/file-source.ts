import * as z from 'zod';
import { readRegularFile } from './regular-file';
import { namedPath } from './shown-name';
import type { FileReference } from './references';
import type { PlainSource } from './source';

/**
 * Reads a regular file. A relative path starts at the folder in which the Pulumi program runs.
 *
 * @throws {@link ByokError} `MATERIAL_FILE`
 */
export const fileSource: PlainSource<{ readonly file: string }, FileReference> = {
  members: { file: z.string().min(1) },
  reference: { file: z.string() },
  isLocal: true,
  isReadable: true,
  encoding: 'raw',
  refer: ({ file }) => ({ kind: 'file', file }),
  async read({ file }, _declared, { input, warn }) {
    // A passphrase can look like a path.
    const name = input === undefined ? namedPath('material.file', file) : `${input}.file`;
    return { bytes: await readRegularFile(file, name, warn), encoding: 'raw' };
  },
};
