import { Command } from 'commander';
import { findEngine } from './find';
import { obtainEngine } from './obtain';
import { ENGINE_VERSION, OLDEST_ENGINE_VERSION } from './versions';

interface Options {
  readonly version?: string;
  readonly json?: true;
}

async function main({ version: asked, json }: Options): Promise<void> {
  const say = (line: string): void => {
    process.stderr.write(`${line}\n`);
  };
  const version = asked === 'oldest' ? OLDEST_ENGINE_VERSION : (asked ?? ENGINE_VERSION);
  const engine = await obtainEngine(version, say);
  if (json === true) {
    process.stdout.write(`${JSON.stringify(engine, null, 2)}\n`);
    return;
  }
  process.stdout.write(`pulumi ${version} is in ${engine.folder}\n`);
  const used = findEngine();
  if (used !== undefined && used.origin !== 'cache') {
    say(`Tests, demo and bench use a different one: pulumi ${used.version}, ${used.program}`);
  } else if (version !== ENGINE_VERSION) {
    say(`Tests, demo and bench use it with PULUMI_KMS_BYOK_ENGINE=${engine.folder}`);
  } else if (used !== undefined) {
    say(`In a shell: export PATH="${used.path.replace(process.env.PATH ?? '', '$PATH')}"`);
  }
}

// An interrupted run leaves nothing behind, because the exit handlers clean up.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

new Command('npm run engine --')
  .description('Puts the real Pulumi engine into the cache, where tests, demo and bench find it.')
  .option(
    '--version <version>',
    `version of the engine, or "oldest" for ${OLDEST_ENGINE_VERSION} (default: ${ENGINE_VERSION})`,
  )
  .option('--json', 'print version, folder and source as JSON')
  .action(main)
  .parseAsync()
  .catch((error: unknown) => {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = 1;
  });
