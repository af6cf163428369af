import { ByokError } from '../../errors';

/**
 * Replaces the connection to AWS in the offline program.
 *
 * @throws {@link ByokError} `MATERIAL_SOURCE`, always
 */
export function openSecrets(): never {
  throw new ByokError(
    'MATERIAL_SOURCE',
    'this program opens no connection: name a file, an environment variable or a command as --material',
  );
}
