import { Command } from 'commander';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demo } from './demo';
import { EngineFailure } from './engines';
import { terminalPicture } from './picture';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

interface Options {
  readonly verbose?: boolean;
  readonly picture?: string;
}

async function main({ verbose = false, picture }: Options): Promise<void> {
  const said = ['$ npm run demo'];
  const say = (line: string): void => {
    process.stdout.write(`${line}\n`);
    said.push(...line.split('\n'));
  };
  const folder = mkdtempSync(join(tmpdir(), 'kms-byok-demo-'));
  // On exit, so that an interrupted demo removes its material too.
  process.once('exit', () => {
    rmSync(folder, { recursive: true, force: true });
  });
  try {
    const faults = await demo(folder, verbose, say);
    if (faults.length === 0) {
      say('\nEverything held.');
      if (picture !== undefined) writeFileSync(picture, terminalPicture(said));
      return;
    }
    say('\nSOMETHING DID NOT HOLD:');
    for (const fault of faults) say(`  ${fault}`);
  } catch (error) {
    if (error instanceof EngineFailure && !verbose) {
      for (const line of error.output.split('\n')) say(`     | ${line}`);
    }
    say(`\nTHE DEMO FAILED: ${(error as Error).message}`);
  }
  process.exitCode = 1;
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

void new Command('npm run demo --')
  .description(
    'Leads a key through its life on an embedded KMS, without AWS. Uses the real Pulumi engine if there is one, otherwise an offline test engine.',
  )
  .option('--verbose', 'print the lines of the engine too')
  .option('--picture <file>', 'also draw the output as SVG, if everything held')
  .action(main)
  .parseAsync();
