import {
  AlgorithmSpec,
  ExpirationModelType,
  ImportType,
  KeySpec,
  KeyUsageType,
  WrappingKeySpec,
} from '@aws-sdk/client-kms';
import { EXPIRATION_MODELS } from '../../src/domain/expiry';
import { IMPORT_TYPES } from '../../src/domain/import-type';
import {
  assertKeyUsage,
  IMPORTABLE_KEY_SPECS,
  WRAPPING_ALGORITHMS,
  WRAPPING_KEY_SPECS,
} from '../../src/domain/key-specs';

describe('when a list has the values of an enum of AWS', () => {
  it.each<[string, object, readonly string[], RegExp | undefined]>([
    ['expiration models', ExpirationModelType, EXPIRATION_MODELS, undefined],
    ['import types', ImportType, IMPORT_TYPES, undefined],
    ['importable key specs', KeySpec, IMPORTABLE_KEY_SPECS, /^ML_|^SM2$/],
    ['wrapping algorithms', AlgorithmSpec, WRAPPING_ALGORITHMS, /PKCS1|^SM2PKE$/],
    ['wrapping key specs', WrappingKeySpec, WRAPPING_KEY_SPECS, /^SM2$/],
  ])('that of the %s has all but those that are not supported', (_list, values, ours, others) => {
    const supported = Object.values(values as Record<string, string>).filter(
      (value) => others?.test(value) !== true,
    );
    expect([...ours].sort()).toEqual(supported.sort());
  });
});

describe('when a key spec allows some usages', () => {
  // AWS KMS API Reference, CreateKey, KeyUsage.
  it.each([
    ['SYMMETRIC_DEFAULT', ['ENCRYPT_DECRYPT']],
    ['HMAC_224', ['GENERATE_VERIFY_MAC']],
    ['RSA_2048', ['ENCRYPT_DECRYPT', 'SIGN_VERIFY']],
    ['ECC_NIST_P256', ['KEY_AGREEMENT', 'SIGN_VERIFY']],
    ['ECC_SECG_P256K1', ['SIGN_VERIFY']],
    ['ECC_NIST_EDWARDS25519', ['SIGN_VERIFY']],
  ] as const)('a key of %s takes %j, and no other', (keySpec, allowed) => {
    const accepted = Object.values(KeyUsageType).filter((usage) => {
      try {
        assertKeyUsage(keySpec, usage);
        return true;
      } catch {
        return false;
      }
    });
    expect(accepted).toEqual(allowed);
  });
});
