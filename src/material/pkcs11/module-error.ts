import { ByokError } from '../../errors';

/** Returns the name of the result of a PKCS #11 function, such as `CKR_PIN_INCORRECT`; undefined for other errors. */
export function resultOf(error: unknown): string | undefined {
  return error instanceof Error ? /\bCKR_[A-Z0-9_]+/.exec(error.message)?.[0] : undefined;
}

/**
 * Calls functions of a module.
 *
 * @throws {@link ByokError} `PKCS11_TOKEN` if the token was removed, `PKCS11_ERROR` for other results
 */
export function moduleError<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    if (error instanceof ByokError) throw error;
    const result = resultOf(error);
    if (result === undefined) throw error;
    if (GONE.includes(result)) {
      throw new ByokError(
        'PKCS11_TOKEN',
        `the token of material.pkcs11 was removed, or its connection was lost (${result}): connect it, and run the update again`,
      );
    }
    const { method } = error as { method?: unknown };
    const name = typeof method === 'string' && method !== '' ? method : 'a function';
    throw new ByokError(
      'PKCS11_ERROR',
      `${name} of the module of material.pkcs11 failed (${result}): the documentation of the vendor explains this result`,
    );
  }
}

/** Returns whether a function failed because there is no token, or none that the module knows. */
export function isGone(error: unknown): boolean {
  return GONE.includes(resultOf(error) ?? '');
}

const GONE: readonly string[] = [
  'CKR_DEVICE_ERROR',
  'CKR_DEVICE_REMOVED',
  'CKR_SESSION_CLOSED',
  'CKR_SESSION_HANDLE_INVALID',
  'CKR_SLOT_ID_INVALID',
  'CKR_TOKEN_NOT_PRESENT',
  'CKR_TOKEN_NOT_RECOGNIZED',
];
