import { isAsymmetric, isSymmetric } from '../crypto/key-specs';
import type { KeyUsage } from './key-usage';
import type { KeyRecord } from '../state/records';

/** The operations that a grant can allow (the botocore model and the SDK, GrantOperation). */
export const GRANT_OPERATIONS = [
  'Decrypt',
  'Encrypt',
  'GenerateDataKey',
  'GenerateDataKeyWithoutPlaintext',
  'ReEncryptFrom',
  'ReEncryptTo',
  'Sign',
  'Verify',
  'GetPublicKey',
  'CreateGrant',
  'RetireGrant',
  'DescribeKey',
  'GenerateDataKeyPair',
  'GenerateDataKeyPairWithoutPlaintext',
  'GenerateMac',
  'VerifyMac',
  'DeriveSharedSecret',
  'Encapsulate',
  'Decapsulate',
] as const;

type GrantOperation = (typeof GRANT_OPERATIONS)[number];

const USAGE: Readonly<Partial<Record<GrantOperation, KeyUsage>>> = {
  Decrypt: 'ENCRYPT_DECRYPT',
  Encrypt: 'ENCRYPT_DECRYPT',
  ReEncryptFrom: 'ENCRYPT_DECRYPT',
  ReEncryptTo: 'ENCRYPT_DECRYPT',
  Sign: 'SIGN_VERIFY',
  Verify: 'SIGN_VERIFY',
  GenerateMac: 'GENERATE_VERIFY_MAC',
  VerifyMac: 'GENERATE_VERIFY_MAC',
  DeriveSharedSecret: 'KEY_AGREEMENT',
  Encapsulate: 'ENCAPSULATE_DECAPSULATE',
  Decapsulate: 'ENCAPSULATE_DECAPSULATE',
};

/** Whether a key can do what a grant would allow (API reference, CreateGrant, Operations). */
export function isGrantable(key: KeyRecord, operation: GrantOperation): boolean {
  if (operation.startsWith('GenerateDataKey')) return isSymmetric(key);
  if (operation === 'GetPublicKey') return isAsymmetric(key);
  return (USAGE[operation] ?? key.keyUsage) === key.keyUsage;
}
