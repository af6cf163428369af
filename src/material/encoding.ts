import { assert } from '../errors';

/** How a source writes down its bytes. */
export const ENCODINGS = ['raw', 'base64', 'hex', 'pem', 'der', 'jwk'] as const;

/**
 * How a source writes down its bytes. `raw`: the bytes themselves (of a string: its UTF-8).
 * `base64`: the standard alphabet with padding, RFC 4648 section 4. `hex`: RFC 4648 section 8, in
 * either case. White space in base64 and hex is ignored. `pem` (RFC 7468), `der` and `jwk` (RFC 7517)
 * say that a private key is expected; a private key is recognised in the other encodings as well.
 *
 * @useDeclaredType
 */
export type Encoding = (typeof ENCODINGS)[number];

/**
 * Decodes and then erases what it was given.
 *
 * @throws {@link ByokError} `MATERIAL_ENCODING`
 */
export function decode(content: Buffer, encoding: Encoding): Buffer {
  if (encoding !== 'base64' && encoding !== 'hex') return content;
  const text = content.toString('latin1').replace(/[ \t\r\n]/g, '');
  content.fill(0);
  const decoded = decodeText(encoding === 'hex' ? text.toLowerCase() : text, encoding);
  assert(
    decoded !== undefined,
    'MATERIAL_ENCODING',
    encoding === 'hex'
      ? 'material is not hex: an even number of the digits 0-9 a-f is expected'
      : 'material is not base64: the standard alphabet (A-Z a-z 0-9 + /) with = padding is expected',
  );
  return decoded;
}

/** Decodes text; undefined when it is not well formed. Hex is in lower case. */
export function decodeText(
  text: string,
  encoding: 'base64' | 'base64url' | 'hex',
): Buffer | undefined {
  const decoded = Buffer.from(text, encoding);
  // Buffer.from skips what it cannot read; only text that comes back the same was well formed.
  if (decoded.toString(encoding) === text) return decoded;
  decoded.fill(0);
  return undefined;
}
