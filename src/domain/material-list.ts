import { assert } from '../errors';
import { assertDistinct } from './listed-material';

/** Where one material of a key comes from; null where that does not tell materials apart. */
export type MaterialListEntry = string | null;

/**
 * Refuses two materials that come from one place.
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
 * Holds a list of materials to the one before it: materials are appended. KMS needs every material that a
 * key ever had, for the ciphertexts of its time, and decrypts with it for ever (AWS KMS Developer Guide,
 * rotating-keys: imported key material).
 *
 * What comes from another place than before is not refused here: its bytes are compared.
 *
 * @param isLasting - whether every material of `before` has become a permanent part of the key. One that
 * was declared and never rotated to may be taken back from the end of the list
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
    `materials[${moved}] was materials[${before.indexOf(after[moved] ?? null)}] before: an earlier material was removed, or the order changed. ${RULE}`,
  );
  assert(
    !isLasting || after.length >= before.length,
    'MATERIALS_NOT_APPENDED',
    `materials has ${after.length} of the ${before.length} materials that the key was rotated through. ${RULE}`,
  );
}

const RULE =
  'KMS needs every material of a key for ever, to decrypt what was encrypted with it: restore the list as it was, and append new material at its end, which rotates the key';
