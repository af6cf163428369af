import { createPublicKey, type KeyObject } from 'node:crypto';
import { WRAPPING_KEY_BITS, type WrappingKeySpec } from '../domain/key-specs';
import { ByokError } from '../errors';

/**
 * Reads a wrapping public key. Accepts only the DER encoding of an RSA key of the requested size with an exponent of
 * three bytes, which is what KMS sends. In that encoding, everything before the modulus depends on nothing but the size.
 *
 * @param der - SubjectPublicKeyInfo, as GetParametersForImport returns it
 * @throws {@link ByokError} `KMS_WRAPPING_KEY` for anything else
 */
export function readWrappingKey(der: Uint8Array, spec: WrappingKeySpec): KeyObject {
  const size = WRAPPING_KEY_BITS[spec] / 8;
  const head = headOf(size);
  const modulus = der.subarray(head.length, head.length + size);
  const rest = der.subarray(head.length + size);
  const exponent = rest.subarray(EXPONENT_HEAD.length);
  const isWanted =
    head.equals(der.subarray(0, head.length)) &&
    EXPONENT_HEAD.equals(rest.subarray(0, EXPONENT_HEAD.length)) &&
    // A smaller modulus would be a key of fewer bits.
    (modulus[0] ?? 0) >= 0x80 &&
    isSoundExponent(exponent);
  if (!isWanted) {
    throw new ByokError(
      'KMS_WRAPPING_KEY',
      `the endpoint answered GetParametersForImport with something other than an ${spec} public key, so nothing was wrapped: check the endpoint`,
    );
  }
  const jwk = { kty: 'RSA', n: base64url(modulus), e: base64url(exponent) };
  return createPublicKey({ key: jwk, format: 'jwk' });
}

const EXPONENT_BYTES = 3;
const EXPONENT_HEAD = Buffer.of(0x02, EXPONENT_BYTES);
const RSA_ENCRYPTION = Buffer.from('300d06092a864886f70d0101010500', 'hex');

// RFC 5280 section 4.1 and RFC 3279 section 2.3.1:
// SEQUENCE { SEQUENCE { rsaEncryption, NULL }, BIT STRING { SEQUENCE { INTEGER n, INTEGER e } } }
function headOf(size: number): Buffer {
  const n = size + 1; // with a leading zero, because it is positive
  const numbers = 4 + n + EXPONENT_HEAD.length + EXPONENT_BYTES;
  return Buffer.concat([
    tagOf(0x30, RSA_ENCRYPTION.length + 4 + 1 + 4 + numbers),
    RSA_ENCRYPTION,
    tagOf(0x03, 1 + 4 + numbers),
    Buffer.of(0),
    tagOf(0x30, numbers),
    tagOf(0x02, n),
    Buffer.of(0),
  ]);
}

/** Returns a tag with a length of two bytes, which all of a wrapping key have. */
function tagOf(tag: number, length: number): Buffer {
  return Buffer.of(tag, 0x82, length >> 8, length & 0xff);
}

// FIPS 186-5 section A.1.1: odd, and greater than 2^16. An exponent of 1 would encrypt nothing.
function isSoundExponent(exponent: Uint8Array): boolean {
  if (exponent.length !== EXPONENT_BYTES) return false;
  const value = Buffer.from(exponent).readUIntBE(0, EXPONENT_BYTES);
  // From 2^23 on, a positive number has a leading zero in DER.
  return value % 2 === 1 && value >= 65_537 && value < 2 ** 23;
}

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}
