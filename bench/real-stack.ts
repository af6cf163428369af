import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installPackages } from '../test/support/install-packages';
import { PulumiCli } from '../test/support/pulumi-cli';
import { programFolder } from './project';

const ROOT = join(__dirname, '..');

/** A program of `bench/programs` with a stack of the real engine. */
export interface RealStack {
  readonly stack: PulumiCli;
  readonly remove: () => void;
}

/** Prepares a program to run under the real engine, with the packages that a user would install. */
export async function realStack(
  program: string,
  config: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>>,
  files: Readonly<Record<string, Uint8Array>> = {},
): Promise<RealStack> {
  const { path, engineFolder, remove } = programFolder(program);
  installPackages(path);
  // The hand-written program imports the SDK itself, so its project would have it.
  mkdirSync(join(path, 'node_modules', '@aws-sdk'));
  const sdk = join('node_modules', '@aws-sdk', 'client-kms');
  symlinkSync(join(ROOT, sdk), join(path, sdk));
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(path, name), content, { mode: 0o600 });
  }
  const stack = await PulumiCli.create({ projectDir: path, folder: engineFolder, config, env });
  return { stack, remove };
}
