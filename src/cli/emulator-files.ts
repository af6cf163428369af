import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { KmsSnapshot, Seed } from '../testing/kms/index';

/** Reads a file with the `Keys` that an emulator begins with. The server validates its contents. */
export function readSeed(path: string): Seed {
  return readJson(path) as Seed;
}

/** Reads the state that an emulator saved when it ended; undefined if there is no such file yet. */
export function readState(path: string): KmsSnapshot | undefined {
  try {
    return readJson(path) as KmsSnapshot;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Writes a state that only its owner can read, because it contains key material in clear. Writes it in
 * one step, so an interruption leaves either the old state or the new one.
 */
export function writeState(path: string, state: KmsSnapshot): void {
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, `${JSON.stringify(state)}\n`, { mode: 0o600 });
  renameSync(temporary, path);
}

function readJson(path: string): unknown {
  const text = readFileSync(path, 'utf8');
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the text, which contains key material.
    throw new Error(`${path} is not valid JSON`);
  }
}
