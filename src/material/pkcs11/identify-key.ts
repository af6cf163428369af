import { assert } from '../../errors';
import type { MacHash } from '../material-proof';
import { CKM } from './cryptoki';
import type { KeyInToken } from './find-key';
import type { Functions, Handle } from './module';
import { resultOf } from './module-error';

/**
 * Computes SHA-256 over bytes and the value of a key in its token.
 *
 * @returns undefined if the token does not hash keys, as the standard allows
 * @throws {@link ByokError} `PKCS11_ERROR` if the result is no SHA-256
 */
export function digestKey(
  functions: Functions,
  session: Handle,
  { handle }: KeyInToken,
  prefix: Buffer,
): Buffer | undefined {
  return unlessRefused(() => {
    functions.C_DigestInit(session, { mechanism: CKM.sha256 });
    functions.C_DigestUpdate(session, prefix);
    functions.C_DigestKey(session, handle);
    return ofLength(SHA_256_BYTES, functions.C_DigestFinal(session, Buffer.alloc(SHA_256_BYTES)));
  });
}

/**
 * Computes a MAC of 16 zero bytes by a secret in its token: AES-CMAC (RFC 4493) for an AES key, HMAC for any other.
 *
 * @returns undefined if the key may not sign
 * @throws {@link ByokError} `PKCS11_ERROR` if the result is no such MAC
 */
export function checkValue(
  functions: Functions,
  session: Handle,
  { handle, found }: KeyInToken,
  hash: MacHash = 'sha256',
): Buffer | undefined {
  const isAes = found.kind.kind === 'secret' && found.kind.type === 'aes';
  return unlessRefused(() => {
    functions.C_SignInit(session, { mechanism: isAes ? CKM.aesCmac : CKM.hmac[hash] }, handle);
    const mac = functions.C_Sign(session, Buffer.alloc(16), Buffer.alloc(64));
    return ofLength(isAes ? CMAC_BYTES : HMAC_BYTES[hash], mac);
  });
}

// A part of a hash, or nothing, could be the same for two keys.
function ofLength(bytes: number, result: Buffer): Buffer {
  assert(
    result.length === bytes,
    'PKCS11_ERROR',
    `the module of material.pkcs11 returned ${result.length} bytes as a hash or MAC of ${bytes} bytes, which cannot identify a key: ask the vendor for another version of the library`,
  );
  return result;
}

/**
 * Returns what a token computes by a key; undefined if it refuses to use the key so.
 *
 * @param more - results that are such a refusal besides the usual ones
 */
export function unlessRefused(
  compute: () => Buffer,
  more: readonly string[] = [],
): Buffer | undefined {
  try {
    return compute();
  } catch (error) {
    if ([...REFUSALS, ...more].includes(resultOf(error) ?? '')) return undefined;
    throw error;
  }
}

const SHA_256_BYTES = 32;
const CMAC_BYTES = 16;
const HMAC_BYTES: Readonly<Record<MacHash, number>> = {
  sha224: 28,
  sha256: 32,
  sha384: 48,
  sha512: 64,
};

const REFUSALS: readonly string[] = [
  'CKR_FUNCTION_FAILED',
  'CKR_FUNCTION_NOT_SUPPORTED',
  'CKR_KEY_FUNCTION_NOT_PERMITTED',
  'CKR_KEY_INDIGESTIBLE',
  'CKR_KEY_TYPE_INCONSISTENT',
  'CKR_MECHANISM_INVALID',
];
