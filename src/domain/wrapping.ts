import { assert } from '../errors';
import { isChinaRegion } from './identifiers';
import { materialKind, type ImportableKeySpec, type MaterialKind } from './key-specs';

/** Wrapping algorithms, the strongest first. */
export const WRAPPING_ALGORITHMS = [
  'RSA_AES_KEY_WRAP_SHA_256',
  'RSA_AES_KEY_WRAP_SHA_1',
  'RSAES_OAEP_SHA_256',
  'RSAES_OAEP_SHA_1',
] as const;

/**
 * A KMS `WrappingAlgorithm` that this package wraps with.
 *
 * @useDeclaredType
 */
export type WrappingAlgorithm = (typeof WRAPPING_ALGORITHMS)[number];

/** Wrapping key specs, the strongest first. */
export const WRAPPING_KEY_SPECS = ['RSA_4096', 'RSA_3072', 'RSA_2048'] as const;

/**
 * A KMS `WrappingKeySpec`.
 *
 * @useDeclaredType
 */
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

const OAEP = ['RSAES_OAEP_SHA_256', 'RSAES_OAEP_SHA_1'] as const;
const KEY_WRAP = ['RSA_AES_KEY_WRAP_SHA_256', 'RSA_AES_KEY_WRAP_SHA_1'] as const;

// AWS KMS Developer Guide, importing-keys-get-public-key-and-token: what each kind of material
// allows, in AWS's order of preference. RSAES_PKCS1_V1_5 was withdrawn in October 2023.
const ALLOWED: Readonly<Record<MaterialKind['kind'], readonly WrappingAlgorithm[]>> = {
  symmetric: OAEP,
  hmac: OAEP,
  rsa: KEY_WRAP,
  ec: [...KEY_WRAP, ...OAEP],
  ed25519: [...KEY_WRAP, ...OAEP],
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
export function chooseWrapping(
  keySpec: ImportableKeySpec,
  declared: WrappingInputs,
  region: string | undefined,
): Wrapping {
  const allowed = allowedAlgorithms(keySpec, region);
  const wrappingAlgorithm = declared.wrappingAlgorithm ?? allowed[0];
  const wrappingKeySpec = declared.wrappingKeySpec ?? 'RSA_4096';
  assert(
    wrappingAlgorithm !== undefined && allowed.includes(wrappingAlgorithm),
    'WRAPPING_UNSUPPORTED',
    allowed.length === 0
      ? `${keySpec} material can only be wrapped by SM2 in the China Regions, which is not supported`
      : `${keySpec} material is wrapped by ${allowed.join(' or ')} here: correct wrappingAlgorithm, or leave it out`,
  );
  // The same page excepts this pair: a P-521 private key is longer than RSA_2048 can encrypt.
  const tooShort =
    keySpec === 'ECC_NIST_P521' &&
    wrappingKeySpec === 'RSA_2048' &&
    OAEP.some((algorithm) => algorithm === wrappingAlgorithm);
  assert(
    !tooShort,
    'WRAPPING_UNSUPPORTED',
    'ECC_NIST_P521 material does not fit RSAES_OAEP with RSA_2048: choose a longer wrappingKeySpec, or leave it out',
  );
  return { wrappingAlgorithm, wrappingKeySpec };
}

// RSA_AES_KEY_WRAP_* is not available in the China Regions (same page).
function allowedAlgorithms(
  keySpec: ImportableKeySpec,
  region: string | undefined,
): readonly WrappingAlgorithm[] {
  const allowed = ALLOWED[materialKind(keySpec).kind];
  if (region === undefined || !isChinaRegion(region)) return allowed;
  return allowed.filter((algorithm) => OAEP.some((oaep) => oaep === algorithm));
}
