import Table from 'cli-table3';
import { Command, InvalidArgumentError } from 'commander';
import { randomInt } from 'node:crypto';
import { dirname, join } from 'node:path';
import { npm } from '../matrix/npm';
import { runTests, type TestRun } from '../matrix/run-tests';
import { loadProcessors } from './load';

const ROOT = join(__dirname, '..', '..');

interface Options {
  readonly loaded?: number;
  readonly json?: true;
}

interface Repetition extends TestRun {
  readonly seed: number;
  /** Whether other processes kept all processors busy. */
  readonly loaded: boolean;
}

const count = (text: string): number => {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0) throw new InvalidArgumentError('not a count');
  return number;
};

async function repeat(
  runs: number,
  patterns: readonly string[],
  loadedRuns: number,
): Promise<Repetition[]> {
  const say = (text: string): void => {
    process.stderr.write(text);
  };
  say('building\n');
  await npm(['run', '--silent', 'build'], ROOT);
  const node = { version: process.version, bin: dirname(process.execPath) };
  const done: Repetition[] = [];
  for (let run = 0; run < runs; run += 1) {
    const loaded = run >= runs - loadedRuns;
    const seed = randomInt(2 ** 31);
    say(`\nrun ${run + 1} of ${runs}: seed ${seed}${loaded ? ', all processors busy' : ''}\n`);
    const release = loaded ? loadProcessors() : undefined;
    try {
      const args = [`--seed=${seed}`, ...patterns];
      // Makes tests vary a seed that is fixed by default.
      const result = await runTests(ROOT, node, args, { VARY_SEED: 'true' }, say);
      done.push({ seed, loaded, ...result });
    } finally {
      release?.();
    }
  }
  return done;
}

function tableOf(runs: readonly Repetition[]): string {
  const table = new Table({
    head: ['seed', 'processors', 'passed', 'failed', 'skipped', 'seconds'],
    style: { head: [], border: [] },
  });
  for (const { seed, loaded, passed, failed, skipped, seconds } of runs) {
    table.push([seed, loaded ? 'busy' : 'free', passed, failed, skipped, seconds]);
  }
  const failures = runs.flatMap(({ seed, failures: names }) =>
    names.map((name) => `seed ${seed}: ${name}`),
  );
  return [table.toString(), ...failures].join('\n');
}

async function main(
  runs: number,
  patterns: readonly string[],
  { loaded, json }: Options,
): Promise<void> {
  const results = await repeat(runs, patterns, loaded ?? Math.floor(runs / 2));
  process.stdout.write(`${json === true ? JSON.stringify(results, null, 2) : tableOf(results)}\n`);
  if (results.some(({ failed }) => failed > 0)) process.exitCode = 1;
}

void new Command('npm run test:repeat --')
  .description(
    'Runs the tests several times, each time with other seeds, to find those that fail by chance.',
  )
  .argument('<runs>', 'how often', count)
  .argument('[patterns...]', 'paths of tests, as of jest')
  .option(
    '--loaded <runs>',
    'how many of the runs, the last ones, have all processors kept busy (default: half)',
    count,
  )
  .option('--json', 'print the result as JSON')
  .action(main)
  .parseAsync();
