import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findPythonPrograms } from '../../scripts/test-tools/python';
import { filesBelow } from './files';
import { MOTO_VARIABLE } from './moto';
import { startMoto } from './moto-process';
import { COMPILE_CACHE, PULUMI_HOME, RSA_PAIRS } from './run-folder';

/** The part of Jest's configuration that says which files a run has. */
interface RunConfig {
  readonly rootDir: string;
  readonly testPathPatterns: {
    toExecutor(options: { readonly rootDir: string }): { isMatch(path: string): boolean };
  };
}

/** Starts moto once for all files, where it is installed and one of them uses it. */
export default async function globalSetup({ rootDir, testPathPatterns }: RunConfig): Promise<void> {
  PULUMI_HOME.make();
  COMPILE_CACHE.make();
  RSA_PAIRS.make();
  const bin = findPythonPrograms();
  if (bin === undefined) return;
  const patterns = testPathPatterns.toExecutor({ rootDir });
  const uses = filesBelow(join(rootDir, 'test')).some(
    (file) =>
      file.endsWith('.test.ts') &&
      patterns.isMatch(file) &&
      readFileSync(file, 'utf8').includes('/support/moto'),
  );
  // Workers inherit the variable.
  if (uses) process.env[MOTO_VARIABLE] = await startMoto(bin);
}
