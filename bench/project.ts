import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OfflineStack } from 'pulumi-kms-byok/testing';

const ROOT = join(__dirname, '..');

/** Credentials of the embedded KMS. */
export const CREDENTIALS = { accessKeyId: '111122223333', secretAccessKey: 'bench' };

/** A program of `bench/programs` in a project of its own. */
export interface Project {
  readonly stateFile: string;
  readonly stack: OfflineStack;
  readonly remove: () => void;
}

/** Copies a program into a temporary folder. */
export function project(
  program: string,
  config: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
): Project {
  const projectDir = mkdtempSync(join(tmpdir(), 'byok-bench-'));
  cpSync(join(__dirname, 'programs', program), projectDir, { recursive: true });
  writeFileSync(join(projectDir, 'Pulumi.yaml'), 'name: bench\nruntime: nodejs\n');
  writeFileSync(join(projectDir, 'package.json'), '{"main":"index.js"}');
  symlinkSync(join(ROOT, 'node_modules'), join(projectDir, 'node_modules'));
  const stateFile = join(projectDir, 'state.json');
  const stack = new OfflineStack({
    projectDir,
    stateFile,
    config,
    env: {
      AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
      ...env,
    },
  });
  return {
    stateFile,
    stack,
    remove: () => {
      rmSync(projectDir, { recursive: true, force: true });
    },
  };
}
