import { openCiphertext, readCiphertext } from '../ciphertext';
import { CIPHERTEXT, ENCRYPTION_ALGORITHM, GRANT_TOKENS } from '../common-shapes';
import { materialBytes } from '../current-material';
import { dryRun, incompatibleAlgorithm, incorrectKey, invalidCiphertext } from '../errors';
import { findById, findKeyOrAlias } from '../find-key';
import { refuseRecipient } from '../recipient';
import { assertAllowed } from '../key-state';
import { operation, type Context } from '../operation';
import type { KeyRecord } from '../store';

/** Decrypt, with the material that made the ciphertext, whichever is current now. */
export const decrypt = operation({
  types: {
    CiphertextBlob: { ...CIPHERTEXT, required: true },
    EncryptionContext: { type: 'map' },
    GrantTokens: GRANT_TOKENS,
    KeyId: { type: 'string', min: 1, max: 2048 },
    EncryptionAlgorithm: ENCRYPTION_ALGORITHM,
    Recipient: { type: 'structure', members: {} },
    DryRun: { type: 'boolean' },
  },
  run(context, input) {
    refuseRecipient(input.Recipient);
    const ciphertext = readCiphertext(input.CiphertextBlob);
    const key = keyOf(context, ciphertext.keyId, input.KeyId);
    const algorithm = input.EncryptionAlgorithm ?? 'SYMMETRIC_DEFAULT';
    if (algorithm !== 'SYMMETRIC_DEFAULT') throw incompatibleAlgorithm(algorithm, key.keySpec);
    const material = materialBytes(key, ciphertext.materialId);
    if (material === undefined) throw invalidCiphertext();
    const plaintext = openCiphertext(ciphertext, material, input.EncryptionContext ?? {});
    if (input.DryRun === true) throw dryRun();
    return {
      KeyId: key.arn,
      Plaintext: plaintext,
      EncryptionAlgorithm: algorithm,
      KeyMaterialId: ciphertext.materialId,
    };
  },
});

/** The key that made the ciphertext; a request that names another one is refused (recorded). */
function keyOf(context: Context, madeBy: string, requested: string | undefined): KeyRecord {
  if (requested !== undefined) {
    const key = findKeyOrAlias(context, requested, 'Decrypt');
    if (key.id !== madeBy) throw incorrectKey();
    return key;
  }
  const key = findById(context, madeBy);
  if (key === undefined) throw invalidCiphertext();
  assertAllowed(key, 'Decrypt');
  return key;
}
