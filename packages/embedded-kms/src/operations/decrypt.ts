import {
  CIPHERTEXT,
  DRY_RUN_MODIFIERS,
  ENCRYPTION_ALGORITHM,
  GRANT_TOKENS,
} from './shared/common-shapes';
import { assertDecryptable, decryptFor, ignoresCiphertext } from './shared/decryption';
import { dryRun } from '../errors/kms-error';
import { operation } from './shared/operation';
import { refuseRecipient } from './shared/recipient';
import { neededMember } from './shared/validation';

/** Decrypt, with the material that made the ciphertext, which need not be the current one. */
export const decrypt = operation({
  types: {
    CiphertextBlob: CIPHERTEXT,
    EncryptionContext: { type: 'map' },
    GrantTokens: GRANT_TOKENS,
    KeyId: { type: 'string', min: 1, max: 2048 },
    EncryptionAlgorithm: ENCRYPTION_ALGORITHM,
    Recipient: { type: 'structure', members: {} },
    DryRun: { type: 'boolean' },
    DryRunModifiers: DRY_RUN_MODIFIERS,
  },
  run(context, input) {
    refuseRecipient(input.Recipient);
    const algorithm = input.EncryptionAlgorithm ?? 'SYMMETRIC_DEFAULT';
    if (ignoresCiphertext(input)) {
      const keyId = neededMember('KeyId', input.KeyId);
      assertDecryptable(context, { keyId, algorithm }, 'Decrypt');
      throw dryRun();
    }
    const { key, plaintext, materialId } = decryptFor(
      context,
      {
        blob: neededMember('CiphertextBlob', input.CiphertextBlob),
        keyId: input.KeyId,
        algorithm,
        context: input.EncryptionContext,
      },
      'Decrypt',
    );
    if (input.DryRun === true) throw dryRun();
    return {
      KeyId: key.arn,
      Plaintext: plaintext,
      EncryptionAlgorithm: algorithm,
      KeyMaterialId: materialId,
    };
  },
});
