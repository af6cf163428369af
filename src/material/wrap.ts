import { constants, createCipheriv, publicEncrypt, type KeyObject } from 'node:crypto';
import type { Wrapping, WrappingAlgorithm } from '../domain/key-specs';
import { readWrappingKey } from './read-wrapping-key';

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
