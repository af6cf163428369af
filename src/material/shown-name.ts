import { shown } from '../domain/service-text';

/** The shortest material that KMS takes, in bytes, that of HMAC_224 (AWS KMS Developer Guide, importing key material). */
const SHORTEST_MATERIAL = 28;

// A longer text without a folder or an extension may be the bytes of a key.
const LIKE_A_PATH = /[/\\]|\.[A-Za-z0-9]{1,8}$/;
const ENCODED = /^[A-Za-z0-9+/_-]{26,}={0,2}$/;

/**
 * Returns a path for a message, or nothing if it may be material that somebody put in the place of a path. State and
 * previews show a path too, but only after this package has read the file.
 */
export function shownPath(path: string): string | undefined {
  const isPath = path.length < SHORTEST_MATERIAL / 2 || LIKE_A_PATH.test(path);
  return isPath && !looksEncoded(path) && !isBinary(path) ? shown(path) : undefined;
}

/** Returns whether text is bytes that somebody read as UTF-8, or as Latin-1, where half of them are accented letters. */
export function isBinary(text: string): boolean {
  // eslint-disable-next-line no-control-regex -- it searches for them
  const controls = text.match(/[\u0000-\u001f\u007f-\u009f]/g) ?? [];
  const accented = text.match(/[\u00a0-\u00ff]/g) ?? [];
  const odd = controls.length + accented.length;
  // A word such as größe has many for its length, but few.
  const isLatin1 = odd > 5 && odd > text.length / 5;
  return text.includes('\ufffd') || controls.length > 1 || isLatin1;
}

/** Returns the name of an input that is a path, with the path if a message may show it. */
export function namedPath(input: string, path: string): string {
  const name = shownPath(path);
  return name === undefined ? input : `${input} "${name}"`;
}

/** Returns the name of an environment variable for a message, or nothing if it may be material. */
export function shownVariable(name: string): string | undefined {
  const isName =
    /^[A-Za-z_][A-Za-z0-9_]{0,63}$/.test(name) &&
    (name.length < SHORTEST_MATERIAL || name.includes('_'));
  return isName && !looksEncoded(name) ? name : undefined;
}

function looksEncoded(text: string): boolean {
  // A colon is part of a path only after a drive, and otherwise of a prefix such as `base64:`.
  if (/[\r\n]|-----BEGIN|[0-9a-fA-F]{28}|..:/.test(text)) return true;
  if (ENCODED.test(text) && (text.endsWith('=') || /[A-Z]/.test(text))) return true;
  return (text.match(/[A-Za-z0-9+/=_-]{28,}/g) ?? []).some(isRandom);
}

// Base64 of random bytes changes between upper case, lower case and the rest at about two of three characters, a path
// at about one of four.
function isRandom(text: string): boolean {
  const classes = Array.from(text, (character) =>
    /[A-Z]/.test(character) ? 'A' : /[a-z]/.test(character) ? 'a' : '0',
  );
  const changes = classes.filter((one, index) => index > 0 && one !== classes[index - 1]).length;
  return changes > text.length * 0.45;
}
