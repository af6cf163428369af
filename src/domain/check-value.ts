/**
 * The check value of material: a short or a whole result of a computation that only somebody with the same material
 * repeats, or for a key pair anybody with its public key. It helps to guess weak material.
 */
export interface CheckValue {
  /**
   * `AES_CMAC`: of 16 zero bytes, the first 5 bytes. `HMAC_SHA_*`: of 16 zero bytes, the whole. `PUBLIC_KEY_SHA_256`: of
   * the SubjectPublicKeyInfo in DER, the whole.
   */
  readonly method: CheckValueMethod;
  /** Hex. */
  readonly value: string;
}

/** How a check value is computed. */
export type CheckValueMethod =
  | 'AES_CMAC'
  | 'HMAC_SHA_224'
  | 'HMAC_SHA_256'
  | 'HMAC_SHA_384'
  | 'HMAC_SHA_512'
  | 'PUBLIC_KEY_SHA_256';

/** Bytes of a CMAC that are a check value. Its first 3 bytes are the shorter form that other systems show. */
export const CMAC_BYTES = 5;
