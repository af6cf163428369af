import { createHash, randomBytes } from 'node:crypto';
import { openSync, readdirSync, rmSync, statSync, writeSync } from 'node:fs';
import { homedir, hostname } from 'node:os';
import { join } from 'node:path';
import { ByokError } from '../errors';
import {
  assertPrivateFolder,
  makePrivateFolder,
  NotPrivate,
  readPrivateFile,
} from './private-folder';

// Knows the IDs of the resources that a run still declares. A resource that was renamed, or is replaced
// although nothing of it changed, is created and deleted in one run: its material has a new owner and
// must not be deleted. What it cannot know it refuses to say.
export interface RunRegistry {
  /**
   * Makes sure that IDs can be recorded.
   *
   * @throws {@link ByokError} `RUN_RECORD`
   */
  prepare(): void;
  /** @throws {@link ByokError} `RUN_RECORD` */
  declare(id: string): void;
  /** @throws {@link ByokError} `RUN_RECORD` where it cannot be known */
  isDeclared(id: string): boolean;
}

const NAME = /^[0-9a-f]{32}-(\d+)-[0-9a-f]{16}$/;

// No update takes that long, and the address of an engine may be that of an earlier one.
const STALE_MILLISECONDS = 24 * 3_600_000;

/**
 * Records what all provider processes of one run declare: each explicit provider is a process of its own, and
 * material that moves from a resource of one to a resource of another is adopted in one and deleted in the
 * other. Each process keeps a file of IDs, which are no secrets, in one folder of this user alone. Nobody
 * removes the file of a process that may belong to a run that is not over.
 *
 * @param run - what the processes of one run have in common, and no other run at the same time
 */
export class SharedRunRegistry implements RunRegistry {
  readonly #own = new Set<string>();
  readonly #folder: string;
  readonly #run: string;
  readonly #pid: number;
  readonly #now: () => number;
  #descriptor: number | undefined;

  constructor(run: string, { folder = runFolder(), pid = process.pid, now = Date.now } = {}) {
    // A home can be shared by machines, whose process numbers say nothing of each other.
    const name = createHash('sha256').update(`${hostname()}\n${run}`).digest('hex').slice(0, 32);
    this.#run = name;
    this.#folder = folder;
    this.#pid = pid;
    this.#now = now;
  }

  prepare(): void {
    if (this.#descriptor !== undefined) return;
    try {
      makePrivateFolder(this.#folder);
      this.#sweep();
      const name = `${this.#run}-${this.#pid}-${randomBytes(8).toString('hex')}`;
      // Exclusive: never through a link that somebody put there. It stays open, so that nobody can exchange it.
      this.#descriptor = openSync(join(this.#folder, name), 'ax', 0o600);
    } catch (error) {
      throw unusable('written', this.#folder, error);
    }
  }

  declare(id: string): void {
    if (this.#own.has(id)) return;
    this.prepare();
    try {
      const line = Buffer.from(`${id}\n`);
      const written = writeSync(this.#descriptor ?? -1, line);
      if (written !== line.length) throw new NotPrivate('no space is left');
    } catch (error) {
      throw unusable('written', this.#folder, error);
    }
    this.#own.add(id);
  }

  isDeclared(id: string): boolean {
    return this.#own.has(id) || this.#names().some((name) => this.#declares(name, id));
  }

  // Of the processes of this run.
  #names(): string[] {
    try {
      assertPrivateFolder(this.#folder);
      return readdirSync(this.#folder).filter((name) => name.startsWith(this.#run));
    } catch (error) {
      // A process that records something makes the folder first.
      if (isAbsent(error)) return [];
      throw unusable('read', this.#folder, error);
    }
  }

  #declares(name: string, id: string): boolean {
    const path = join(this.#folder, name);
    try {
      const [, pid] = NAME.exec(name) ?? [];
      if (pid === undefined) throw new NotPrivate('its name is not one of ours');
      const { text, mtimeMs } = readPrivateFile(path);
      if (!text.split('\n').includes(id)) return false;
      if (isAlive(Number(pid))) return true;
      // It may have crashed in this run, or belong to an earlier engine of the same address.
      if (this.#now() - mtimeMs < STALE_MILLISECONDS) {
        throw new NotPrivate('it names what is to be deleted, and its process is gone');
      }
      return false;
    } catch (error) {
      // Removed since by the sweep of another process, which removes only what counts for nothing.
      if (isAbsent(error)) return false;
      throw unusable('read', path, error);
    }
  }

  // The engine ends its provider processes by a signal, so that none can tidy up behind itself.
  #sweep(): void {
    for (const name of readdirSync(this.#folder)) {
      const pid = Number(NAME.exec(name)?.[1] ?? NaN);
      const path = join(this.#folder, name);
      try {
        const isOld = this.#now() - statSync(path).mtimeMs >= STALE_MILLISECONDS;
        if (isOld && !Number.isNaN(pid) && !isAlive(pid)) rmSync(path, { force: true });
      } catch {
        // It is only housekeeping.
      }
    }
  }
}

// A Pulumi CLI writes in this folder itself, so that it can be written wherever there is an update.
function runFolder(): string {
  return join(process.env.PULUMI_HOME ?? join(homedir(), '.pulumi'), 'kms-byok-runs');
}

function unusable(how: 'written' | 'read', path: string, error: unknown): ByokError {
  const { code } = error as NodeJS.ErrnoException;
  const reason = error instanceof NotPrivate ? error.message : (code ?? 'unknown');
  return new ByokError(
    'RUN_RECORD',
    `the record of what this update declares cannot be ${how} (${path}: ${reason}), and nothing is deleted on a guess: make the folder kms-byok-runs below PULUMI_HOME writable for you alone, remove what is not yours, and run the update again. If no other update is running, the whole folder can be removed`,
    { cause: error },
  );
}

function isAbsent(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
