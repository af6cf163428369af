import { ENCRYPTION_ALGORITHM, GRANT_TOKENS, KEY_ID } from './shared/common-shapes';
import { assertEncryptable, encryptFor } from '../keys/encryption';
import { dryRun } from '../errors/kms-error';
import { findKeyOrAlias } from '../keys/find-key';
import { operation } from './shared/operation';

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
    const request = { algorithm, plaintext: input.Plaintext, context: input.EncryptionContext };
    assertEncryptable(key, request, 'Encrypt');
    if (input.DryRun === true) throw dryRun();
    return {
      CiphertextBlob: encryptFor(context.store.random, key, request).blob,
      KeyId: key.arn,
      EncryptionAlgorithm: algorithm,
    };
  },
});
