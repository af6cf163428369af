import { constants, privateEncrypt, publicDecrypt, randomBytes, type KeyObject } from 'node:crypto';
import { signDigestWithEcdsa, verifyDigestWithEcdsa } from './ecdsa-digest';
import { encodePss, isPssEncodingOf } from './emsa-pss';
import { DIGEST_BYTES, type HashingScheme, type SigningHash } from './signing-scheme';

// node:crypto always hashes its input before it signs. For MessageType DIGEST this file does the steps
// around the hash, over OpenSSL's raw RSA and elliptic curve functions.

/** The DER before a digest in RSASSA-PKCS1-v1_5 (RFC 8017 §9.2, note 1). */
const DIGEST_INFO: Readonly<Record<SigningHash, string>> = {
  sha256: '3031300d060960864801650304020105000420',
  sha384: '3041300d060960864801650304020205000430',
  sha512: '3051300d060960864801650304020305000440',
};

/** Signs a digest that has the length of the scheme's hash. */
export function signDigest(key: KeyObject, { kind, hash }: HashingScheme, digest: Buffer): Buffer {
  switch (kind) {
    case 'ecdsa':
      return signDigestWithEcdsa(key, digest);
    case 'pkcs1':
      return privateEncrypt(
        { key, padding: constants.RSA_PKCS1_PADDING },
        digestInfo(hash, digest),
      );
    case 'pss': {
      const salt = randomBytes(DIGEST_BYTES[hash]);
      const encoded = encodePss(hash, digest, salt, modulusBytes(key));
      return privateEncrypt({ key, padding: constants.RSA_NO_PADDING }, encoded);
    }
  }
}

/** Whether a signature is valid for a digest that has the length of the scheme's hash. */
export function verifyDigest(
  key: KeyObject,
  { kind, hash }: HashingScheme,
  digest: Buffer,
  signature: Buffer,
): boolean {
  switch (kind) {
    case 'ecdsa':
      return verifyDigestWithEcdsa(key, hash, digest, signature);
    case 'pkcs1':
      return (
        opened(key, constants.RSA_PKCS1_PADDING, signature)?.equals(digestInfo(hash, digest)) ??
        false
      );
    case 'pss': {
      const encoded = opened(key, constants.RSA_NO_PADDING, signature);
      return encoded !== undefined && isPssEncodingOf(hash, digest, encoded);
    }
  }
}

function digestInfo(hash: SigningHash, digest: Buffer): Buffer {
  return Buffer.concat([Buffer.from(DIGEST_INFO[hash], 'hex'), digest]);
}

function opened(key: KeyObject, padding: number, signature: Buffer): Buffer | undefined {
  // RFC 8017 §8.2.2, step 1: OpenSSL would accept a signature without its leading zeros.
  if (signature.length !== modulusBytes(key)) return undefined;
  try {
    return publicDecrypt({ key, padding }, signature);
  } catch {
    return undefined; // not below the modulus, or without the padding
  }
}

function modulusBytes(key: KeyObject): number {
  return (key.asymmetricKeyDetails?.modulusLength ?? 0) / 8;
}
