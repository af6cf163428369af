import { GRANT_TOKENS, KEY_ID } from './common-shapes';
import { assertDataKeysPossible, sealFor } from '../../keys/encryption';
import { dryRun } from '../../errors/kms-error';
import { findKeyOrAlias } from '../../keys/find-key';
import { generateMaterial } from '../../keys/generate-material';
import { assertHasPrimitive, servedSpec } from '../../keys/served-spec';
import type { Context } from '../../keys/context';
import type { InputOf } from './shape';

/** The members that both operations for data key pairs share. */
export const DATA_KEY_PAIR_MEMBERS = {
  EncryptionContext: { type: 'map' },
  KeyId: KEY_ID,
  KeyPairSpec: {
    type: 'string',
    enum: [
      'RSA_2048',
      'RSA_3072',
      'RSA_4096',
      'ECC_NIST_P256',
      'ECC_NIST_P384',
      'ECC_NIST_P521',
      'ECC_SECG_P256K1',
      'SM2',
      'ECC_NIST_EDWARDS25519',
      'ML_KEM_512',
      'ML_KEM_768',
      'ML_KEM_1024',
    ],
    required: true,
  },
  GrantTokens: GRANT_TOKENS,
  DryRun: { type: 'boolean' },
} as const;

/** Makes a key pair, and encrypts its private key under the key. */
export async function makeDataKeyPair(
  context: Context,
  input: InputOf<typeof DATA_KEY_PAIR_MEMBERS>,
  operation: 'GenerateDataKeyPair' | 'GenerateDataKeyPairWithoutPlaintext',
) {
  const key = findKeyOrAlias(context, input.KeyId, operation);
  assertDataKeysPossible(key, operation);
  const facts = servedSpec('KeyPairSpec', input.KeyPairSpec);
  assertHasPrimitive('KeyPairSpec', input.KeyPairSpec);
  if (input.DryRun === true) throw dryRun();
  const { random } = context.store;
  const pair = await generateMaterial(random, facts, context.region);
  // Meanwhile another request may have deleted the material of the key.
  const still = findKeyOrAlias(context, input.KeyId, operation);
  const { blob, materialId } = sealFor(random, still, pair.bytes, input.EncryptionContext);
  return {
    plaintext: pair.bytes,
    members: {
      PrivateKeyCiphertextBlob: blob,
      PublicKey: pair.publicKey,
      KeyId: key.arn,
      KeyPairSpec: input.KeyPairSpec,
      KeyMaterialId: materialId,
    },
  };
}
