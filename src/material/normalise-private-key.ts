import { createPublicKey, type KeyObject, randomBytes, sign, verify } from 'node:crypto';
import { assert, ByokError } from '../errors';
import { ecPkcs8 } from './ec-key';
import { readPrivateKey } from './read-private-key';

/** The type of a private key. */
export type PrivateKeyType =
  | { readonly type: 'rsa'; readonly modulusLength: number }
  | { readonly type: 'ec'; readonly curve: string }
  | { readonly type: 'ed25519' };

/** A private key in the form that KMS imports. */
export interface NormalisedKey {
  readonly type: PrivateKeyType;
  /** Unencrypted PKCS#8 DER, equal for every format of the same key. */
  readonly pkcs8: Buffer;
}

/**
 * Reads a private key in PKCS#8 (RFC 5208; also encrypted; RFC 5958), PKCS#1 (RFC 8017), SEC1 (RFC 5915), in
 * PEM or DER, or as JWK (RFC 7517), and normalises it to the PKCS#8 DER that KMS imports. Erases the
 * content.
 *
 * @param passphrase - opens an encrypted key
 * @throws {@link ByokError} `MATERIAL_KEY_FORMAT`, `MATERIAL_PASSPHRASE`, `MATERIAL_KEY_TYPE`
 */
export function normalisePrivateKey(content: Buffer, passphrase?: Buffer): NormalisedKey {
  try {
    const key = readPrivateKey(content, passphrase);
    const type = typeOf(key);
    const pkcs8 = type.type === 'ec' ? ecPkcs8(key) : key.export({ format: 'der', type: 'pkcs8' });
    if (type.type === 'rsa') {
      assert(
        hasTwoPrimes(key),
        'MATERIAL_KEY_FORMAT',
        'material is an RSA key of more than two primes, which KMS does not import: give another key',
      );
      // The fingerprint is of the public key, so the private key has to be the one that belongs to it.
      assert(
        signsForItself(key),
        'MATERIAL_KEY_FORMAT',
        'material is an RSA key whose parts do not belong together, so the file is damaged or put together from two keys: export the key again',
      );
    }
    return { type, pkcs8 };
  } finally {
    content.fill(0);
  }
}

// RSAPrivateKey, version 0: two primes (RFC 8017 appendix A.1.2). With a modulus of 2048 bits or more,
// the version follows four octets of SEQUENCE header and two of INTEGER header.
function hasTwoPrimes(key: KeyObject): boolean {
  const pkcs1 = key.export({ format: 'der', type: 'pkcs1' });
  const version = pkcs1[6];
  pkcs1.fill(0);
  return version === 0;
}

function signsForItself(key: KeyObject): boolean {
  const message = randomBytes(32);
  try {
    return verify('sha256', message, createPublicKey(key), sign('sha256', message, key));
  } catch {
    return false;
  }
}

function typeOf(key: KeyObject): PrivateKeyType {
  const { asymmetricKeyType, asymmetricKeyDetails } = key;
  if (asymmetricKeyType === 'rsa') {
    return { type: 'rsa', modulusLength: asymmetricKeyDetails?.modulusLength ?? 0 };
  }
  if (asymmetricKeyType === 'ec') {
    return { type: 'ec', curve: asymmetricKeyDetails?.namedCurve ?? '' };
  }
  if (asymmetricKeyType === 'ed25519') return { type: 'ed25519' };
  throw new ByokError(
    'MATERIAL_KEY_TYPE',
    `material is a private key of type ${String(asymmetricKeyType)}, which KMS does not import: RSA, EC or Ed25519 is expected`,
  );
}
