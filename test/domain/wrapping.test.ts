import {
  IMPORTABLE_KEY_SPECS,
  chooseWrapping,
  WRAPPING_ALGORITHMS,
  WRAPPING_KEY_SPECS,
  type ImportableKeySpec,
  type WrappingAlgorithm,
} from '../../src/domain/key-specs';

// The matrix of the AWS page importing-keys-get-public-key-and-token, written out.
const OAEP = ['RSAES_OAEP_SHA_256', 'RSAES_OAEP_SHA_1'];
const KEY_WRAP = ['RSA_AES_KEY_WRAP_SHA_256', 'RSA_AES_KEY_WRAP_SHA_1'];
const allowedBy = (keySpec: string): string[] => {
  if (keySpec.startsWith('RSA')) return KEY_WRAP;
  return keySpec.startsWith('ECC') ? [...KEY_WRAP, ...OAEP] : OAEP;
};

describe('when the wrapping is chosen', () => {
  it.each(IMPORTABLE_KEY_SPECS)(
    '%s takes what the matrix of AWS allows, and nothing else',
    (keySpec) => {
      for (const wrappingAlgorithm of WRAPPING_ALGORITHMS) {
        for (const wrappingKeySpec of WRAPPING_KEY_SPECS) {
          const allowed =
            allowedBy(keySpec).includes(wrappingAlgorithm) &&
            !(
              keySpec === 'ECC_NIST_P521' &&
              wrappingKeySpec === 'RSA_2048' &&
              OAEP.includes(wrappingAlgorithm)
            );
          const choose = () =>
            chooseWrapping(keySpec, { wrappingAlgorithm, wrappingKeySpec }, 'eu-west-1');
          if (allowed) expect(choose()).toEqual({ wrappingAlgorithm, wrappingKeySpec });
          else expect(choose).toThrowWithCode('WRAPPING_UNSUPPORTED');
        }
      }
    },
  );

  it.each(IMPORTABLE_KEY_SPECS)('the strongest is the default of %s', (keySpec) => {
    expect(chooseWrapping(keySpec, {}, undefined)).toEqual({
      wrappingAlgorithm: allowedBy(keySpec)[0],
      wrappingKeySpec: 'RSA_4096',
    });
  });

  it('the China Regions have no key wrap', () => {
    expect(chooseWrapping('ECC_NIST_P256', {}, 'cn-north-1').wrappingAlgorithm).toBe(
      'RSAES_OAEP_SHA_256',
    );
    expect(() => chooseWrapping('RSA_2048', {}, 'cn-north-1')).toThrowWithCode(
      'WRAPPING_UNSUPPORTED',
    );
  });

  it('the strongest that the material can be wrapped by is the default', () => {
    const chosen = (keySpec: ImportableKeySpec, ...possible: WrappingAlgorithm[]) =>
      chooseWrapping(keySpec, {}, 'eu-west-1', possible).wrappingAlgorithm;
    expect(chosen('SYMMETRIC_DEFAULT', 'RSAES_OAEP_SHA_1')).toBe('RSAES_OAEP_SHA_1');
    expect(chosen('ECC_NIST_P256', 'RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256')).toBe(
      'RSAES_OAEP_SHA_256',
    );
    expect(chosen('RSA_2048', ...WRAPPING_ALGORITHMS)).toBe('RSA_AES_KEY_WRAP_SHA_256');
  });

  it.each([
    ['KMS and the material have none in common', 'RSA_2048', undefined],
    ['the material cannot be wrapped by the declared one', 'ECC_NIST_P256', 'RSAES_OAEP_SHA_256'],
  ] as const)('it is refused if %s', (_case, keySpec, wrappingAlgorithm) => {
    const possible = ['RSAES_OAEP_SHA_1'] as const;
    expect(() =>
      chooseWrapping(keySpec, { wrappingAlgorithm }, 'eu-west-1', possible),
    ).toThrowWithCode('WRAPPING_UNSUPPORTED');
  });
});
