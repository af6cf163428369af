import { ByokError, type ByokErrorCode } from '../../errors';
import type { ExportedMaterial } from './exported-material';

// Others, such as those of credentials, are about all keys.
const OF_ONE_KEY =
  /^(?:KEY_|MATERIAL_NOT_IN_KEY$|MATERIAL_AMBIGUOUS$|KMS_ACCESS_DENIED$|KMS_ERROR$)/;
const GONE: ByokErrorCode = 'KEY_NOT_FOUND';

/**
 * Runs one step of a migration on one key. An error that is about that key names it, and the option that lets the
 * others be migrated.
 *
 * @param name - the distinct name of the key
 */
export async function ofKey<T>(
  { urn }: ExportedMaterial,
  name: string,
  step: () => Promise<T>,
): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (!(error instanceof ByokError) || !OF_ONE_KEY.test(error.code)) throw error;
    const { code, reason } = error;
    const refresh =
      code === GONE ? ', or let pulumi refresh remove it from the state and export again' : '';
    throw new ByokError(
      code,
      `${reason}. This is about ${urn}: give --skip ${name} to leave the key as it is and migrate the others${refresh}`,
      { cause: error },
    );
  }
}
