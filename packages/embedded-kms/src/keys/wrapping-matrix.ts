import { wrappingNotSupported } from '../errors/kms-error';
import { isChina } from './key-arn';
import type { ServedWrappingAlgorithm } from '../crypto/unwrap';
import { factsOfKey, type KeySpecFacts } from '../crypto/key-specs';
import type { KeyRecord } from '../state/records';
import { isWrappingKeySpec, type WrappingKeySpec } from '../crypto/wrapping-keys';

const OAEP: readonly ServedWrappingAlgorithm[] = ['RSAES_OAEP_SHA_256', 'RSAES_OAEP_SHA_1'];
const KEY_WRAP: readonly ServedWrappingAlgorithm[] = [
  'RSA_AES_KEY_WRAP_SHA_256',
  'RSA_AES_KEY_WRAP_SHA_1',
];

// Developer Guide, importing-keys-get-public-key-and-token. RSA_AES_KEY_WRAP_* is not listed for symmetric
// and HMAC keys, RSA material is too long for the others, and RSAES_PKCS1_V1_5 was removed on 2023-10-10
// although the enum still has it. SM2PKE, of China Regions, is not served.
const MATRIX: Readonly<Record<KeySpecFacts['kind'], readonly ServedWrappingAlgorithm[]>> = {
  symmetric: OAEP,
  hmac: OAEP,
  rsa: KEY_WRAP,
  ec: [...KEY_WRAP, ...OAEP],
  ed25519: [...KEY_WRAP, ...OAEP],
  'ml-dsa': [],
  'ml-kem': [],
};

/** An algorithm and a key spec that the matrix allows. */
export interface Wrapping {
  readonly algorithm: ServedWrappingAlgorithm;
  readonly keySpec: WrappingKeySpec;
}

/**
 * Returns the requested wrapping, if the matrix allows it for this key.
 *
 * @throws {@link KmsError} UnsupportedOperationException otherwise. Inferred: it is GetParametersForImport
 * that refuses, not ImportKeyMaterial later.
 */
export function wrappingFor(
  key: Pick<KeyRecord, 'keySpec' | 'region'>,
  algorithm: string,
  wrappingKeySpec: string,
): Wrapping {
  const { keySpec, region } = key;
  const served = MATRIX[factsOfKey(key).kind].find((candidate) => candidate === algorithm);
  if (
    served === undefined ||
    !isWrappingKeySpec(wrappingKeySpec) ||
    (isKeyWrap(served) && isChina(region)) ||
    // The private key is too long for RSA-OAEP under 2048 bits (Developer Guide, same page).
    (keySpec === 'ECC_NIST_P521' && !isKeyWrap(served) && wrappingKeySpec === 'RSA_2048')
  ) {
    throw wrappingNotSupported(algorithm, wrappingKeySpec, keySpec);
  }
  return { algorithm: served, keySpec: wrappingKeySpec };
}

function isKeyWrap(algorithm: ServedWrappingAlgorithm): boolean {
  return KEY_WRAP.includes(algorithm);
}
