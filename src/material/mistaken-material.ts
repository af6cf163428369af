import { assert } from '../errors';
import { isBinary } from './shown-name';
import type { KindReference } from './source';

// Base64 with padding, hex of at least 28 bytes, also with colons, PEM, also in base64, JWK, and bytes as a list: no
// service has names like these.
const MATERIAL =
  /^[A-Za-z0-9+/_-]{22,}={1,2}$|^(?:[0-9a-fA-F]{2}:?){28,}$|-----BEGIN|^LS0tLS1CRUdJTi|^\{.*"kty"|^(?:\{.*"data":)?\[\d{1,3}(?:,\d{1,3}){15,}\]/;
// Written before hex or base64 by many tools.
const PREFIX = /^(?:0x|hex:|base64:)/i;
// Base64 of a multiple of three bytes has no padding, and neither has JWK. It looks like a path.
const UNPADDED = /^[A-Za-z0-9+/]{38,}$/;
// Base64url of 28, 32, 48 or 64 bytes. It looks like a name that a template made, but has no words.
const UNPADDED_URL = /^(?=(?:.{38}|.{43}|.{64}|.{86})$)(?!.*[a-z]{6})[A-Za-z0-9_-]+$/;
// eslint-disable-next-line no-control-regex -- it searches for them
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;

// Secrets Manager and its clients make versions of hex digits, with hyphens or without.
const VERSION = /^[0-9a-f-]{32,64}$/i;

/**
 * Refuses material in the place of a name, in the reference to a source that only an import reads. State and
 * previews show a name in clear, and would do so before the import looks it up.
 *
 * @throws {@link ByokError} `MATERIAL_SOURCE`, without the text
 */
export function assertOnlyNames(reference: KindReference): void {
  for (const [member, name] of namesIn(reference)) {
    assert(
      // This package makes the hash.
      member === 'sha256' ||
        (member === 'versionId' && VERSION.test(name)) ||
        !looksLikeMaterial(name),
      'MATERIAL_SOURCE',
      `material.${reference.kind} has what looks like key material in the place of a name: give the name, or the ARN of what has such a name, or declare the material as inline`,
    );
  }
}

// A PIN has members of its own, and variables are a list.
function namesIn(members: object): (readonly [member: string, name: string])[] {
  return Object.entries(members).flatMap(([member, value]: [string, unknown]) => {
    if (typeof value === 'string') return [[member, value] as const];
    return typeof value === 'object' && value !== null ? namesIn(value) : [];
  });
}

function looksLikeMaterial(name: string): boolean {
  const text = name.replace(/\s/g, '').replace(PREFIX, '');
  return (
    MATERIAL.test(text) ||
    CONTROL.test(text) ||
    isBinary(text) ||
    (UNPADDED.test(text) && (text.includes('+') || isRandom(text, 0.48))) ||
    (UNPADDED_URL.test(text) && isRandom(text, 0.45))
  );
}

// Two neighbours in random base64 are of different classes (upper case, lower case, digit) in 62 of 100 cases. In words
// and paths they rarely are in more than 40.
function isRandom(text: string, share: number): boolean {
  const pairs = Array.from(text.matchAll(/(?=([A-Za-z0-9]{2}))/g), ([, pair = '']) => pair);
  const differ = pairs.filter((pair) => !/^(?:[A-Z]{2}|[a-z]{2}|[0-9]{2})$/.test(pair));
  return differ.length > share * pairs.length;
}
