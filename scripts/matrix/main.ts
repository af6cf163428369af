import Table from 'cli-table3';
import { Command } from 'commander';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { checkOut } from './checkout';
import { obtainNode } from './node-runtime';
import { npm } from './npm';
import { runTests, type TestRun } from './run-tests';
import { endsOfRange } from './versions';

const ROOT = join(__dirname, '..', '..');
const SDK = '@pulumi/pulumi';
// What depends on Node.js or on the SDK: key formats, processes, sockets, the protocol, the package.
const DEFAULT_PATTERNS = [
  'test/wrap',
  'test/material',
  'test/provider',
  'test/resources',
  'test/component',
  'test/testing',
  'test/engine',
  'test/package',
];

interface Options {
  readonly node: readonly string[];
  readonly sdk?: readonly string[];
  readonly folder?: string;
  readonly json?: true;
}

interface Combination extends TestRun {
  readonly node: string;
  readonly sdk: string;
}

const list = (text: string): string[] => text.split(',');
const say = (text: string): void => {
  process.stderr.write(text);
};

async function runMatrix(
  patterns: readonly string[],
  options: Options,
  folder: string,
): Promise<Combination[]> {
  const { peerDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    readonly peerDependencies: Readonly<Record<string, string>>;
  };
  const sdks = options.sdk ?? (await endsOfRange(SDK, peerDependencies[SDK] ?? '*'));
  say('building\n');
  await npm(['run', '--silent', 'build'], ROOT);
  const results: Combination[] = [];
  for (const sdk of sdks) {
    const checkout = join(folder, `sdk-${sdk}`);
    say(`installing ${SDK} ${sdk} in ${checkout}\n`);
    await checkOut(ROOT, { name: SDK, version: sdk }, checkout);
    for (const version of options.node) {
      const node = await obtainNode(version, join(folder, `node-${version}`));
      say(`\nNode.js ${node.version}, ${SDK} ${sdk}: ${patterns.join(' ')}\n`);
      const run = await runTests(checkout, node, patterns, say);
      results.push({ node: node.version, sdk, ...run });
    }
  }
  return results;
}

function tableOf(results: readonly Combination[]): string {
  const table = new Table({
    head: ['Node.js', SDK, 'passed', 'failed', 'skipped', 'seconds'],
    style: { head: [], border: [] },
  });
  for (const { node, sdk, passed, failed, skipped, seconds } of results) {
    table.push([node, sdk, passed, failed, skipped, seconds]);
  }
  const failures = results.flatMap((result) =>
    result.failures.map((name) => `${result.node}, ${result.sdk}: ${name}`),
  );
  return [table.toString(), ...failures].join('\n');
}

async function main(patterns: readonly string[], options: Options): Promise<void> {
  const { folder: given } = options;
  const folder = given === undefined ? mkdtempSync(join(tmpdir(), 'byok-matrix-')) : resolve(given);
  mkdirSync(folder, { recursive: true });
  try {
    const results = await runMatrix(patterns, options, folder);
    const text = options.json === true ? JSON.stringify(results, null, 2) : tableOf(results);
    process.stdout.write(`${text}\n`);
    if (results.some(({ failed }) => failed > 0)) process.exitCode = 1;
  } finally {
    if (given === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

void new Command('test:matrix')
  .description(
    `Runs the tests on every Node.js with the oldest and the newest supported ${SDK}, all obtained from npm.`,
  )
  .argument('[patterns...]', 'paths of tests, as of jest', DEFAULT_PATTERNS)
  .option('--node <versions>', 'Node.js versions, with commas between', list, ['20', '22', '24'])
  .option('--sdk <versions>', `versions of ${SDK}; default: both ends of the peer range`, list)
  .option('--folder <path>', 'keep what is installed here, and use it again')
  .option('--json', 'print the result as JSON')
  .action(main)
  .parseAsync();
