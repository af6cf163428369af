import {
  constants,
  createCipheriv,
  createPublicKey,
  publicEncrypt,
  type KeyObject,
} from 'node:crypto';
import {
  WRAPPING_KEY_BITS,
  type Wrapping,
  type WrappingAlgorithm,
  type WrappingKeySpec,
} from '../domain/key-specs';
import { ByokError } from '../errors';

/** A wrapping public key, and how to use it. */
export interface WrappingPublicKey extends Wrapping {
  /** DER SubjectPublicKeyInfo, as GetParametersForImport returns it. */
  readonly publicKey: Uint8Array;
}

/** Returns random bytes. */
export type RandomBytes = (size: number) => Buffer;

interface Scheme {
  readonly hash: 'sha256' | 'sha1';
  /** Whether an AES key wraps the material, and RSA only that key. */
  readonly keyWrap: boolean;
}

const SCHEMES: Readonly<Record<WrappingAlgorithm, Scheme>> = {
  RSAES_OAEP_SHA_256: { hash: 'sha256', keyWrap: false },
  RSAES_OAEP_SHA_1: { hash: 'sha1', keyWrap: false },
  RSA_AES_KEY_WRAP_SHA_256: { hash: 'sha256', keyWrap: true },
  RSA_AES_KEY_WRAP_SHA_1: { hash: 'sha1', keyWrap: true },
};

/**
 * Wraps key material for `ImportKeyMaterial`.
 *
 * RSA_AES_KEY_WRAP_*: the RSA-OAEP encryption of a fresh AES-256 key, followed by the material under
 * that key by AES key wrap with padding (AWS KMS Developer Guide,
 * importing-keys-encrypt-key-material; PKCS #11 CKM_RSA_AES_KEY_WRAP).
 *
 * @param random - makes the AES key; OAEP takes its seed from OpenSSL
 * @returns EncryptedKeyMaterial
 * @throws {@link ByokError} `KMS_WRAPPING_KEY` if the key is not an RSA key of the requested spec
 */
export function wrap(material: Uint8Array, key: WrappingPublicKey, random: RandomBytes): Buffer {
  const publicKey = readWrappingKey(key.publicKey, key.wrappingKeySpec);
  const { hash, keyWrap } = SCHEMES[key.wrappingAlgorithm];
  if (!keyWrap) return encryptOaep(material, publicKey, hash);
  const aesKey = random(32);
  try {
    return Buffer.concat([encryptOaep(aesKey, publicKey, hash), wrapWithPadding(material, aesKey)]);
  } finally {
    aesKey.fill(0);
  }
}

// The hash of OAEP is also that of MGF1, and the label is empty (RFC 8017 section 7.1); node's
// oaepHash sets both hashes.
function encryptOaep(plaintext: Uint8Array, key: KeyObject, hash: Scheme['hash']): Buffer {
  return publicEncrypt(
    { key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: hash },
    plaintext,
  );
}

/**
 * AES key wrap with padding, RFC 5649 section 4.1.
 *
 * @param kek - 16, 24 or 32 bytes
 */
export function wrapWithPadding(plaintext: Uint8Array, kek: Uint8Array): Buffer {
  const alternativeIv = Buffer.from('A65959A6', 'hex'); // RFC 5649 section 3
  const cipher = createCipheriv(`id-aes${kek.length * 8}-wrap-pad`, kek, alternativeIv);
  return Buffer.concat([cipher.update(plaintext), cipher.final()]);
}

/**
 * Returns modulus and exponent of a wrapping key, big-endian, for a token that wraps with them.
 *
 * @throws {@link ByokError} `KMS_WRAPPING_KEY` if the key is not an RSA key of the requested spec
 */
export function wrappingKeyParts(key: WrappingPublicKey): {
  readonly modulus: Buffer;
  readonly exponent: Buffer;
} {
  const { n = '', e = '' } = readWrappingKey(key.publicKey, key.wrappingKeySpec).export({
    format: 'jwk',
  });
  return { modulus: Buffer.from(n, 'base64url'), exponent: Buffer.from(e, 'base64url') };
}

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
