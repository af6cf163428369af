import { wrappingNotSupported } from './errors';
import { isWrappingKeySpec, type WrappingKeySpec } from './wrapping-keys';

/** A wrapping algorithm that {@link unwrap} can undo. */
export type ServedWrappingAlgorithm = 'RSAES_OAEP_SHA_1' | 'RSAES_OAEP_SHA_256';

// Developer Guide, importing-keys-get-public-key-and-token (kms.md 2.1). RSA_AES_KEY_WRAP_* is not
// listed for symmetric keys, and RSAES_PKCS1_V1_5 was removed on 2023-10-10 though the enum has it.
const MATRIX: Readonly<Record<string, readonly ServedWrappingAlgorithm[]>> = {
  SYMMETRIC_DEFAULT: ['RSAES_OAEP_SHA_256', 'RSAES_OAEP_SHA_1'],
};

/** A pair from the matrix. */
export interface Wrapping {
  readonly algorithm: ServedWrappingAlgorithm;
  readonly keySpec: WrappingKeySpec;
}

/**
 * The wrapping that was asked for, when the matrix has it for this key spec.
 *
 * @throws {@link KmsError} UnsupportedOperationException otherwise. That GetParametersForImport
 * refuses, and not ImportKeyMaterial later, is inferred.
 */
export function wrappingFor(keySpec: string, algorithm: string, wrappingKeySpec: string): Wrapping {
  const served = MATRIX[keySpec]?.find((candidate) => candidate === algorithm);
  if (served === undefined || !isWrappingKeySpec(wrappingKeySpec)) {
    throw wrappingNotSupported(algorithm, wrappingKeySpec, keySpec);
  }
  return { algorithm: served, keySpec: wrappingKeySpec };
}
