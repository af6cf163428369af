/** How a source encodes its bytes. */
export const ENCODINGS = ['raw', 'base64', 'hex', 'pem', 'der', 'jwk'] as const;

/**
 * How a source encodes its bytes. `raw`: the bytes themselves (for a string, its UTF-8).
 * `base64`: the standard alphabet with padding, RFC 4648 section 4. `hex`: RFC 4648 section 8, upper
 * or lower case, also with colons between the bytes. White space in base64 and hex is ignored. `pem` (RFC 7468), `der` and `jwk` (RFC 7517)
 * require a private key. A private key is also recognised in the other encodings.
 *
 * @useDeclaredType
 */
export type Encoding = (typeof ENCODINGS)[number];
