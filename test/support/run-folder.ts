import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder that lasts as long as one run of the tests, and whose path the processes of the run get. */
class RunFolder {
  readonly #variable: string;
  readonly #prefix: string;
  #made: string | undefined;

  constructor(variable: string, prefix: string) {
    this.#variable = variable;
    this.#prefix = prefix;
  }

  make(): void {
    this.#made = mkdtempSync(join(tmpdir(), this.#prefix));
    process.env[this.#variable] = this.#made;
  }

  remove(): void {
    if (this.#made !== undefined) rmSync(this.#made, { recursive: true, force: true });
  }
}

/** The PULUMI_HOME of the workers, so that no test leaves records of runs in the home of the user. */
export const PULUMI_HOME = new RunFolder('PULUMI_HOME', 'byok-pulumi-home-');

/** The folder in which compile-cache.js keeps compiled code for the processes that tests start. */
export const COMPILE_CACHE = new RunFolder('TEST_COMPILE_CACHE', 'byok-compile-cache-');

/** The folder with the RSA pairs that the files of a run share. */
export const RSA_PAIRS = new RunFolder('TEST_RSA_PAIRS', 'byok-rsa-pairs-');
