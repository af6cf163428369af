import { UUID } from '../domain/identifiers';
import type { Lookalike } from './hint';
import { asciiText, COLON_HEX } from './text';

/** Shorter text is no material in any encoding. */
const SHORTEST_TEXT = 16;

interface TextForm extends Lookalike {
  /** Matches the text without white space. */
  readonly pattern: RegExp;
}

// Encodings that material arrives in, from the strictest pattern to the widest.
const TEXT_FORMS: readonly TextForm[] = [
  { pattern: /^\{.*"kty":.*\}$/, what: 'a JWK', remedy: "set encoding: 'jwk'" },
  {
    pattern: /^[[{].*[\]}]$/,
    what: 'JSON',
    remedy: 'give only the member that has the material, and set its encoding',
  },
  {
    pattern: /^(["']).*\1$/,
    what: 'text in quotes',
    remedy: 'remove the quotes, and set the encoding of the text',
  },
  {
    pattern: /^[a-z_]\w*=.*[^=].*$/i,
    what: 'a line NAME=VALUE of an environment file',
    remedy: 'give only the value, and set its encoding',
  },
  {
    // The last columns of a line are the bytes as characters.
    pattern: /^0{8}:(?:[0-9a-f]{4}){1,8}/i,
    what: 'a hex dump',
    remedy: 'make bytes of it again (xxd -r dump.txt > material.bin)',
  },
  {
    pattern: UUID,
    what: 'a UUID',
    remedy: 'give the key material itself, because a UUID is a name',
  },
  {
    pattern: /^0x(?:[0-9a-f]{2})+$/i,
    what: 'hex after 0x',
    remedy: "remove the 0x, and set encoding: 'hex'",
  },
  {
    pattern: COLON_HEX,
    what: 'hex with colons',
    remedy: "set encoding: 'hex'",
  },
  { pattern: /^(?:[0-9a-f]{2})+$/i, what: 'hex', remedy: "set encoding: 'hex'" },
  {
    // RFC 4648 section 6. A shorter text in upper case may be base64.
    pattern: /^(?:[A-Z2-7]{32,}={0,6}|[A-Z2-7]+={3,6}|[a-z2-7]+={3,6})$/,
    what: 'base32',
    remedy: 'decode it (base32 -d key.txt > material.bin)',
  },
  {
    pattern: /^(?:[a-z0-9+/]{4})*(?:[a-z0-9+/]{2}==|[a-z0-9+/]{3}=)?$/i,
    what: 'base64',
    remedy: "set encoding: 'base64'",
  },
  {
    pattern: /^[a-z0-9+/_-]+={0,2}$/i,
    what: 'base64url, or base64 without padding',
    remedy:
      "write it in the standard alphabet (tr -- '-_' '+/') and with = up to a multiple of four characters, and set encoding: 'base64'",
  },
];

/**
 * Returns the encoding that bytes read as. Random bytes do not: of 16 bytes, one key in four thousand million reads as
 * base64, and of 32 bytes none does.
 */
export function encodedText(bytes: Buffer): Lookalike | undefined {
  const read = asciiText(bytes);
  const compact = read?.text.replace(/\s/g, '') ?? '';
  // Without its white space, PEM would read as base64url.
  if (read === undefined || compact.length < SHORTEST_TEXT || compact.includes('-----')) {
    return undefined;
  }
  const { written } = read;
  const form = TEXT_FORMS.find(({ pattern }) => pattern.test(compact));
  if (form === undefined) {
    return written === ''
      ? undefined
      : {
          what: `text${written}`,
          remedy: 'save it in the encoding that the material has, as ASCII',
        };
  }
  // `plainText` reads UTF-16 by its mark.
  const remedy = written.endsWith('without a mark')
    ? `save it as ASCII, and ${form.remedy}`
    : form.remedy;
  return { what: `${form.what}${written}`, remedy };
}
