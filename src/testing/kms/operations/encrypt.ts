import { sealCiphertext } from '../ciphertext';
import { ENCRYPTION_ALGORITHM, GRANT_TOKENS, KEY_ID } from '../common-shapes';
import { currentMaterial } from '../current-material';
import { dryRun, incompatibleAlgorithm } from '../errors';
import { findKeyOrAlias } from '../find-key';
import { operation } from '../operation';

/** Encrypt, always with the current material. */
export const encrypt = operation({
  types: {
    KeyId: KEY_ID,
    Plaintext: { type: 'blob', min: 1, max: 4096, required: true },
    EncryptionContext: { type: 'map' },
    GrantTokens: GRANT_TOKENS,
    EncryptionAlgorithm: ENCRYPTION_ALGORITHM,
    DryRun: { type: 'boolean' },
  },
  run(context, input) {
    const key = findKeyOrAlias(context, input.KeyId, 'Encrypt');
    const algorithm = input.EncryptionAlgorithm ?? 'SYMMETRIC_DEFAULT';
    if (algorithm !== 'SYMMETRIC_DEFAULT') throw incompatibleAlgorithm(algorithm, key.keySpec);
    if (input.DryRun === true) throw dryRun();
    const { id: materialId, bytes: material } = currentMaterial(key);
    return {
      CiphertextBlob: sealCiphertext(
        context.store.random,
        { keyId: key.id, materialId, material },
        input.Plaintext,
        input.EncryptionContext ?? {},
      ),
      KeyId: key.arn,
      EncryptionAlgorithm: algorithm,
    };
  },
});
