import { unwrapWithPadding } from './aes-key-unwrap';
import { invalidCiphertext, invalidEncryptedKeySize } from '../errors/kms-error';
import { openOaep, type OaepHash } from './oaep';
import type { UnwrappingKey } from './wrapping-keys';

// AWS uses one hash for OAEP and for MGF1, with an empty label.
const ALGORITHMS = {
  RSAES_OAEP_SHA_1: { oaepHash: 'SHA-1', withAes: false },
  RSAES_OAEP_SHA_256: { oaepHash: 'SHA-256', withAes: false },
  RSA_AES_KEY_WRAP_SHA_1: { oaepHash: 'SHA-1', withAes: true },
  RSA_AES_KEY_WRAP_SHA_256: { oaepHash: 'SHA-256', withAes: true },
} as const satisfies Readonly<
  Record<string, { readonly oaepHash: OaepHash; readonly withAes: boolean }>
>;

/** A wrapping algorithm that {@link unwrap} can undo. */
export type ServedWrappingAlgorithm = keyof typeof ALGORITHMS;

const AES_KEY_BYTES = 32; // Developer Guide, importing-keys-encrypt-key-material: AES-256
const SEMIBLOCK = 8; // RFC 5649 §3; the shortest wrapped key has two

/**
 * Unwraps key material: RSA-OAEP (RFC 8017 §7.1.2), or RSA-OAEP of an AES-256 key, followed by the
 * material under that key (RFC 5649; PKCS #11 calls both together CKM_RSA_AES_KEY_WRAP). This is the
 * server's own code over node:crypto, and shares nothing with the clients that it tests.
 *
 * @throws {@link KmsError} ValidationException when no wrapping produces a ciphertext of this length,
 * InvalidCiphertextException, always the same and without a reason, when it does not unwrap.
 */
export async function unwrap(
  algorithm: ServedWrappingAlgorithm,
  wrappingKey: UnwrappingKey,
  ciphertext: Buffer,
): Promise<Buffer> {
  const { oaepHash, withAes } = ALGORITHMS[algorithm];
  const { modulusLength, privateKey } = wrappingKey;
  const wrapped = ciphertext.subarray(modulusLength);
  const fits = withAes
    ? wrapped.length >= 2 * SEMIBLOCK && wrapped.length % SEMIBLOCK === 0
    : ciphertext.length === modulusLength;
  if (!fits) throw invalidEncryptedKeySize();
  try {
    const opened = await openOaep(privateKey, oaepHash, ciphertext.subarray(0, modulusLength));
    return withAes ? unwrapWithPadding(aesKey(opened), wrapped) : opened;
  } catch {
    throw invalidCiphertext();
  }
}

/** Shorter AES keys would work too, but AWS documents only this length. */
function aesKey(opened: Buffer): Buffer {
  if (opened.length !== AES_KEY_BYTES) throw new Error('not an AES-256 key');
  return opened;
}
