import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { installPackages } from '../../test/support/install-packages';
import { ENGINE, PulumiCli } from '../../test/support/pulumi-cli';
import { PLUGIN, programFolder, project } from '../project';
import { awsEnvironment, type Importer, type Ready } from './importer';

const ROOT = join(__dirname, '..', '..');

/** Names the engine that runs the updates: the real one if there is one, otherwise the offline one. */
const HOW =
  ENGINE === undefined
    ? 'up by the offline engine (the real one is not here)'
    : `pulumi up --yes --skip-preview by pulumi ${ENGINE.version}, its backend in a folder`;

/** Updates a new stack with a program of `bench/programs`. */
export function updateOf(program: string, name: string): Importer {
  return {
    name,
    how: HOW,
    prepare: (target) => {
      const config = {
        keyIds: JSON.stringify(target.keyArns),
        endpoint: target.url,
        plugin: PLUGIN,
        'kms-byok:region': target.region,
        'kms-byok:endpoint': target.url,
        'aws:region': target.region,
        'aws:endpoints': JSON.stringify([{ kms: target.url }]),
      };
      const env = {
        ...awsEnvironment(target),
        BENCH_MATERIAL: target.material.toString('base64'),
      };
      return ENGINE === undefined ? offline(program, config, env) : real(program, config, env);
    },
  };
}

type Strings = Readonly<Record<string, string>>;

function offline(program: string, config: Strings, env: Strings): Promise<Ready> {
  const { stack, remove } = project(program, config, env);
  const run = async (): Promise<void> => {
    const { ok, lines } = await stack.up();
    if (!ok) throw new Error(lines.join('\n'));
  };
  return Promise.resolve({ run, remove });
}

async function real(program: string, config: Strings, env: Strings): Promise<Ready> {
  const { path, engineFolder, remove } = programFolder(program);
  installPackages(path);
  // The hand-written program imports the SDK itself, so its project would have it.
  mkdirSync(join(path, 'node_modules', '@aws-sdk'));
  const sdk = join('node_modules', '@aws-sdk', 'client-kms');
  symlinkSync(join(ROOT, sdk), join(path, sdk));
  const stack = await PulumiCli.create({
    projectDir: path,
    folder: engineFolder,
    config,
    env,
  });
  const run = async (): Promise<void> => {
    const { ok, output } = await stack.upUnobserved();
    if (!ok) throw new Error(output);
  };
  return { run, remove };
}
