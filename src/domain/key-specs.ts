import { assert } from '../errors';
import { isChinaRegion } from './identifiers';

/** A curve of KMS, as OpenSSL names it. */
export type Curve = 'prime256v1' | 'secp384r1' | 'secp521r1' | 'secp256k1';

/** The kind of material of a key spec. */
export type MaterialKind =
  | { readonly kind: 'symmetric' }
  /** Shortest length in bytes. */
  | { readonly kind: 'hmac'; readonly minimum: number }
  /** Length of the modulus in bits. */
  | { readonly kind: 'rsa'; readonly modulusLength: number }
  | { readonly kind: 'ec'; readonly curve: Curve }
  | { readonly kind: 'ed25519' };

// AWS KMS Developer Guide, importing-keys-conceptual: the key specs whose material can be imported.
// The page excludes ML-DSA and does not mention ML-KEM.
const KINDS = {
  SYMMETRIC_DEFAULT: { kind: 'symmetric' },
  HMAC_224: { kind: 'hmac', minimum: 28 },
  HMAC_256: { kind: 'hmac', minimum: 32 },
  HMAC_384: { kind: 'hmac', minimum: 48 },
  HMAC_512: { kind: 'hmac', minimum: 64 },
  RSA_2048: { kind: 'rsa', modulusLength: 2048 },
  RSA_3072: { kind: 'rsa', modulusLength: 3072 },
  RSA_4096: { kind: 'rsa', modulusLength: 4096 },
  ECC_NIST_P256: { kind: 'ec', curve: 'prime256v1' },
  ECC_NIST_P384: { kind: 'ec', curve: 'secp384r1' },
  ECC_NIST_P521: { kind: 'ec', curve: 'secp521r1' },
  ECC_SECG_P256K1: { kind: 'ec', curve: 'secp256k1' },
  ECC_NIST_EDWARDS25519: { kind: 'ed25519' },
} as const satisfies Readonly<Record<string, MaterialKind>>;

/**
 * A KMS `KeySpec` whose material can be imported by this package.
 *
 * @useDeclaredType
 */
export type ImportableKeySpec = keyof typeof KINDS;

/** The key specs whose material can be imported. */
export const IMPORTABLE_KEY_SPECS = Object.keys(KINDS) as ImportableKeySpec[];

/** Returns the kind of material of a key spec. */
export function materialKind(keySpec: ImportableKeySpec): MaterialKind {
  return KINDS[keySpec];
}

/**
 * Narrows a key spec that KMS reports or a program declares.
 *
 * @throws {@link ByokError} `KEY_SPEC_UNSUPPORTED`
 */
export function importableKeySpec(keySpec: string): ImportableKeySpec {
  const known = IMPORTABLE_KEY_SPECS.find((spec) => spec === keySpec);
  assert(
    known !== undefined,
    'KEY_SPEC_UNSUPPORTED',
    `material of this key spec cannot be imported: use a key whose keySpec is one of ${IMPORTABLE_KEY_SPECS.join(', ')}`,
  );
  return known;
}

// AWS KMS API Reference, CreateKey, KeyUsage.
const USAGES: Readonly<Record<MaterialKind['kind'], readonly string[]>> = {
  symmetric: ['ENCRYPT_DECRYPT'],
  hmac: ['GENERATE_VERIFY_MAC'],
  rsa: ['ENCRYPT_DECRYPT', 'SIGN_VERIFY'],
  ec: ['SIGN_VERIFY', 'KEY_AGREEMENT'],
  ed25519: ['SIGN_VERIFY'],
};

/**
 * Refuses a `KeyUsage` that KMS does not allow for a key of this spec.
 *
 * @throws {@link ByokError} `KEY_ARGS`
 */
export function assertKeyUsage(keySpec: ImportableKeySpec, keyUsage: string): void {
  const usages = keySpec === 'ECC_SECG_P256K1' ? ['SIGN_VERIFY'] : USAGES[KINDS[keySpec].kind];
  assert(
    usages.includes(keyUsage),
    'KEY_ARGS',
    `keyUsage of a key of the spec ${keySpec} must be ${usages.join(' or ')}`,
  );
}

/** The lengths in bytes that a secret may have. */
interface SecretLengths {
  /** The length for the purpose of the key. */
  readonly usual: number;
  /** The shortest that KMS accepts. */
  readonly minimum: number;
  /** The longest that KMS accepts. */
  readonly maximum: number;
}

// AES-256, or SM4 in the China Regions (AWS KMS Developer Guide, importing-keys-conceptual).
const symmetricLengths = (region: string | undefined): SecretLengths => {
  const usual = region !== undefined && isChinaRegion(region) ? 16 : 32;
  return { usual, minimum: usual, maximum: usual };
};

// The length of the hash. Longer HMAC material than 128 bytes has to be hashed first (same page).
const hmacLengths = (minimum: number): SecretLengths => ({
  usual: minimum,
  minimum,
  maximum: 128,
});

/** Returns the lengths of a secret; undefined if the key spec is for private keys. */
export function secretLengths(
  keySpec: ImportableKeySpec,
  region: string | undefined,
): SecretLengths | undefined {
  const kind: MaterialKind = KINDS[keySpec];
  if (kind.kind === 'symmetric') return symmetricLengths(region);
  return kind.kind === 'hmac' ? hmacLengths(kind.minimum) : undefined;
}

/** A secret, as far as its length says whether a key takes it. */
interface SecretLength {
  /** In bytes. */
  readonly length: number;
  /** Names, for the message, the thing that has the length. Default: material after decoding. */
  readonly name?: string | undefined;
  /** Whether the program declares the encoding `raw`, so that another length is no mistake. */
  readonly isDeliberate: boolean;
  /** The end of the message: what the bytes look like. Empty if they look like nothing. */
  readonly hint: string;
}

/**
 * Checks the length of material that is a plain secret.
 *
 * SYMMETRIC_DEFAULT takes exactly 32 bytes (AES-256), or 16 in the China Regions (SM4). HMAC keys take the
 * length of their hash, because the AWS page on encrypting the material requires that the length matches. KMS
 * accepts up to 128 bytes, and so does this function if the other length is deliberate.
 *
 * @param keySpec - undefined if it is not known: then KMS has to accept the length for one of the key specs
 * @throws {@link ByokError} `MATERIAL_LENGTH`
 */
export function assertSecretLength(
  { length, name, isDeliberate, hint }: SecretLength,
  keySpec: ImportableKeySpec | undefined,
  region: string | undefined,
): void {
  const possible = (keySpec === undefined ? IMPORTABLE_KEY_SPECS : [keySpec]).flatMap(
    (spec) => secretLengths(spec, region) ?? [],
  );
  const accepts = possible.some(({ minimum, maximum }) => length >= minimum && length <= maximum);
  const isExact = keySpec !== undefined && !isDeliberate;
  const fits = isExact ? possible.some(({ usual }) => length === usual) : accepts;
  const taker = keySpec ?? 'a key';
  const usual = [...new Set(possible.map((lengths) => lengths.usual))].join(', ');
  const remedy = accepts
    ? "; if another length is deliberate, give the bytes themselves with encoding: 'raw'"
    : '; if the source is text, set its encoding';
  assert(
    length > 0,
    'MATERIAL_LENGTH',
    `material is empty, and ${taker} takes ${usual} bytes: look at what the source gives`,
  );
  assert(
    fits,
    'MATERIAL_LENGTH',
    `${name ?? 'material'} is ${length} bytes long${name === undefined ? ' after decoding' : ''}, and ${taker} takes ${usual}${hint === '' ? remedy : hint}`,
  );
}

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

/** The algorithm and the key spec that wrap material. */
export interface Wrapping {
  readonly wrappingAlgorithm: WrappingAlgorithm;
  readonly wrappingKeySpec: WrappingKeySpec;
}

/** The inputs that choose them. */
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
 * Chooses the wrapping: the declared one or, by default, the strongest that the key spec allows and the material can
 * be wrapped by.
 *
 * @param possible - the algorithms that the material can be wrapped by; default: all
 * @throws {@link ByokError} `WRAPPING_UNSUPPORTED` if KMS would refuse the pair, or the material cannot be wrapped
 * by it
 */
export function chooseWrapping(
  keySpec: ImportableKeySpec,
  declared: WrappingInputs,
  region: string | undefined,
  possible: readonly WrappingAlgorithm[] = WRAPPING_ALGORITHMS,
): Wrapping {
  const allowed = allowedAlgorithms(keySpec, region);
  const both = allowed.filter((algorithm) => possible.includes(algorithm));
  const wrappingAlgorithm = declared.wrappingAlgorithm ?? both[0] ?? allowed[0];
  const wrappingKeySpec = declared.wrappingKeySpec ?? 'RSA_4096';
  assert(
    wrappingAlgorithm !== undefined && allowed.includes(wrappingAlgorithm),
    'WRAPPING_UNSUPPORTED',
    allowed.length === 0
      ? `the China Regions wrap ${keySpec} material only with SM2, which this package does not support: use another key spec or another Region`
      : `KMS accepts ${keySpec} material only with ${allowed.join(' or ')} in this Region: correct wrappingAlgorithm, or leave it out`,
  );
  assert(
    both.includes(wrappingAlgorithm),
    'WRAPPING_UNSUPPORTED',
    both.length === 0
      ? `KMS accepts ${keySpec} material only with ${allowed.join(' or ')}, and the source of the material can do none of them: wrap it by other means, in a ceremony (kms-byok params)`
      : `the source of the material cannot wrap by ${wrappingAlgorithm}, but by ${both.join(' or ')}: name one of these as wrappingAlgorithm, or leave it out`,
  );
  // The same page excludes this pair: a P-521 private key is longer than RSA_2048 can encrypt.
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
