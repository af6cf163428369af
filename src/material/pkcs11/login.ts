import { assert, ByokError } from '../../errors';
import { SESSION_FLAG, TOKEN_FLAG, USER } from './cryptoki';
import type { Login } from './messages';
import type { Handle, Pkcs11Module } from './module';
import { moduleError, resultOf } from './module-error';

/**
 * Logs in to each token at most once. A PIN that was refused is never tried again in this process, because some tokens
 * lock themselves, or erase their keys, after a few tries.
 */
export class Logins {
  readonly #module: Pkcs11Module;
  // An open session keeps the login of the token.
  readonly #sessions = new Map<string, Handle>();
  readonly #refused = new Map<string, ByokError>();

  constructor(module: Pkcs11Module) {
    this.#module = module;
  }

  /** Returns the login that a token wants; undefined if it is logged in, or wants none. */
  wanted(slot: Handle): Login | undefined {
    const { flags } = this.#module.functions.C_GetTokenInfo(slot);
    if ((flags & TOKEN_FLAG.loginRequired) === 0 || this.#sessions.has(nameOf(slot))) {
      return undefined;
    }
    const refused = this.#refused.get(nameOf(slot));
    if (refused !== undefined) throw refused;
    return (flags & TOKEN_FLAG.keypad) === 0 ? 'pin' : 'keypad';
  }

  /**
   * Logs in as the user, unless that was done.
   *
   * @param pin - undefined for a token with a key pad
   * @throws {@link ByokError} `PKCS11_PIN`
   */
  login(slot: Handle, pin: string | undefined): void {
    if (this.wanted(slot) === undefined) return;
    const { functions } = this.#module;
    const { flags } = functions.C_GetTokenInfo(slot);
    assert(
      (flags & TOKEN_FLAG.locked) === 0,
      'PKCS11_PIN',
      'the token of material.pkcs11 has locked its user PIN, so no login was tried: its security officer has to set a new PIN',
    );
    assert(
      (flags & TOKEN_FLAG.finalTry) === 0,
      'PKCS11_PIN',
      'the token of material.pkcs11 would lock its user PIN after one more wrong try, so no login was tried: log in once with a tool of the vendor, which shows that the PIN is right, and run the update again',
    );
    const session = moduleError(() => functions.C_OpenSession(slot, SESSION_FLAG.serial));
    try {
      // pkcs11js cannot pass the null pointer that the standard wants for a key pad. Its length is zero too.
      functions.C_Login(session, USER, pin ?? '');
    } catch (error) {
      const result = resultOf(error) ?? 'unknown';
      if (result !== 'CKR_USER_ALREADY_LOGGED_IN') {
        const refusal = new ByokError(
          'PKCS11_PIN',
          `the token of material.pkcs11 refused the login (${result}): ${remedyFor(result)}. It was tried once, and is not tried again in this run`,
        );
        this.#refused.set(nameOf(slot), refusal);
        functions.C_CloseSession(session);
        throw refusal;
      }
    }
    this.#sessions.set(nameOf(slot), session);
  }

  /** Logs out of all tokens. */
  close(): void {
    const { functions } = this.#module;
    for (const session of this.#sessions.values()) {
      try {
        functions.C_Logout(session);
        functions.C_CloseSession(session);
      } catch {
        // The token is gone, and the login with it.
      }
    }
    this.#sessions.clear();
  }
}

function remedyFor(result: string): string {
  if (result === 'CKR_PIN_LOCKED' || result === 'CKR_USER_PIN_NOT_INITIALIZED') {
    return 'its security officer has to set a new user PIN';
  }
  return /^CKR_(?:PIN_|ARGUMENTS_BAD$)/.test(result)
    ? 'correct the PIN'
    : 'this result says nothing about the PIN, so check that the token is connected and that you may use it, and look the result up in the documentation of the vendor';
}

function nameOf(slot: Handle): string {
  return slot.toString('hex');
}
