import { createHash } from 'node:crypto';
import { appendFileSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// Knows the IDs of the resources that a run still declares. A resource that was renamed, or is replaced
// although nothing of it changed, is created and deleted in one run: its material has a new owner and
// must not be deleted. `has` must not throw: a deletion that is right would be stopped.
export interface RunRegistry {
  declare(id: string): void;
  isDeclared(id: string): boolean;
}

/**
 * What all provider processes of one run declare: each explicit provider is a process of its own, and a
 * material that moves from a resource of one to a resource of another is adopted in one and deleted in the other. Each process
 * keeps a file of IDs, which are no secrets, in a folder that is named after the run; files of processes
 * that are gone count for nothing.
 *
 * @param run - what the processes of one run have in common, and no other run at the same time
 */
export class SharedRunRegistry implements RunRegistry {
  readonly #own = new Set<string>();
  readonly #temporary: string;
  readonly #folder: string;
  readonly #file: string;
  #opened = false;

  constructor(run: string, { folder = tmpdir(), pid = process.pid } = {}) {
    const name = createHash('sha256').update(run).digest('hex').slice(0, 32);
    this.#temporary = folder;
    this.#folder = join(folder, `${prefix()}${name}`);
    this.#file = join(this.#folder, String(pid));
  }

  declare(id: string): void {
    if (this.#own.has(id)) return;
    this.#own.add(id);
    try {
      if (!this.#opened) {
        sweep(this.#temporary);
        mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      }
      this.#opened = true;
      appendFileSync(this.#file, `${id}\n`, { mode: 0o600 });
    } catch {
      // No such place: then only the providers of this process know.
    }
  }

  isDeclared(id: string): boolean {
    return this.#own.has(id) || this.#others().some((text) => text.split('\n').includes(id));
  }

  #others(): string[] {
    try {
      // A folder that somebody else has made could keep material from being deleted.
      if (lstatSync(this.#folder).uid !== (process.getuid?.() ?? 0)) return [];
      return readdirSync(this.#folder)
        .filter((name) => isAlive(Number(name)))
        .map((name) => readFileSync(join(this.#folder, name), 'utf8'));
    } catch {
      return [];
    }
  }
}

function prefix(): string {
  return `pulumi-kms-byok-${process.getuid?.() ?? 0}-`;
}

// The engine ends its provider processes by a signal, so that none can tidy up behind itself.
function sweep(temporary: string): void {
  for (const name of readdirSync(temporary).filter((other) => other.startsWith(prefix()))) {
    const folder = join(temporary, name);
    if (readdirSync(folder).some((pid) => isAlive(Number(pid)))) continue;
    rmSync(folder, { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
