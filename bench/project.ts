import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OfflineStack } from 'pulumi-offline-engine';

const ROOT = join(__dirname, '..');
/** Folder of the native plugin. */
export const PLUGIN = join(ROOT, 'plugin');

const PROJECT = `name: bench
runtime:
  name: nodejs
  options:
    typescript: false
plugins:
  providers:
    - name: kms-byok
      path: ${PLUGIN}
    - name: aws
      path: ${join(ROOT, 'packages', 'pulumi-offline-engine', 'aws-plugin')}
`;

/** Credentials of the embedded KMS. */
export const CREDENTIALS = { accessKeyId: '111122223333', secretAccessKey: 'bench' };

/** A program of `bench/programs` with a project of its own. */
export interface Project {
  readonly stateFile: string;
  readonly stack: OfflineStack;
  readonly remove: () => void;
}

/** Copies a program into a temporary folder. */
export function programFolder(program: string): {
  readonly path: string;
  /** Folder for everything that an engine writes. */
  readonly engineFolder: string;
  readonly remove: () => void;
} {
  const folder = mkdtempSync(join(tmpdir(), 'byok-bench-'));
  const path = join(folder, 'program');
  cpSync(join(__dirname, 'programs', program), path, { recursive: true });
  writeFileSync(join(path, 'Pulumi.yaml'), PROJECT);
  writeFileSync(join(path, 'package.json'), '{"main":"index.js"}');
  return {
    path,
    engineFolder: join(folder, 'engine'),
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Prepares a program to run under the offline engine. */
export function project(
  program: string,
  config: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
): Project {
  const { path: projectDir, engineFolder, remove } = programFolder(program);
  symlinkSync(join(ROOT, 'node_modules'), join(projectDir, 'node_modules'));
  const stateFile = join(projectDir, 'state.json');
  const stack = new OfflineStack({
    projectDir,
    stateFile,
    config,
    env: {
      AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
      // The provider writes below it, by default in the home of the user.
      PULUMI_HOME: join(engineFolder, 'home'),
      ...env,
    },
  });
  return { stateFile, stack, remove };
}
