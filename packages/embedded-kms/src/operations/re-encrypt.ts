import {
  CIPHERTEXT,
  DRY_RUN_MODIFIERS,
  ENCRYPTION_ALGORITHM,
  GRANT_TOKENS,
  KEY_ID,
} from './shared/common-shapes';
import { assertDecryptable, decryptFor, ignoresCiphertext } from './shared/decryption';
import { assertEncryptable, encryptFor } from '../keys/encryption';
import { dryRun } from '../errors/kms-error';
import { findKeyOrAlias } from '../keys/find-key';
import { operation } from './shared/operation';
import { neededMember } from './shared/validation';

/** ReEncrypt: decrypts under one key and encrypts under another, or under newer material. */
export const reEncrypt = operation({
  types: {
    CiphertextBlob: CIPHERTEXT,
    SourceEncryptionContext: { type: 'map' },
    SourceKeyId: { type: 'string', min: 1, max: 2048 },
    DestinationKeyId: KEY_ID,
    DestinationEncryptionContext: { type: 'map' },
    SourceEncryptionAlgorithm: ENCRYPTION_ALGORITHM,
    DestinationEncryptionAlgorithm: ENCRYPTION_ALGORITHM,
    GrantTokens: GRANT_TOKENS,
    DryRun: { type: 'boolean' },
    DryRunModifiers: DRY_RUN_MODIFIERS,
  },
  run(context, input) {
    const from = input.SourceEncryptionAlgorithm ?? 'SYMMETRIC_DEFAULT';
    const to = input.DestinationEncryptionAlgorithm ?? 'SYMMETRIC_DEFAULT';
    if (ignoresCiphertext(input)) {
      const keyId = neededMember('SourceKeyId', input.SourceKeyId);
      assertDecryptable(context, { keyId, algorithm: from }, 'ReEncrypt');
      const destination = findKeyOrAlias(context, input.DestinationKeyId, 'ReEncrypt');
      const nothing = { plaintext: Buffer.alloc(0), context: input.DestinationEncryptionContext };
      assertEncryptable(destination, { algorithm: to, ...nothing }, 'ReEncrypt');
      throw dryRun();
    }
    const source = decryptFor(
      context,
      {
        blob: neededMember('CiphertextBlob', input.CiphertextBlob),
        keyId: input.SourceKeyId,
        algorithm: from,
        context: input.SourceEncryptionContext,
      },
      'ReEncrypt',
    );
    const key = findKeyOrAlias(context, input.DestinationKeyId, 'ReEncrypt');
    const request = {
      algorithm: to,
      plaintext: source.plaintext,
      context: input.DestinationEncryptionContext,
    };
    assertEncryptable(key, request, 'ReEncrypt');
    if (input.DryRun === true) throw dryRun();
    const { blob, materialId } = encryptFor(context.store.random, key, request);
    return {
      CiphertextBlob: blob,
      SourceKeyId: source.key.arn,
      KeyId: key.arn,
      SourceEncryptionAlgorithm: from,
      DestinationEncryptionAlgorithm: to,
      SourceKeyMaterialId: source.materialId,
      DestinationKeyMaterialId: materialId,
    };
  },
});
