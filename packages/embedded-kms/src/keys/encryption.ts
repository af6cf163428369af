import { sealCiphertext, type EncryptionContext } from '../crypto/ciphertext';
import { currentMaterial } from './current-material';
import { isSymmetric } from '../crypto/key-specs';
import { assertAlgorithm, assertUsage } from './key-usage';
import type { RandomBytes } from '../crypto/random';
import { assertOaepPossible, encryptOaep } from './rsa-encryption';
import type { KeyRecord } from '../state/records';
import { keySpecNotValid } from '../errors/usage-errors';

/** A request to encrypt. */
interface Encryption {
  readonly algorithm: string;
  readonly plaintext: Buffer;
  readonly context: EncryptionContext | undefined;
}

/** A ciphertext and the material that made it; key pairs have no material ids. */
interface Encrypted {
  readonly blob: Buffer;
  readonly materialId: string | undefined;
}

/**
 * Asserts that a key can encrypt.
 *
 * @throws {@link KmsError} InvalidKeyUsageException when the usage or the spec of the key is another,
 * ValidationException when the plaintext is too long for RSA (recorded).
 */
export function assertEncryptable(key: KeyRecord, request: Encryption, operation: string): void {
  assertUsage(key, 'ENCRYPT_DECRYPT', operation);
  assertAlgorithm(key, request.algorithm);
  if (isSymmetric(key)) return;
  assertOaepPossible(key, request.algorithm, request.plaintext, request.context);
}

/** Encrypts for a key that has passed {@link assertEncryptable}. */
export function encryptFor(random: RandomBytes, key: KeyRecord, request: Encryption): Encrypted {
  const { algorithm, plaintext, context } = request;
  if (isSymmetric(key)) return sealFor(random, key, plaintext, context);
  return { blob: encryptOaep(key, algorithm, plaintext), materialId: undefined };
}

/**
 * @throws {@link KmsError} InvalidKeyUsageException when the key cannot encrypt data keys, which
 * takes a symmetric encryption key (API reference, GenerateDataKey).
 */
export function assertDataKeysPossible(key: KeyRecord, operation: string): void {
  assertUsage(key, 'ENCRYPT_DECRYPT', operation);
  if (!isSymmetric(key)) throw keySpecNotValid(key.arn, key.keySpec, operation);
}

/** Encrypts, always with the current material, under a symmetric encryption key. */
export function sealFor(
  random: RandomBytes,
  key: KeyRecord,
  plaintext: Buffer,
  context: EncryptionContext = {},
): Encrypted {
  const { id: materialId, bytes: material } = currentMaterial(key);
  const from = { keyId: key.id, materialId, material };
  return { blob: sealCiphertext(random, from, plaintext, context), materialId };
}
