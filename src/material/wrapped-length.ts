import { WRAPPING_KEY_BITS, type Wrapping } from '../domain/key-specs';
import { assert } from '../errors';
import { BLOB_LIMIT_BYTES } from './bundle';

/**
 * Refuses a ciphertext that cannot come from its algorithm. An RSA ciphertext is as long as the modulus (RFC 8017
 * section 7.1.1). The output of AES key wrap with padding, which follows it, is a multiple of eight bytes, at least
 * sixteen (RFC 5649 section 4.1).
 *
 * @param remedy - how to make another ciphertext
 * @throws {@link ByokError} `WRAPPED_LENGTH`
 */
export function assertWrappedLength(
  { length }: Uint8Array,
  { wrappingAlgorithm, wrappingKeySpec }: Wrapping,
  remedy: string,
): void {
  const modulus = WRAPPING_KEY_BITS[wrappingKeySpec] / 8;
  const keyWrap = wrappingAlgorithm.startsWith('RSA_AES_KEY_WRAP');
  const rest = length - modulus;
  assert(
    keyWrap ? rest >= 16 && rest % 8 === 0 && length <= BLOB_LIMIT_BYTES : rest === 0,
    'WRAPPED_LENGTH',
    `the encrypted key material is ${length} bytes long, but ${wrappingAlgorithm} with ${wrappingKeySpec} gives ${modulus}${keyWrap ? ` and a multiple of 8 that is 16 or more, together at most ${BLOB_LIMIT_BYTES}` : ''}: ${remedy}`,
  );
}
