import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let made: string | undefined;

/** Gives the processes that tests start a folder for what compile-cache.js keeps. */
export function makeCompileCache(): void {
  made = mkdtempSync(join(tmpdir(), 'byok-compile-cache-'));
  process.env.TEST_COMPILE_CACHE = made;
}

export function removeCompileCache(): void {
  if (made !== undefined) rmSync(made, { recursive: true, force: true });
}
