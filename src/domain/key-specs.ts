import { assert } from '../errors';
import { isChinaRegion } from './identifiers';

/** What kind of material a key spec takes. */
export type MaterialKind =
  | { readonly kind: 'symmetric' }
  /** Shortest length in bytes. */
  | { readonly kind: 'hmac'; readonly minimum: number }
  /** Length of the modulus in bits. */
  | { readonly kind: 'rsa'; readonly modulusLength: number }
  /** The curve as OpenSSL names it. */
  | { readonly kind: 'ec'; readonly curve: string }
  | { readonly kind: 'ed25519' };

// AWS KMS Developer Guide, importing-keys-conceptual: the key specs whose material can be imported.
// ML-DSA is excepted there; of ML-KEM nothing is said.
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

/** What a key spec takes. */
export function materialKind(keySpec: ImportableKeySpec): MaterialKind {
  return KINDS[keySpec];
}

/**
 * Narrows the key spec that KMS reports, or that a program declares.
 *
 * @throws {@link ByokError} `KEY_SPEC_UNSUPPORTED`
 */
export function importableKeySpec(keySpec: string): ImportableKeySpec {
  const known = IMPORTABLE_KEY_SPECS.find((spec) => spec === keySpec);
  assert(
    known !== undefined,
    'KEY_SPEC_UNSUPPORTED',
    `material of this key spec cannot be imported; keySpec is one of ${IMPORTABLE_KEY_SPECS.join(', ')}`,
  );
  return known;
}

// Longer HMAC material has to be hashed first (AWS KMS Developer Guide, importing-keys-conceptual).
const HMAC_MAXIMUM = 128;

/**
 * Checks the length of material that is a plain secret.
 *
 * SYMMETRIC_DEFAULT takes exactly 32 bytes (AES-256), and 16 in the China Regions, where it is SM4.
 * HMAC keys take the length of their hash up to 128 bytes; the page on encrypting the material says
 * that the length must match, so the length of the hash is the safe choice.
 *
 * @throws {@link ByokError} `MATERIAL_LENGTH`
 */
export function assertSecretLength(
  length: number,
  keySpec: ImportableKeySpec,
  region: string | undefined,
): void {
  const kind: MaterialKind = KINDS[keySpec];
  if (kind.kind === 'hmac') {
    assert(
      length >= kind.minimum && length <= HMAC_MAXIMUM,
      'MATERIAL_LENGTH',
      `material is ${length} bytes long after decoding, and ${keySpec} takes ${kind.minimum} to ${HMAC_MAXIMUM} (${kind.minimum} is the safe choice); if the source is text, set its encoding`,
    );
  } else if (kind.kind === 'symmetric') {
    const expected = region !== undefined && isChinaRegion(region) ? 16 : 32;
    assert(
      length === expected,
      'MATERIAL_LENGTH',
      `material is ${length} bytes long after decoding, and ${keySpec} takes exactly ${expected}; if the source is text, set its encoding (base64 or hex)`,
    );
  }
}
