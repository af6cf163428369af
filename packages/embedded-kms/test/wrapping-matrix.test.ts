import { wrappingFor } from '../src/keys/wrapping-matrix';

// Developer Guide, importing-keys-get-public-key-and-token, copied by hand.
const OAEP = ['RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256'];
const KEY_WRAP = ['RSA_AES_KEY_WRAP_SHA_1', 'RSA_AES_KEY_WRAP_SHA_256'];
const ALGORITHMS = [...OAEP, ...KEY_WRAP, 'RSAES_PKCS1_V1_5', 'SM2PKE'];
const WRAPPING_KEYS = ['RSA_2048', 'RSA_3072', 'RSA_4096', 'SM2'];

const ALLOWED: Record<string, string[]> = {
  SYMMETRIC_DEFAULT: OAEP,
  HMAC_224: OAEP,
  HMAC_256: OAEP,
  HMAC_384: OAEP,
  HMAC_512: OAEP,
  RSA_2048: KEY_WRAP,
  RSA_3072: KEY_WRAP,
  RSA_4096: KEY_WRAP,
  ECC_NIST_P256: [...OAEP, ...KEY_WRAP],
  ECC_NIST_P384: [...OAEP, ...KEY_WRAP],
  ECC_NIST_P521: [...OAEP, ...KEY_WRAP],
  ECC_SECG_P256K1: [...OAEP, ...KEY_WRAP],
  ECC_NIST_EDWARDS25519: [...OAEP, ...KEY_WRAP],
};

const cases = Object.keys(ALLOWED).flatMap((keySpec) =>
  ALGORITHMS.flatMap((algorithm) =>
    WRAPPING_KEYS.map((wrappingKeySpec) => ({ keySpec, algorithm, wrappingKeySpec })),
  ),
);

function isAllowed({ keySpec, algorithm, wrappingKeySpec }: (typeof cases)[number]): boolean {
  if (wrappingKeySpec === 'SM2' || ALLOWED[keySpec]?.includes(algorithm) !== true) return false;
  const tooLong = keySpec === 'ECC_NIST_P521' && wrappingKeySpec === 'RSA_2048';
  return !(tooLong && OAEP.includes(algorithm));
}

describe('when a wrapping is chosen', () => {
  it.each(cases)('$keySpec with $algorithm and $wrappingKeySpec is as AWS lists it', (asked) => {
    const { keySpec, algorithm, wrappingKeySpec } = asked;
    const choose = () =>
      wrappingFor({ keySpec, region: 'eu-central-1' }, algorithm, wrappingKeySpec);
    if (isAllowed(asked)) expect(choose()).toEqual({ algorithm, keySpec: wrappingKeySpec });
    else {
      expect(choose).toThrow(
        expect.objectContaining({ type: 'UnsupportedOperationException' }) as Error,
      );
    }
  });

  it.each(KEY_WRAP)('%s is refused in China Regions', (algorithm) => {
    const key = { keySpec: 'ECC_NIST_P256', region: 'cn-north-1' };
    expect(() => wrappingFor(key, algorithm, 'RSA_4096')).toThrow();
    expect(wrappingFor(key, 'RSAES_OAEP_SHA_256', 'RSA_4096')).toBeDefined();
  });
});
