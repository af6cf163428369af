import { needs } from '../errors';
import type { ImportableKeySpec } from './key-specs';

/** Wrapping algorithms in AWS's order of preference (importing-keys-get-public-key-and-token). */
export const WRAPPING_ALGORITHMS = ['RSAES_OAEP_SHA_256', 'RSAES_OAEP_SHA_1'] as const;

/** A KMS `WrappingAlgorithm` that this package wraps with. */
export type WrappingAlgorithm = (typeof WRAPPING_ALGORITHMS)[number];

/** Wrapping key specs, the strongest first. */
export const WRAPPING_KEY_SPECS = ['RSA_4096', 'RSA_3072', 'RSA_2048'] as const;

/** A KMS `WrappingKeySpec`. */
export type WrappingKeySpec = (typeof WRAPPING_KEY_SPECS)[number];

/** How material travels to KMS. */
export interface Wrapping {
  readonly wrappingAlgorithm: WrappingAlgorithm;
  readonly wrappingKeySpec: WrappingKeySpec;
}

/** What a program declares of it. */
export interface WrappingInputs {
  readonly wrappingAlgorithm?: WrappingAlgorithm | undefined;
  readonly wrappingKeySpec?: WrappingKeySpec | undefined;
}

// AWS KMS Developer Guide, importing-keys-get-public-key-and-token: what each key spec allows,
// in AWS's order of preference.
const ALLOWED: Readonly<Record<ImportableKeySpec, readonly WrappingAlgorithm[]>> = {
  SYMMETRIC_DEFAULT: ['RSAES_OAEP_SHA_256', 'RSAES_OAEP_SHA_1'],
};

/** The modulus of a wrapping key in bits. */
export const WRAPPING_KEY_BITS: Readonly<Record<WrappingKeySpec, number>> = {
  RSA_2048: 2048,
  RSA_3072: 3072,
  RSA_4096: 4096,
};

/**
 * Fills in what the program leaves open with the strongest that the key spec allows.
 *
 * @throws {@link ByokError} `WRAPPING_UNSUPPORTED` when KMS would refuse the pair.
 */
export function chooseWrapping(keySpec: ImportableKeySpec, declared: WrappingInputs): Wrapping {
  const allowed = ALLOWED[keySpec];
  const wrappingAlgorithm = declared.wrappingAlgorithm ?? allowed[0];
  needs(
    wrappingAlgorithm !== undefined && allowed.includes(wrappingAlgorithm),
    'WRAPPING_UNSUPPORTED',
    `${keySpec} material is wrapped by ${allowed.join(' or ')}: correct wrappingAlgorithm, or leave it out`,
  );
  return { wrappingAlgorithm, wrappingKeySpec: declared.wrappingKeySpec ?? 'RSA_4096' };
}
