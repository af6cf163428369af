import type { MacHash } from '../material-proof';
import { CKM } from './cryptoki';
import type { KeyInToken } from './find-key';
import type { Functions, Handle } from './module';
import { resultOf } from './module-error';

/**
 * Computes SHA-256 over bytes and the value of a key in its token.
 *
 * @returns undefined if the token does not hash keys, as the standard allows
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
    return functions.C_DigestFinal(session, Buffer.alloc(32));
  });
}

/**
 * Computes a MAC of 16 zero bytes by a secret in its token: AES-CMAC (RFC 4493) for an AES key, HMAC for any other.
 *
 * @returns undefined if the key may not sign
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
    return functions.C_Sign(session, Buffer.alloc(16), Buffer.alloc(64));
  });
}

function unlessRefused(compute: () => Buffer): Buffer | undefined {
  try {
    return compute();
  } catch (error) {
    if (REFUSALS.includes(resultOf(error) ?? '')) return undefined;
    throw error;
  }
}

const REFUSALS: readonly string[] = [
  'CKR_FUNCTION_FAILED',
  'CKR_FUNCTION_NOT_SUPPORTED',
  'CKR_KEY_FUNCTION_NOT_PERMITTED',
  'CKR_KEY_INDIGESTIBLE',
  'CKR_KEY_TYPE_INCONSISTENT',
  'CKR_MECHANISM_INVALID',
];
