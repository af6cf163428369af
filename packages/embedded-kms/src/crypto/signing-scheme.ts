/** OpenSSL's name of a hash in AWS's signing algorithms. */
export type SigningHash = 'sha256' | 'sha384' | 'sha512';

/** A scheme that hashes the message first, so the caller may send the digest instead. */
export interface HashingScheme {
  readonly kind: 'pss' | 'pkcs1' | 'ecdsa';
  readonly hash: SigningHash;
}

/** How a signing algorithm signs. */
export type SigningScheme = HashingScheme | { readonly kind: 'ed25519' | 'ml-dsa' };

/** The length of a digest (FIPS 180-4 §1). */
export const DIGEST_BYTES: Readonly<Record<SigningHash, number>> = {
  sha256: 32,
  sha384: 48,
  sha512: 64,
};
