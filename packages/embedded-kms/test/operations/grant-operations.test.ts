import { GRANT_OPERATIONS, isGrantable } from '../../src/keys/grant-operations';
import type { KeyRecord } from '../../src/state/records';

/** One key of each kind that AWS distinguishes. */
const KEYS = {
  symmetric: { keySpec: 'SYMMETRIC_DEFAULT', keyUsage: 'ENCRYPT_DECRYPT' },
  encryption: { keySpec: 'RSA_2048', keyUsage: 'ENCRYPT_DECRYPT' },
  signing: { keySpec: 'ECC_NIST_P256', keyUsage: 'SIGN_VERIFY' },
  mac: { keySpec: 'HMAC_256', keyUsage: 'GENERATE_VERIFY_MAC' },
  agreement: { keySpec: 'ECC_NIST_P256', keyUsage: 'KEY_AGREEMENT' },
  encapsulation: { keySpec: 'ML_KEM_768', keyUsage: 'ENCAPSULATE_DECAPSULATE' },
} as const;

type Kind = keyof typeof KEYS;

const EVERY = Object.keys(KEYS) as Kind[];
const PAIRS = EVERY.filter((kind) => kind !== 'symmetric' && kind !== 'mac');

/** By hand from AWS's description of the operations (API reference, CreateGrant, Operations). */
const GRANTABLE: Readonly<Record<(typeof GRANT_OPERATIONS)[number], readonly Kind[]>> = {
  Decrypt: ['symmetric', 'encryption'],
  Encrypt: ['symmetric', 'encryption'],
  ReEncryptFrom: ['symmetric', 'encryption'],
  ReEncryptTo: ['symmetric', 'encryption'],
  GenerateDataKey: ['symmetric'],
  GenerateDataKeyWithoutPlaintext: ['symmetric'],
  GenerateDataKeyPair: ['symmetric'],
  GenerateDataKeyPairWithoutPlaintext: ['symmetric'],
  Sign: ['signing'],
  Verify: ['signing'],
  GenerateMac: ['mac'],
  VerifyMac: ['mac'],
  DeriveSharedSecret: ['agreement'],
  Encapsulate: ['encapsulation'],
  Decapsulate: ['encapsulation'],
  GetPublicKey: PAIRS,
  CreateGrant: EVERY,
  RetireGrant: EVERY,
  DescribeKey: EVERY,
};

describe('when a grant would allow an operation', () => {
  it.each(GRANT_OPERATIONS)('%s is only for keys that can do it', (operation) => {
    const kinds = EVERY.filter((kind) => isGrantable(KEYS[kind] as KeyRecord, operation));
    expect(kinds).toEqual(GRANTABLE[operation]);
  });
});
