import { UUID } from './identifiers';

const LONGEST = 500;
const LEFT_OUT = '(left out)';

// Standard base64, as it is or as JSON or a URL escapes it, and hex. A wrapped key, an import token or
// material looks like that; an ARN, a key ID or a sentence does not. Each takes time in proportion to the text.
const BASE64_RUN = /(?:[A-Za-z0-9+/]|\\\/|%2[BbFf]){40,}(?:={1,2}|(?:%3[Dd]){1,2})?/g;
const BASE64URL_RUN = /[A-Za-z0-9_-]{86,}/g;
const HEX_RUN = /[0-9a-fA-F]{40,}/g;

// C0 except tab and line feed, DEL, C1, and characters that change the direction or the line of a text.
const INVISIBLE =
  // eslint-disable-next-line no-control-regex -- it searches for them
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** Writes control characters as `\u001b`, so that a terminal shows them and does not obey them. */
export function shown(text: string): string {
  return text.replace(
    INVISIBLE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/**
 * Filters a message of a service, before it goes into an error. An endpoint can send anything, including the
 * request that it received. Leaves out text that looks encoded, shows control characters, and keeps at most 500
 * characters in one line.
 */
export function serviceText(text: string): string {
  const line = shown(text.replace(/\s+/g, ' ').trim());
  const clean = line
    .replace(HEX_RUN, LEFT_OUT)
    .replace(BASE64_RUN, (run) => (isMixed(run) ? LEFT_OUT : run))
    .replace(BASE64URL_RUN, LEFT_OUT);
  return clean.length > LONGEST ? `${clean.slice(0, LONGEST)} (cut)` : clean;
}

// A word or a path of forty letters is no base64.
function isMixed(text: string): boolean {
  return /[A-Z]/.test(text) && /[a-z]/.test(text) && /[0-9]/.test(text);
}

/** Filters a name that a service sent, such as that of an error or a state: undefined where it is none. */
export function serviceName(text: string | undefined): string | undefined {
  return text !== undefined && /^[A-Za-z][A-Za-z0-9_.]{0,39}$/.test(text) ? text : undefined;
}

/**
 * Filters the name of an alias, which is a line of a table (AWS KMS API Reference, CreateAlias: AliasName). An
 * endpoint can send anything.
 */
export function aliasText(text: string): string {
  return /^[A-Za-z0-9:/_-]{1,256}$/.test(text) ? text : serviceText(text);
}

/**
 * Filters the description of material, which goes to state (AWS KMS API Reference, ImportKeyMaterial:
 * KeyMaterialDescription). An endpoint can send anything.
 */
export function descriptionText(text: string | undefined): string | undefined {
  const isKept = text === undefined || /^[a-zA-Z0-9:/_\s.-]{1,256}$/.test(text);
  return isKept ? text : serviceText(text);
}

/** Returns the ID of a request, which is a UUID; undefined for any other text. */
export function requestIdText(text: string | undefined): string | undefined {
  return text !== undefined && UUID.test(text) ? text : undefined;
}
