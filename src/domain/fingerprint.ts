import { createHash } from 'node:crypto';
import { keyResource, type KeyReference } from './identifiers';
import { materialKind, type ImportableKeySpec } from './key-specs';
import { assert } from '../errors';

/**
 * `v1:` for a secret, `v2:` for a private key, `v3:` for a command that wraps or `v4:` for a secret that a token does not
 * hash, and 64 hex digits.
 */
export type Fingerprint = `${Form}:${string}`;

/** A form of fingerprints, by what it hashes. */
export type Form = keyof typeof DOMAINS;

// Separates this hash from every other use of SHA-256 over the same bytes.
const DOMAINS = {
  v1: 'pulumi-kms-byok/fingerprint/v1',
  v2: 'pulumi-kms-byok/fingerprint/v2',
  v3: 'pulumi-kms-byok/fingerprint/v3',
  v4: 'pulumi-kms-byok/fingerprint/v4',
} as const;

/** Returns whether a value has the form of a fingerprint. */
export function isFingerprint(value: unknown): value is Fingerprint {
  return typeof value === 'string' && /^v[1234]:[0-9a-f]{64}$/.test(value);
}

/**
 * Identifies a secret within one key without revealing it: SHA-256 over a domain string, the
 * resource part of the key ARN and the secret, each preceded by its length as 32 bits, so that
 * different inputs never give the same bytes. Equal material in two keys has two fingerprints. The key ID
 * and the key ARN give the same fingerprint, and so do the replicas of a multi-Region key.
 *
 * Material must be random, as KMS requires: like every hash, this one confirms a guess.
 */
export function fingerprint(key: KeyReference, secret: Uint8Array): Fingerprint {
  return hashed('v1', key, secret);
}

/**
 * Identifies a private key within one KMS key in the same way, by its public key: one private key has many
 * encodings, and one public key.
 *
 * State from before this form has `v1:` and a hash of the private key in PKCS#8, which differs between the
 * encodings. {@link areDifferent} does not compare that with this form.
 *
 * @param publicKey - DER SubjectPublicKeyInfo: a named curve with an uncompressed point for an EC key
 */
export function publicKeyFingerprint(key: KeyReference, publicKey: Uint8Array): Fingerprint {
  return hashed('v2', key, publicKey);
}

/**
 * Identifies the material that a command wraps, within one KMS key, by the command: nobody here sees the material.
 * Another command may wrap the same material, and the same command other material, so only KMS can compare.
 *
 * @param identity - the text that identifies the command
 */
export function commandFingerprint(key: KeyReference, identity: string): Fingerprint {
  return hashed('v3', key, Buffer.from(identity));
}

/**
 * Identifies a secret whose token computes a MAC with it, but no hash of it: by that MAC, of 16 zero bytes. No other
 * source gives this form, so {@link areDifferent} does not compare it with `v1:`.
 *
 * @param checkValue - AES-CMAC of an AES key, HMAC-SHA-256 of any other
 */
export function tokenFingerprint(key: KeyReference, checkValue: Uint8Array): Fingerprint {
  return hashed('v4', key, checkValue);
}

function hashed(form: Form, key: KeyReference, identity: Uint8Array): Fingerprint {
  const hash = createHash('sha256').update(fingerprintPrefix(key, form));
  hash.update(lengthOf(identity)).update(identity);
  return `${form}:${hash.digest('hex')}`;
}

/** Returns the bytes that a fingerprint of this form hashes before the secret or the public key and its length. */
export function fingerprintPrefix(key: KeyReference, form: Form): Buffer {
  const parts = [Buffer.from(DOMAINS[form]), Buffer.from(keyResource(key))];
  return Buffer.concat(parts.flatMap((part) => [lengthOf(part), part]));
}

/**
 * Returns the form of the fingerprint of material for a key of this spec: `v1` for a secret, `v2` for a private
 * key.
 */
export function fingerprintForm(keySpec: ImportableKeySpec): Form {
  const { kind } = materialKind(keySpec);
  return kind === 'symmetric' || kind === 'hmac' ? 'v1' : 'v2';
}

/** Returns the forms that can identify material for a key of this spec: a token may give another than a file. */
export function fingerprintForms(keySpec: ImportableKeySpec): readonly Form[] {
  const form = fingerprintForm(keySpec);
  return form === 'v1' ? [form, 'v4'] : [form];
}

/**
 * Returns whether two fingerprints of one key prove that the material differs. Some do not, and then only KMS can
 * compare: `v1:` in state may be the older form of a `v2:`, `v3:` identifies only a command, and `v4:` and `v1:` are
 * computed in different ways.
 *
 * @param before - from state, or from the inputs of an earlier update
 * @param after - of the material, as it was read now
 */
export function areDifferent(before: Fingerprint, after: Fingerprint): boolean {
  const forms = [before, after];
  const isUncertain =
    isOlderForm(before, after) ||
    forms.some(isOfCommand) ||
    (forms.some(isOfForm('v1')) && forms.some(isOfForm('v4')));
  return before !== after && !isUncertain;
}

function isOfForm(form: Form): (fingerprint: Fingerprint) => boolean {
  return (fingerprint) => fingerprint.startsWith(`${form}:`);
}

/** Returns whether the first fingerprint may be the older form of the second. */
export function isOlderForm(older: string, newer: Fingerprint): boolean {
  return older.startsWith('v1:') && newer.startsWith('v2:');
}

/** Returns whether a fingerprint identifies only the command that wraps the material. */
export function isOfCommand(fingerprint: Fingerprint): boolean {
  return fingerprint.startsWith('v3:');
}

function lengthOf(part: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(part.length);
  return length;
}

/** The form and the first 128 bits: short enough for a key material description. */
export function shortFingerprint(full: Fingerprint): string {
  return full.slice(0, 'v1:'.length + 32);
}

// Fingerprint, owner and text; only symmetric keys have descriptions, so the form is never v2. Older descriptions have no owner.
const MARK = /^byok:(v[134]:[0-9a-f]{32})(?:\.([0-9a-f]{12}))?(?: ([\s\S]*))?$/;

// ImportKeyMaterial, KeyMaterialDescription (AWS KMS API Reference): at most 256 characters of
// this alphabet. It is written to CloudTrail in clear.
const PATTERN = /^[a-zA-Z0-9:/_\s.-]+$/;
const MARK_LENGTH = 'byok:v1:'.length + 32 + '.'.length + 12;

/** Number of characters that the mark leaves for a description. */
export const DESCRIPTION_LIMIT = 256 - MARK_LENGTH - 1;

/**
 * Checks the user's part of a key material description.
 *
 * @throws {@link ByokError} `INPUT_INVALID`
 */
export function assertDescription(text: string): void {
  assert(
    PATTERN.test(text) && text.length <= DESCRIPTION_LIMIT,
    'INPUT_INVALID',
    `keyMaterialDescription must have 1 to ${DESCRIPTION_LIMIT} characters of a-z A-Z 0-9 : / _ . - and white space`,
  );
}

/**
 * Makes the description to send to KMS: a mark, then the user's text. Later runs find the material by the mark, and a
 * delete reads the owner from it.
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

/** Returns whether a description in KMS marks the material with this fingerprint. */
export function marksMaterial(description: string | undefined, fingerprint: Fingerprint): boolean {
  return MARK.exec(description ?? '')?.[1] === shortFingerprint(fingerprint);
}

/** Returns the short fingerprint of the material from its description; undefined if it has none. */
export function markedFingerprint(description: string | undefined): string | undefined {
  return MARK.exec(description ?? '')?.[1];
}

/** Returns whether two descriptions differ at most in the owner: another resource may import at the same time. */
export function sameDescription(a: string | undefined, b: string | undefined): boolean {
  const [x, y] = [a, b].map((text) => MARK.exec(text ?? ''));
  return x == null || y == null ? a === b : x[1] === y[1] && x[3] === y[3];
}

/** Returns the owner of material from its description; undefined if it names none. */
export function ownerOf(description: string | undefined): string | undefined {
  return MARK.exec(description ?? '')?.[2];
}

/** Makes the owner of what a resource imports, which is that of no other resource. */
export function newOwner(random: (size: number) => Buffer): string {
  return random(6).toString('hex');
}

/** Returns a description with another owner; undefined if it names none. */
export function ownedBy(owner: string, description: string | undefined): string | undefined {
  const [, mark, before, text] = MARK.exec(description ?? '') ?? [];
  if (mark === undefined || before === undefined) return undefined;
  return `byok:${mark}.${owner}${text === undefined ? '' : ` ${text}`}`;
}

/** Returns whether this package wrote a description. */
export function isMarked(description: string | undefined): boolean {
  return MARK.test(description ?? '');
}

/** Returns the user's part of a description in KMS, with or without our mark. */
export function withoutMark(description: string | undefined): string | undefined {
  if (description === undefined) return undefined;
  const match = MARK.exec(description);
  return match === null ? description : match[3];
}

/**
 * Refuses other bytes than the ones that a resource imported.
 *
 * @param list - place of the material in the list of its key, for a key that rotates through a list
 * @throws {@link ByokError} `MATERIAL_DIFFERS`
 */
export function assertSameMaterial(
  before: Fingerprint | undefined,
  after: Fingerprint,
  list?: { readonly place?: number | undefined },
): void {
  assert(
    before === undefined || !areDifferent(before, after),
    'MATERIAL_DIFFERS',
    `${list === undefined ? 'material' : `materials[${list.place ?? '?'}]`} differs from what this resource imported, and KMS accepts no other bytes for the same material: to rotate a symmetric key, ${rotation(list !== undefined)}; otherwise create a new key. If you only changed the source, the new source must have the same bytes`,
  );
}

function rotation(isListed: boolean): string {
  return isListed
    ? 'restore this entry and append the new material to the end of materials'
    : 'keep this resource and declare another one with importType NEW_KEY_MATERIAL';
}
