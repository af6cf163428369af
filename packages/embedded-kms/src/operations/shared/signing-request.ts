import { schemeFor } from '../../crypto/signing';
import type { Context } from '../../keys/context';
import { findKeyOrAlias } from '../../keys/find-key';
import { assertAlgorithm, assertUsage } from '../../keys/key-usage';
import { assertHasPrimitive } from '../../keys/served-spec';
import { GRANT_TOKENS, KEY_ID } from './common-shapes';
import type { InputOf } from './shape';

/** The members that Sign and Verify share (the botocore model). */
export const SIGNING_MEMBERS = {
  KeyId: KEY_ID,
  Message: { type: 'blob', min: 1, max: 4096, required: true },
  MessageType: { type: 'string', enum: ['RAW', 'DIGEST', 'EXTERNAL_MU'] },
  GrantTokens: GRANT_TOKENS,
  SigningAlgorithm: {
    type: 'string',
    enum: [
      'RSASSA_PSS_SHA_256',
      'RSASSA_PSS_SHA_384',
      'RSASSA_PSS_SHA_512',
      'RSASSA_PKCS1_V1_5_SHA_256',
      'RSASSA_PKCS1_V1_5_SHA_384',
      'RSASSA_PKCS1_V1_5_SHA_512',
      'ECDSA_SHA_256',
      'ECDSA_SHA_384',
      'ECDSA_SHA_512',
      'SM2DSA',
      'ML_DSA_SHAKE_256',
      'ED25519_SHA_512',
      'ED25519_PH_SHA_512',
    ],
    required: true,
  },
  DryRun: { type: 'boolean' },
} as const;

const DEFAULT_MESSAGE_TYPE = 'RAW'; // API reference, Sign

/**
 * Finds the key and the scheme that a request to sign or verify names.
 *
 * @throws {@link KmsError} InvalidKeyUsageException or ValidationException when the key, the
 * algorithm and the message do not fit each other; UnsupportedOperationException when Node.js has no ML-DSA.
 */
export function readSigningRequest(
  context: Context,
  input: InputOf<typeof SIGNING_MEMBERS>,
  operation: 'Sign' | 'Verify',
) {
  const { KeyId: keyId, SigningAlgorithm: algorithm, MessageType, Message: message } = input;
  const key = findKeyOrAlias(context, keyId, operation);
  assertUsage(key, 'SIGN_VERIFY', operation);
  assertAlgorithm(key, algorithm);
  const request = { algorithm, messageType: MessageType ?? DEFAULT_MESSAGE_TYPE, message };
  const scheme = schemeFor(request);
  // It may come from the snapshot of a server with a newer Node.js.
  assertHasPrimitive('KeySpec', key.keySpec);
  return { key, request, scheme };
}
