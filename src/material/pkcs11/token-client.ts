import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { ByokError, cancellationOf } from '../../errors';
import { killGroup } from '../process-group';
import type { Answer, Ask, Question, Questions } from './messages';

/** The program, which is compiled. Sources and compiled files are equally deep in the package. */
const PROGRAM = join(__dirname, '../../../dist/material/pkcs11/token-program.js');

/** Milliseconds in which a module must answer. */
const TIME_LIMIT = 30_000;
/** Milliseconds for a person to enter a PIN at the key pad of a token. */
const KEYPAD_TIME_LIMIT = 300_000;

/** A module, and the environment that it runs in. */
export interface ModulePlace {
  /** Path of the library. */
  readonly module: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Options of the processes. */
interface TokenClientOptions {
  /** Milliseconds in which a module must answer. Default: 30 seconds, or 5 minutes for a key pad. */
  readonly timeLimit?: number | undefined;
}

/**
 * Talks to a PKCS #11 module in a process of its own, because the library of a vendor may block or crash. The process
 * does one thing after another. It starts with the first question, and ends with this process. Once it has failed it
 * is not started again, because a second login could lock the token.
 */
export class TokenClient {
  readonly #place: ModulePlace;
  readonly #timeLimit: number | undefined;
  #process: ChildProcess | undefined;
  #failure: ByokError | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(place: ModulePlace, { timeLimit }: TokenClientOptions = {}) {
    this.#place = place;
    this.#timeLimit = timeLimit;
  }

  /**
   * Asks the process, after it has answered what was asked before.
   *
   * @throws {@link ByokError} `PACKAGE_MISSING`, `PKCS11_MODULE`, and the errors of the answer
   */
  ask<Name extends Question>(
    question: Name,
    ask: Questions[Name]['ask'],
    signal?: AbortSignal,
  ): Promise<Questions[Name]['answer']> {
    const asked = this.#last.then(async () => {
      if (signal?.aborted === true) throw cancellationOf(signal) ?? late('within timeouts');
      const isAtKeypad = question === 'login' && 'pin' in ask && ask.pin === undefined;
      const limit = this.#timeLimit ?? (isAtKeypad ? KEYPAD_TIME_LIMIT : TIME_LIMIT);
      if (this.#process === undefined) await this.#start(limit, signal);
      return this.#exchange({ question, ...ask } as Ask, limit, signal);
    });
    this.#last = asked.catch(() => undefined);
    return asked as Promise<Questions[Name]['answer']>;
  }

  /** Logs out and ends the process. */
  close(): void {
    if (this.#process?.connected === true) this.#process.disconnect();
  }

  async #start(limit: number, signal: AbortSignal | undefined): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    this.#process = fork(PROGRAM, [], {
      env: this.#place.env,
      execArgv: [],
      // The library may start processes. In a group of their own they can be stopped with it, and Ctrl-C does not end
      // it in the middle of an import. Windows has no groups, and would open a window.
      detached: process.platform !== 'win32',
      // Some modules print to the terminal, and the engine would show that as messages of the update.
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      serialization: 'advanced',
    });
    this.#process.unref();
    try {
      await this.#exchange({ load: this.#place.module }, limit, signal);
    } catch (error) {
      if (error instanceof ByokError) this.#fail(error);
      throw error;
    }
  }

  #exchange(ask: Ask, limit: number, signal: AbortSignal | undefined): Promise<unknown> {
    const child = this.#process;
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    if (child === undefined) throw new Error('the process was not started');
    return new Promise((resolve, reject) => {
      const settle = (end: () => void): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', aborted);
        child.removeAllListeners('message').removeAllListeners('exit').removeAllListeners('error');
        child.on('error', () => undefined);
        child.channel?.unref();
        end();
      };
      const fail = (error: ByokError): void => {
        settle(() => {
          this.#fail(error);
          reject(error);
        });
      };
      const aborted = (): void => {
        fail(cancellationOf(signal) ?? late('within timeouts'));
      };
      const timer = setTimeout(() => {
        fail(late(`within ${limit / 1000} seconds`));
      }, limit);
      signal?.addEventListener('abort', aborted, { once: true });
      child.channel?.ref();
      child.on('error', () => {
        fail(crashed('could not be started'));
      });
      child.on('exit', (code, by) => {
        fail(crashed(`ended with ${code === null ? `signal ${String(by)}` : `exit code ${code}`}`));
      });
      child.on('message', (answer: Answer) => {
        settle(() => {
          if ('value' in answer) resolve(answer.value);
          else reject(new ByokError(answer.failure.code, answer.failure.reason));
        });
      });
      child.send(ask, (error) => {
        if (error !== null) fail(crashed('ended'));
      });
    });
  }

  #fail(error: ByokError): void {
    this.#failure = error;
    if (this.#process === undefined) return;
    this.#process.kill('SIGKILL');
    killGroup(this.#process);
  }
}

function late(when: string): ByokError {
  return new ByokError(
    'PKCS11_MODULE',
    `the module of material.pkcs11 did not answer ${when}, so its process was stopped: see that the HSM is reachable, and that its client is configured for the user who runs this (kms-byok doctor --pkcs11)`,
  );
}

function crashed(how: string): ByokError {
  return new ByokError(
    'PKCS11_MODULE',
    `the process with the module of material.pkcs11 ${how}: the library may be for another processor, or lack its configuration; name the variables that it needs in passEnvironment (kms-byok doctor --pkcs11)`,
  );
}

/** The processes of the modules, one for each module and environment. */
export class TokenClients {
  readonly #options: TokenClientOptions;
  readonly #clients = new Map<string, TokenClient>();

  constructor(options: TokenClientOptions = {}) {
    this.#options = options;
  }

  /** Returns the client of a module. All who ask for the same module share its process and its logins. */
  of(place: ModulePlace): TokenClient {
    const name = JSON.stringify([place.module, Object.entries(place.env).sort()]);
    const client = this.#clients.get(name) ?? new TokenClient(place, this.#options);
    this.#clients.set(name, client);
    return client;
  }

  /** Ends all processes. */
  close(): void {
    for (const client of this.#clients.values()) client.close();
    this.#clients.clear();
  }
}
