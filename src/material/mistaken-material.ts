import { assert } from '../errors';
import type { KindReference } from './source';

// Base64 with padding, hex of at least 28 bytes, PEM, also in base64, and JWK: no service has names like these.
const MATERIAL =
  /^[A-Za-z0-9+/]{22,}={1,2}$|^(?:[0-9a-fA-F]{2}){28,}$|-----BEGIN|^LS0tLS1CRUdJTi|^\{.*"kty"/;
// Base64 of a multiple of three bytes has no padding, and looks like a path.
const UNPADDED = /^[A-Za-z0-9+/]{40,}$/;

// Services and this package make these, and both may be hex.
const NO_NAMES: readonly string[] = ['kind', 'sha256', 'versionId'];

/**
 * Refuses material in the place of a name, in the reference to a source that only an import reads. State and
 * previews show a name in clear, and would do so before the import looks it up.
 *
 * @throws {@link ByokError} `MATERIAL_SOURCE`, without the text
 */
export function assertOnlyNames(reference: KindReference): void {
  for (const [member, name] of Object.entries(reference)) {
    assert(
      NO_NAMES.includes(member) || typeof name !== 'string' || !looksLikeMaterial(name),
      'MATERIAL_SOURCE',
      `material.${reference.kind} has what looks like key material in the place of a name: give the name, or declare the material as inline`,
    );
  }
}

function looksLikeMaterial(name: string): boolean {
  const text = name.replace(/\s/g, '');
  return MATERIAL.test(text) || (UNPADDED.test(text) && isRandom(text));
}

// Two neighbours in random base64 are of different classes (upper case, lower case, digit) 62 times of 100. In words
// and paths they seldom are more than 40 times of 100.
function isRandom(text: string): boolean {
  const pairs = Array.from(text.matchAll(/(?=([A-Za-z0-9]{2}))/g), ([, pair = '']) => pair);
  const differ = pairs.filter((pair) => !/^(?:[A-Z]{2}|[a-z]{2}|[0-9]{2})$/.test(pair));
  return differ.length > 0.48 * pairs.length;
}
