import { GRANT_TOKENS, KEY_ID } from './common-shapes';
import { assertDataKeysPossible, sealFor } from '../../keys/encryption';
import { dataKeyLengthMissing, dryRun } from '../../errors/kms-error';
import { findKeyOrAlias } from '../../keys/find-key';
import type { Context } from '../../keys/context';
import type { InputOf } from './shape';

const DATA_KEY_BYTES = { AES_256: 32, AES_128: 16 } as const;

/** The members that both operations for data keys share. */
export const DATA_KEY_MEMBERS = {
  KeyId: KEY_ID,
  EncryptionContext: { type: 'map' },
  NumberOfBytes: { type: 'integer', min: 1, max: 1024 },
  KeySpec: { type: 'string', enum: ['AES_256', 'AES_128'] },
  GrantTokens: GRANT_TOKENS,
  DryRun: { type: 'boolean' },
} as const;

/** Makes random bytes, and encrypts them under the key. */
export function makeDataKey(
  context: Context,
  input: InputOf<typeof DATA_KEY_MEMBERS>,
  operation: 'GenerateDataKey' | 'GenerateDataKeyWithoutPlaintext',
) {
  const key = findKeyOrAlias(context, input.KeyId, operation);
  assertDataKeysPossible(key, operation);
  const length = input.KeySpec === undefined ? input.NumberOfBytes : DATA_KEY_BYTES[input.KeySpec];
  const both = input.KeySpec !== undefined && input.NumberOfBytes !== undefined;
  if (length === undefined || both) throw dataKeyLengthMissing();
  if (input.DryRun === true) throw dryRun();
  const { random } = context.store;
  const plaintext = random(length);
  const { blob, materialId } = sealFor(random, key, plaintext, input.EncryptionContext);
  return {
    plaintext,
    members: { CiphertextBlob: blob, KeyId: key.arn, KeyMaterialId: materialId },
  };
}
