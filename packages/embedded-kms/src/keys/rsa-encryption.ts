import { constants, privateDecrypt, publicEncrypt } from 'node:crypto';
import { currentPrivateKey, currentPublicKey } from './current-material';
import { invalidCiphertext } from '../errors/kms-error';
import { factsOfKey } from '../crypto/key-specs';
import type { KeyRecord } from '../state/records';
import { encryptionContextNotAllowed, plaintextTooLarge } from '../errors/usage-errors';

const padding = constants.RSA_PKCS1_OAEP_PADDING;

// AWS uses one hash for OAEP and for MGF1, with an empty label; node's oaepHash sets both.
const OAEP: Readonly<Record<string, { readonly oaepHash: string; readonly hashBytes: number }>> = {
  RSAES_OAEP_SHA_1: { oaepHash: 'sha1', hashBytes: 20 },
  RSAES_OAEP_SHA_256: { oaepHash: 'sha256', hashBytes: 32 },
};

/**
 * @throws {@link KmsError} ValidationException when the plaintext is too long for the key and the
 * algorithm (recorded), or the request has an encryption context.
 */
export function assertOaepPossible(
  key: KeyRecord,
  algorithm: string,
  plaintext: Buffer,
  context: object | undefined,
): void {
  assertNoContext(context);
  const max = modulusBytes(key) - 2 * oaepOf(algorithm).hashBytes - 2; // RFC 8017 §7.1.1
  if (plaintext.length > max) throw plaintextTooLarge(algorithm, key.keySpec, max);
}

/** Encrypts a plaintext that has passed {@link assertOaepPossible}. */
export function encryptOaep(key: KeyRecord, algorithm: string, plaintext: Buffer): Buffer {
  const { oaepHash } = oaepOf(algorithm);
  return publicEncrypt({ key: currentPublicKey(key), padding, oaepHash }, plaintext);
}

/** @throws {@link KmsError} InvalidCiphertextException, without a reason, when decryption fails. */
export function decryptOaep(
  key: KeyRecord,
  algorithm: string,
  ciphertext: Buffer,
  context: object | undefined,
): Buffer {
  assertNoContext(context);
  const { oaepHash } = oaepOf(algorithm);
  const privateKey = currentPrivateKey(key);
  // RFC 8017 §7.1.2, step 1b: OpenSSL would accept a ciphertext without its leading zeros.
  if (ciphertext.length !== modulusBytes(key)) throw invalidCiphertext();
  try {
    return privateDecrypt({ key: privateKey, padding, oaepHash }, ciphertext);
  } catch {
    throw invalidCiphertext();
  }
}

function modulusBytes(key: KeyRecord): number {
  const facts = factsOfKey(key);
  return facts.kind === 'rsa' ? facts.modulusBits / 8 : 0;
}

/** Only symmetric encryption can authenticate a context (API reference, Encrypt). */
function assertNoContext(context: object | undefined): void {
  if (context !== undefined) throw encryptionContextNotAllowed();
}

function oaepOf(algorithm: string) {
  const oaep = OAEP[algorithm];
  if (oaep === undefined) throw new Error('an algorithm that no RSA key has');
  return oaep;
}
