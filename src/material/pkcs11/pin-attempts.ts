/** The logins to tokens of all processes of one run, which must not each try the same wrong PIN. */
export interface PinAttempts {
  /**
   * Logs in while no other process logs in to the same token.
   *
   * @param token - identifies the token
   * @throws {@link ByokError} `PKCS11_PIN`, without a login if a PIN of the token was refused before in this run, `TIMEOUT`,
   * `CANCELLED`
   */
  attempt(token: string, login: () => Promise<void>, signal?: AbortSignal): Promise<void>;
}
