import { randomBytes } from 'node:crypto';
import { accessSync, constants, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { KmsSnapshot, Seed } from '../index';

/** Reads the file of `--seed`. The server checks its content. */
export function readSeed(path: string): Seed {
  return readJson(path) as Seed;
}

/**
 * Reads the file of `--state`; undefined when there is no such file yet.
 *
 * @throws the error of node:fs when no file can be written to its folder: otherwise all keys would be lost in the end
 */
export function readState(path: string): KmsSnapshot | undefined {
  accessSync(dirname(path), constants.W_OK);
  try {
    return readJson(path) as KmsSnapshot;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Writes a state in one step, so that an interruption leaves either the old state or the new one. Only the
 * owner can read the file, because it contains key material in clear.
 */
export function writeState(path: string, state: KmsSnapshot): void {
  const temporary = `${path}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    // Exclusive, so that a link or a readable file that somebody put there is never written to.
    writeFileSync(temporary, `${JSON.stringify(state)}\n`, { mode: 0o600, flag: 'wx' });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
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
