import { openCiphertext, readCiphertext, type EncryptionContext } from '../../crypto/ciphertext';
import { materialBytes } from '../../keys/current-material';
import { incorrectKey, invalidCiphertext } from '../../errors/kms-error';
import { findById, findKeyOrAlias } from '../../keys/find-key';
import { assertAllowed } from '../../keys/key-state';
import { assertAlgorithm, assertUsage } from '../../keys/key-usage';
import type { Context } from '../../keys/context';
import { decryptOaep } from '../../keys/rsa-encryption';
import type { KeyRecord } from '../../state/records';

/** A request to decrypt. */
interface Decryption {
  readonly blob: Buffer;
  readonly keyId: string | undefined;
  readonly algorithm: string;
  readonly context: EncryptionContext | undefined;
}

/** A plaintext and the key that decrypted it; key pairs have no material ids. */
interface Decrypted {
  readonly key: KeyRecord;
  readonly plaintext: Buffer;
  readonly materialId: string | undefined;
}

/** The operations that decrypt, by their names in the key-state table. */
type DecryptingOperation = 'Decrypt' | 'ReEncrypt';

/**
 * Decrypts with the material that made the ciphertext, which need not be the current one.
 *
 * @throws {@link KmsError} InvalidCiphertextException, always without a reason; IncorrectKeyException
 * when the request names another key than the ciphertext (both recorded).
 */
export function decryptFor(
  context: Context,
  request: Decryption,
  operation: DecryptingOperation,
): Decrypted {
  // Ciphertexts of key pairs do not name their key, so the request must (API reference).
  // A request without a key can only mean a symmetric one, even if its algorithm is another: inferred.
  const { keyId, algorithm } = request;
  return algorithm === 'SYMMETRIC_DEFAULT' || keyId === undefined
    ? decryptSymmetric(context, request, operation)
    : decryptAsymmetric(context, { ...request, keyId }, operation);
}

/** Whether a dry run asks only about the key, and needs no ciphertext (API reference, Decrypt). */
export function ignoresCiphertext({ DryRun, DryRunModifiers = [] }: DryRunInput): boolean {
  return DryRun === true && DryRunModifiers.includes('IGNORE_CIPHERTEXT');
}

interface DryRunInput {
  readonly DryRun?: boolean;
  readonly DryRunModifiers?: readonly string[];
}

/**
 * Asserts what can be known of a decryption without its ciphertext: that the key exists, its state, its usage
 * and its algorithms. Documented is only that the ciphertext is not looked at.
 */
export function assertDecryptable(
  context: Context,
  { keyId, algorithm }: Pick<Decryption, 'keyId' | 'algorithm'> & { readonly keyId: string },
  operation: DecryptingOperation,
): void {
  const key = findKeyOrAlias(context, keyId, operation);
  assertUsage(key, 'ENCRYPT_DECRYPT', operation);
  assertAlgorithm(key, algorithm);
}

function decryptAsymmetric(
  context: Context,
  { blob, keyId, algorithm, context: encryptionContext }: Decryption & { readonly keyId: string },
  operation: DecryptingOperation,
): Decrypted {
  const key = findKeyOrAlias(context, keyId, operation);
  assertUsage(key, 'ENCRYPT_DECRYPT', operation);
  assertAlgorithm(key, algorithm);
  const plaintext = decryptOaep(key, algorithm, blob, encryptionContext);
  return { key, plaintext, materialId: undefined };
}

function decryptSymmetric(
  context: Context,
  request: Decryption,
  operation: DecryptingOperation,
): Decrypted {
  const ciphertext = readCiphertext(request.blob);
  const key = keyOf(context, ciphertext.keyId, request.keyId, operation);
  assertAlgorithm(key, request.algorithm);
  const material = materialBytes(key, ciphertext.materialId);
  if (material === undefined) throw invalidCiphertext();
  const plaintext = openCiphertext(ciphertext, material, request.context ?? {});
  return { key, plaintext, materialId: ciphertext.materialId };
}

/** Returns the key that made the ciphertext; a request that names another one is refused (recorded). */
function keyOf(
  context: Context,
  madeBy: string,
  requested: string | undefined,
  operation: DecryptingOperation,
): KeyRecord {
  if (requested !== undefined) {
    const key = findKeyOrAlias(context, requested, operation);
    if (key.id !== madeBy) throw incorrectKey();
    return key;
  }
  const key = findById(context, madeBy);
  if (key === undefined) throw invalidCiphertext();
  assertAllowed(key, operation);
  return key;
}
