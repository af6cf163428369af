import { createHash, randomBytes } from 'node:crypto';
import { openSync, readdirSync, rmSync, statSync, writeSync } from 'node:fs';
import { homedir, hostname } from 'node:os';
import { join } from 'node:path';
import { DAY_MILLISECONDS } from '../domain/duration';
import { ByokError } from '../errors';
import {
  assertPrivateFolder,
  makePrivateFolder,
  NotPrivate,
  readPrivateFile,
} from './private-folder';
import { startOfProcess } from './process-start';

// Records the IDs of the resources that a run declares. A resource that was renamed, or that is replaced
// without a change, is created and deleted in one run: its material has a new owner and must not be deleted.
// If the answer cannot be known, `isDeclared` throws.
export interface RunRegistry {
  /**
   * Checks that IDs can be recorded.
   *
   * @throws {@link ByokError} `RUN_RECORD`
   */
  prepare(): void;
  /** @throws {@link ByokError} `RUN_RECORD` */
  declare(id: string): void;
  /** @throws {@link ByokError} `RUN_RECORD` if it cannot be known */
  isDeclared(id: string): boolean;
}

// Run, process, start of the process, and a random part.
const NAME = /^[0-9a-f]{32}-(\d+)-(\d*)-[0-9a-f]{16}$/;

// No update takes that long. After it, an engine may have the address of an earlier one.
const STALE_MILLISECONDS = DAY_MILLISECONDS;

/**
 * Records what the provider processes of one run declare. Each explicit provider is a process of its own. When
 * material moves from a resource of one to a resource of another, one process adopts it and the other deletes
 * it. Each process keeps a file of IDs, which are not secret, in a folder that only this user can read. A
 * process removes the file of another only if that one cannot belong to a run that is still going on.
 *
 * @param run - shared by the processes of one run, and by no other run at the same time
 */
export class SharedRunRegistry implements RunRegistry {
  readonly #own = new Set<string>();
  readonly #folder: string;
  readonly #run: string;
  readonly #pid: number;
  readonly #now: () => number;
  #file: string | undefined;
  #descriptor: number | undefined;

  constructor(run: string, { folder = runFolder(), pid = process.pid, now = Date.now } = {}) {
    // Machines can share a home directory, and the process numbers of one mean nothing on another.
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
      const start = startOfProcess(this.#pid) ?? '';
      const name = `${this.#run}-${this.#pid}-${start}-${randomBytes(8).toString('hex')}`;
      // Exclusive, so it never follows a link. It stays open, so nobody can replace the file.
      this.#descriptor = openSync(join(this.#folder, name), 'ax', 0o600);
      this.#file = name;
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
      if (written !== line.length) throw new NotPrivate('the disk is full');
    } catch (error) {
      throw unusable('written', this.#folder, error);
    }
    this.#own.add(id);
  }

  isDeclared(id: string): boolean {
    if (this.#own.has(id)) return true;
    const names = this.#names();
    this.#assertKept(names);
    return names.some((name) => this.#declares(name, id));
  }

  // If the record of this process is gone, those of the others may be, too.
  #assertKept(names: readonly string[]): void {
    if (this.#file === undefined || names.includes(this.#file)) return;
    const error = new NotPrivate('the record of this process was removed during the update');
    throw unusable('read', this.#folder, error);
  }

  // Files of the processes of this run.
  #names(): string[] {
    try {
      assertPrivateFolder(this.#folder);
      return readdirSync(this.#folder).filter((name) => name.startsWith(this.#run));
    } catch (error) {
      // No process of this run has recorded anything yet: the first one creates the folder.
      if (isAbsent(error)) return [];
      throw unusable('read', this.#folder, error);
    }
  }

  #declares(name: string, id: string): boolean {
    const path = join(this.#folder, name);
    try {
      const [, pid, start = ''] = NAME.exec(name) ?? [];
      if (pid === undefined) throw new NotPrivate('this package does not use such a name');
      const { text, mtimeMs } = readPrivateFile(path);
      if (!text.split('\n').includes(id)) return false;
      if (isRunning(Number(pid), start)) return true;
      // The process may have crashed in this run, or belong to an earlier engine with the same address.
      if (this.#now() - mtimeMs < STALE_MILLISECONDS) {
        throw new NotPrivate('it has the ID of the resource to delete, and its process is gone');
      }
      return false;
    } catch (error) {
      // Another process has swept it since, so it was stale.
      if (isAbsent(error)) return false;
      throw unusable('read', path, error);
    }
  }

  // The engine ends its provider processes with a signal, so they cannot remove their own files.
  #sweep(): void {
    for (const name of readdirSync(this.#folder)) {
      const [, pid, start = ''] = NAME.exec(name) ?? [];
      const path = join(this.#folder, name);
      try {
        const isOld = this.#now() - statSync(path).mtimeMs >= STALE_MILLISECONDS;
        if (isOld && pid !== undefined && !isRunning(Number(pid), start)) {
          rmSync(path, { force: true });
        }
      } catch {
        // The sweep is only housekeeping.
      }
    }
  }
}

/**
 * Returns the folder of the records. The Pulumi CLI writes beside it, so it is writable wherever an update runs.
 * As for the CLI, an empty PULUMI_HOME is the same as none.
 */
export function runFolder({ PULUMI_HOME = '' } = process.env, home = homedir()): string {
  return join(PULUMI_HOME === '' ? join(home, '.pulumi') : PULUMI_HOME, 'kms-byok-runs');
}

function unusable(how: 'written' | 'read', path: string, error: unknown): ByokError {
  const { code } = error as NodeJS.ErrnoException;
  const reason = error instanceof NotPrivate ? error.message : (code ?? 'unknown');
  return new ByokError(
    'RUN_RECORD',
    `the record of what this update declares cannot be ${how} (${path}: ${reason}), and without it nothing is deleted: make the folder kms-byok-runs in PULUMI_HOME writable for you only, remove files that are not yours, and run the update again. If no other update is running, you can remove the whole folder`,
    { cause: error },
  );
}

function isAbsent(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

/**
 * Returns whether the process that made a record is running, and not another, which got the same number.
 *
 * @param recorded - start of the process that made the record; empty if it was not known
 */
export function isRunning(pid: number, recorded: string): boolean {
  const start = startOfProcess(pid);
  return isAlive(pid) && (start === undefined || recorded === '' || start === recorded);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
