import type { PostQuantumType, Primitive } from './post-quantum';

/** The properties of a key spec. */
export type KeySpecFacts =
  | { readonly kind: 'symmetric' }
  | { readonly kind: 'hmac'; readonly hash: string; readonly minBytes: number }
  | { readonly kind: 'rsa'; readonly modulusBits: number }
  | { readonly kind: 'ec'; readonly curve: CurveName; readonly hash: string }
  | { readonly kind: 'ed25519' }
  | {
      readonly kind: 'ml-dsa' | 'ml-kem';
      readonly primitive: Primitive;
      readonly type: PostQuantumType;
    };

/** OpenSSL's name of a curve. */
export type CurveName = 'prime256v1' | 'secp384r1' | 'secp521r1' | 'secp256k1';

// API reference, CreateKey (KeySpec). node:crypto encrypts only with RSA pairs, so SM2 keys, which are only in
// China Regions, are not served. The least length of an HMAC key is that of its hash (Developer Guide,
// importing-keys-conceptual).
const FACTS: Readonly<Record<string, KeySpecFacts>> = {
  SYMMETRIC_DEFAULT: { kind: 'symmetric' },
  HMAC_224: { kind: 'hmac', hash: 'sha224', minBytes: 28 },
  HMAC_256: { kind: 'hmac', hash: 'sha256', minBytes: 32 },
  HMAC_384: { kind: 'hmac', hash: 'sha384', minBytes: 48 },
  HMAC_512: { kind: 'hmac', hash: 'sha512', minBytes: 64 },
  RSA_2048: { kind: 'rsa', modulusBits: 2048 },
  RSA_3072: { kind: 'rsa', modulusBits: 3072 },
  RSA_4096: { kind: 'rsa', modulusBits: 4096 },
  ECC_NIST_P256: { kind: 'ec', curve: 'prime256v1', hash: 'sha256' },
  ECC_NIST_P384: { kind: 'ec', curve: 'secp384r1', hash: 'sha384' },
  ECC_NIST_P521: { kind: 'ec', curve: 'secp521r1', hash: 'sha512' },
  ECC_SECG_P256K1: { kind: 'ec', curve: 'secp256k1', hash: 'sha256' },
  ECC_NIST_EDWARDS25519: { kind: 'ed25519' },
  ML_DSA_44: { kind: 'ml-dsa', primitive: 'ML-DSA', type: 'ml-dsa-44' },
  ML_DSA_65: { kind: 'ml-dsa', primitive: 'ML-DSA', type: 'ml-dsa-65' },
  ML_DSA_87: { kind: 'ml-dsa', primitive: 'ML-DSA', type: 'ml-dsa-87' },
  ML_KEM_512: { kind: 'ml-kem', primitive: 'ML-KEM', type: 'ml-kem-512' },
  ML_KEM_768: { kind: 'ml-kem', primitive: 'ML-KEM', type: 'ml-kem-768' },
  ML_KEM_1024: { kind: 'ml-kem', primitive: 'ML-KEM', type: 'ml-kem-1024' },
};

/** The facts of a key spec; undefined when keys of this spec are not served. */
export function keySpecFacts(keySpec: string): KeySpecFacts | undefined {
  return Object.hasOwn(FACTS, keySpec) ? FACTS[keySpec] : undefined;
}

/** The facts of an existing key, whose spec is always served. */
export function factsOfKey(key: { readonly keySpec: string }): KeySpecFacts {
  const facts = keySpecFacts(key.keySpec);
  if (facts === undefined) throw new Error('a key of a spec that is not served');
  return facts;
}

/** Whether the key is a symmetric encryption key, the only kind with several materials. */
export function isSymmetric(key: { readonly keySpec: string }): boolean {
  return factsOfKey(key).kind === 'symmetric';
}

/** Whether the key is a pair with a public key. */
export function isAsymmetric(key: { readonly keySpec: string }): boolean {
  const { kind } = factsOfKey(key);
  return kind !== 'symmetric' && kind !== 'hmac';
}
