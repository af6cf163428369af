import { constants, createPublicKey, publicEncrypt, type KeyObject } from 'node:crypto';
import { WRAPPING_KEY_BITS, type Wrapping, type WrappingAlgorithm } from '../domain/wrapping';
import { ByokError } from '../errors';

/** A wrapping public key together with how it is to be used. */
export interface WrappingPublicKey extends Wrapping {
  /** DER SubjectPublicKeyInfo, as GetParametersForImport returns it. */
  readonly publicKey: Uint8Array;
}

// The hash of OAEP is also that of MGF1, and the label is empty; node's oaepHash sets both hashes
// (AWS KMS Developer Guide, importing-keys-encrypt-key-material; RFC 8017 section 7.1).
const OAEP_HASH: Readonly<Record<WrappingAlgorithm, string>> = {
  RSAES_OAEP_SHA_256: 'sha256',
  RSAES_OAEP_SHA_1: 'sha1',
};

/**
 * Wraps key material for `ImportKeyMaterial`.
 *
 * @returns EncryptedKeyMaterial, as long as the modulus of the wrapping key
 * @throws {@link ByokError} `KMS_WRAPPING_KEY` when the key is not the RSA key that was asked for
 */
export function wrap(material: Uint8Array, key: WrappingPublicKey): Buffer {
  return publicEncrypt(
    {
      key: readWrappingKey(key),
      padding: constants.RSA_PKCS1_OAEP_PADDING,
      oaepHash: OAEP_HASH[key.wrappingAlgorithm],
    },
    material,
  );
}

function readWrappingKey(key: WrappingPublicKey): KeyObject {
  let publicKey: KeyObject | undefined;
  try {
    publicKey = createPublicKey({
      key: Buffer.from(key.publicKey),
      format: 'der',
      type: 'spki',
    });
  } catch {
    publicKey = undefined;
  }
  if (
    publicKey?.asymmetricKeyType !== 'rsa' ||
    publicKey.asymmetricKeyDetails?.modulusLength !== WRAPPING_KEY_BITS[key.wrappingKeySpec]
  ) {
    throw new ByokError(
      'KMS_WRAPPING_KEY',
      `the endpoint answered GetParametersForImport with something other than an ${key.wrappingKeySpec} public key, so nothing was wrapped: check the endpoint`,
    );
  }
  return publicKey;
}
