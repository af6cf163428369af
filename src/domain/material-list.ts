import { assert } from '../errors';
import { assertDistinct } from './listed-material';

/** The source of one material of a key, as a hash; null if it does not distinguish materials. */
export type MaterialListEntry = string | null;

/**
 * Refuses two materials that come from one source.
 *
 * @throws {@link ByokError} `MATERIAL_REPEATED`
 */
export function assertDistinctPlaces(entries: readonly MaterialListEntry[]): void {
  entries.forEach((entry, place) => {
    const first = entry === null ? place : entries.indexOf(entry);
    assertDistinct(place, first === place ? undefined : first);
  });
}

/**
 * Refuses a list of materials that does not only append to the previous one. KMS decrypts every ciphertext with
 * the material of its time, so it needs every material that a key ever had (AWS KMS Developer Guide,
 * rotating-keys: imported key material).
 *
 * Accepts another source than before, because the resource of that material compares the bytes.
 *
 * @param isLasting - whether every material of `before` is a permanent part of the key. A program may remove
 * the last material from the list if the key was never rotated to it
 * @throws {@link ByokError} `MATERIALS_NOT_APPENDED`
 */
export function assertAppended(
  before: readonly MaterialListEntry[],
  after: readonly MaterialListEntry[],
  isLasting: boolean,
): void {
  const moved = after.findIndex((entry, index) => {
    if (entry === null || entry === before[index]) return false;
    return before.includes(entry);
  });
  assert(
    moved === -1,
    'MATERIALS_NOT_APPENDED',
    `materials[${moved}] was materials[${before.indexOf(after[moved] ?? null)}] before, so an earlier material was removed or the order changed. ${RULE}`,
  );
  assert(
    !isLasting || after.length >= before.length,
    'MATERIALS_NOT_APPENDED',
    `materials has only ${after.length} of the ${before.length} materials that the key was rotated through. ${RULE}`,
  );
}

const RULE =
  'KMS always needs every material of a key, to decrypt what was encrypted with it: restore the previous list, and append new material to its end, which rotates the key';
