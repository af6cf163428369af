import { createHash } from 'node:crypto';
import { openSync, closeSync, readdirSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { ByokError } from '../errors';
import type { PinAttempts } from '../material/pkcs11/pin-attempts';
import { makePrivateFolder, NotPrivate, readPrivateFile } from './private-folder';
import { startOfProcess } from './process-start';
import { isRunning, runFolder } from './run-registry';
import { pause, realSleep } from './wait';

const POLL_MILLISECONDS = 100;
const OTHER_LOGIN = 'another process of this update that logs in to the token of material.pkcs11';

/** A login at a key pad takes up to five minutes, and several processes may wait for each other. */
const LONGEST_WAIT_MILLISECONDS = 15 * 60_000;

/** A process writes its number right after it has made the file. */
const WRITE_MILLISECONDS = 5_000;

const PREFIX = 'pin-';

/**
 * Shares the logins of the processes of one run through a file for each token. The file names the process that is
 * logging in, or whose PIN was refused, by its number and its start, and has no PIN. It counts while that process runs;
 * the engine ends the process with the run. If the folder cannot be used, each process logs in by itself.
 */
export class SharedPinAttempts implements PinAttempts {
  readonly #folder: string;
  readonly #run: string;
  readonly #pid: number;

  /** @param run - shared by the processes of one run, and by no other run at the same time */
  constructor(run: string, { folder = runFolder(), pid = process.pid } = {}) {
    this.#folder = folder;
    this.#run = run;
    this.#pid = pid;
  }

  async attempt(token: string, login: () => Promise<void>, signal?: AbortSignal): Promise<void> {
    const file = join(this.#folder, PREFIX + this.#nameOf(token));
    if (!(await this.#take(file, signal))) return login();
    try {
      await login();
    } catch (error) {
      if (error instanceof ByokError && error.code === 'PKCS11_PIN') {
        writeFileSync(file, `${this.#record()} refused`);
      } else {
        remove(file);
      }
      throw error;
    }
    remove(file);
  }

  #record(): string {
    return `${this.#pid} ${startOfProcess(this.#pid) ?? ''}`;
  }

  #nameOf(token: string): string {
    const text = [hostname(), this.#run, token].join('\n');
    return createHash('sha256').update(text).digest('hex').slice(0, 32);
  }

  // Returns false if there can be no file.
  async #take(file: string, signal: AbortSignal | undefined): Promise<boolean> {
    try {
      makePrivateFolder(this.#folder);
      this.#sweep();
    } catch {
      return false;
    }
    const start = Date.now();
    const options = { sleep: realSleep, signal: signal ?? new AbortController().signal };
    while (Date.now() - start < LONGEST_WAIT_MILLISECONDS) {
      try {
        const descriptor = openSync(file, 'ax', 0o600);
        writeSync(descriptor, this.#record());
        closeSync(descriptor);
        return true;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return false;
      }
      const other = stateOf(file);
      if (other === 'refused') throw refused();
      if (other === 'stale') remove(file);
      else await pause(POLL_MILLISECONDS, OTHER_LOGIN, options);
    }
    throw new ByokError(
      'PKCS11_PIN',
      'another process of this update has been logging in to the token of material.pkcs11 for a quarter of an hour, so no login was tried: see what the token waits for, and run the update again',
    );
  }

  #sweep(): void {
    for (const name of readdirSync(this.#folder)) {
      const file = join(this.#folder, name);
      if (name.startsWith(PREFIX) && stateOf(file) === 'stale') remove(file);
    }
  }
}

function remove(file: string): void {
  rmSync(file, { force: true, recursive: true });
}

function stateOf(file: string): 'trying' | 'refused' | 'stale' {
  let record;
  try {
    record = readPrivateFile(file);
  } catch (error) {
    // Otherwise it is gone since, and the next look decides.
    return error instanceof NotPrivate ? 'stale' : 'trying';
  }
  const [pid = '', start = '', outcome] = record.text.split(' ');
  if (pid === '') return Date.now() - record.mtimeMs > WRITE_MILLISECONDS ? 'stale' : 'trying';
  if (!isRunning(Number(pid), start)) return 'stale';
  return outcome === 'refused' ? 'refused' : 'trying';
}

function refused(): ByokError {
  return new ByokError(
    'PKCS11_PIN',
    'the token of material.pkcs11 has refused a PIN in this run, so no other login was tried: correct the PIN, and run the update again',
  );
}
