import { constants, privateDecrypt, type KeyObject } from 'node:crypto';
import { invalidCiphertext, invalidEncryptedKeySize } from './errors';
import type { ServedWrappingAlgorithm } from './wrapping-matrix';

// AWS uses one hash for OAEP and for MGF1, with an empty label; node's oaepHash sets both.
const OAEP_HASH: Readonly<Record<ServedWrappingAlgorithm, string>> = {
  RSAES_OAEP_SHA_1: 'sha1',
  RSAES_OAEP_SHA_256: 'sha256',
};

/**
 * Undoes the wrapping of key material (RSA-OAEP, RFC 8017 §7.1.2). This is the server's own code
 * over node:crypto, and shares nothing with the wrapping that it judges.
 *
 * @throws {@link KmsError} ValidationException when the ciphertext is not as long as the modulus,
 * InvalidCiphertextException, always the same and without a reason, when it does not unwrap.
 */
export function unwrap(
  algorithm: ServedWrappingAlgorithm,
  wrappingKey: { readonly modulusLength: number; readonly privateKey: KeyObject },
  ciphertext: Buffer,
): Buffer {
  if (ciphertext.length !== wrappingKey.modulusLength) throw invalidEncryptedKeySize();
  try {
    return privateDecrypt(
      {
        key: wrappingKey.privateKey,
        padding: constants.RSA_PKCS1_OAEP_PADDING,
        oaepHash: OAEP_HASH[algorithm],
      },
      ciphertext,
    );
  } catch {
    throw invalidCiphertext();
  }
}
