import { assert } from '../errors';
import { identifier, type WrappedFile } from './bundle';

/** The form of the id of a bundle or of a wrapped file: SHA-256, 64 hex digits in lower case. */
export const FILE_ID = /^[0-9a-f]{64}$/;

/**
 * Refuses a wrapped file that is not the one its makers named. The wrapping key is public: whoever carries
 * the files can wrap bytes of their own and write any fingerprint beside them, so only an id that comes by
 * another way vouches for what comes back.
 *
 * @param id - what `kms-byok wrap` printed; undefined where nobody gave it
 * @throws {@link ByokError} `WRAPPED_ID`
 */
export function assertWrappedId(wrapped: WrappedFile, id: string | undefined): void {
  assert(
    id !== undefined && FILE_ID.test(id),
    'WRAPPED_ID',
    'the id of the wrapped file is missing, or is not 64 hex digits in lower case: ask the people who wrapped for the wrapped id that kms-byok wrap printed, over another way than the one that the file took',
  );
  assert(
    id === identifier(wrapped),
    'WRAPPED_ID',
    'the wrapped file is not the one whose id was given: nothing of it was imported. Ask the people who wrapped for their file and its id again, and find out who exchanged it',
  );
}
