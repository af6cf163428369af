import { GRANT_TOKENS, KEY_ID } from './common-shapes';

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

/** The default of MessageType (API reference, Sign). */
export const DEFAULT_MESSAGE_TYPE = 'RAW';
