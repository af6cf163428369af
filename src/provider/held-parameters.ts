import type { Parameters, ParametersSource } from './import-parameters';

// What the clock of this machine may be behind that of KMS, and what an import may take.
const MARGIN_MILLISECONDS = 60_000;

/**
 * Import parameters for the length of one operation, in memory alone. GetParametersForImport is the
 * scarcest call of KMS, so a repeated import takes what was fetched before, until its deadline or
 * until KMS refuses it.
 */
export class HeldParameters implements ParametersSource {
  #held: Parameters | undefined;
  #renewed = false;
  readonly #fetch: () => Promise<Parameters>;
  readonly #now: () => Date;

  constructor(fetch: () => Promise<Parameters>, now: () => Date) {
    this.#fetch = fetch;
    this.#now = now;
  }

  /** A wrapping key and its token, fetched where none are held or their time is over. */
  async get(): Promise<Parameters> {
    const deadline = this.#held?.validTo?.getTime() ?? 0;
    if (this.#held === undefined || this.#now().getTime() + MARGIN_MILLISECONDS > deadline) {
      this.#held = await this.#fetch();
    }
    return this.#held;
  }

  /**
   * Drops what KMS has refused. It asks for a new pair and one repetition (AWS KMS API Reference,
   * ImportKeyMaterial).
   *
   * @returns whether the import is to be repeated: once in an operation
   */
  renew(): boolean {
    const repeat = !this.#renewed;
    this.#renewed = true;
    this.#held = undefined;
    return repeat;
  }
}
