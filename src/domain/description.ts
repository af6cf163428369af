import { assert } from '../errors';
import { shortFingerprint, type Fingerprint } from './fingerprint';

// Fingerprint, owner and text. Descriptions of before there were owners have none.
const MARK = /^byok:(v1:[0-9a-f]{32})(?:\.([0-9a-f]{12}))?(?: ([\s\S]*))?$/;

// ImportKeyMaterial, KeyMaterialDescription (AWS KMS API Reference): at most 256 characters of
// this alphabet. It is written to CloudTrail in clear.
const PATTERN = /^[a-zA-Z0-9:/_\s.-]+$/;
const MARK_LENGTH = 'byok:v1:'.length + 32 + '.'.length + 12;

/** Characters that remain for a description beside the fingerprint. */
export const DESCRIPTION_LIMIT = 256 - MARK_LENGTH - 1;

/**
 * Checks the user's part of a key material description.
 *
 * @throws {@link ByokError} `DESCRIPTION_FORMAT`
 */
export function assertDescription(text: string): void {
  assert(
    PATTERN.test(text) && text.length <= DESCRIPTION_LIMIT,
    'DESCRIPTION_FORMAT',
    `keyMaterialDescription has 1 to ${DESCRIPTION_LIMIT} characters of a-z A-Z 0-9 : / _ . - and white space`,
  );
}

/**
 * Makes what is sent to KMS: the mark by which a later run recognises the material, and by which a delete
 * recognises whose it is, then the user's text.
 *
 * @param owner - 12 hex digits
 */
export function markedDescription(
  fingerprint: Fingerprint,
  text: string | undefined,
  owner?: string,
): string {
  const mark = `byok:${shortFingerprint(fingerprint)}${owner === undefined ? '' : `.${owner}`}`;
  return text === undefined ? mark : `${mark} ${text}`;
}

/** Whether KMS holds this description for the material with this fingerprint. */
export function marksMaterial(description: string | undefined, fingerprint: Fingerprint): boolean {
  return MARK.exec(description ?? '')?.[1] === shortFingerprint(fingerprint);
}

/** Whether two descriptions say the same, whoever the owner is: another resource may import at the same time. */
export function sameDescription(a: string | undefined, b: string | undefined): boolean {
  const [x, y] = [a, b].map((text) => MARK.exec(text ?? ''));
  return x == null || y == null ? a === b : x[1] === y[1] && x[3] === y[3];
}

/** Reads the owner of material from its description; undefined where it names none. */
export function ownerOf(description: string | undefined): string | undefined {
  return MARK.exec(description ?? '')?.[2];
}

/** Whether this package wrote a description, for whatever material. */
export function isMarked(description: string | undefined): boolean {
  return MARK.test(description ?? '');
}

/** The user's part of a description that KMS holds, with or without our mark. */
export function withoutMark(description: string | undefined): string | undefined {
  if (description === undefined) return undefined;
  const match = MARK.exec(description);
  return match === null ? description : match[3];
}
