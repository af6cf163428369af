import Table from 'cli-table3';
import { Command } from 'commander';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { FOLDER_VARIABLE, HOST_VARIABLE } from '../engine/find';
import { obtainEngine } from '../engine/obtain';
import { checkOut } from './checkout';
import { combinationsOf, enginesFor, hostsOf, type Combination } from './combinations';
import { obtainNode } from './node-runtime';
import { npm } from './npm';
import { runTests, type TestRun } from './run-tests';
import { endsOfRange } from './versions';

const ROOT = join(__dirname, '..', '..');
const SDK = '@pulumi/pulumi';
// Paths of tests that depend on Node.js, the SDK or the engine: key formats, processes, sockets, the protocol, the package.
const DEFAULT_PATTERNS = [
  'test/material',
  'test/provider',
  'test/resources',
  'test/component',
  'packages/embedded-kms',
  'packages/pulumi-offline-engine',
  'test/engine',
  'test/policy/real-engine',
  'test/package',
];

interface Options {
  readonly node: readonly string[];
  readonly sdk?: readonly string[];
  readonly engine?: readonly string[];
  readonly folder?: string;
  readonly json?: true;
}

type Result = Combination & TestRun;

const list = (text: string): string[] => text.split(',');
const say = (text: string): void => {
  process.stderr.write(text);
};

async function runMatrix(
  patterns: readonly string[],
  options: Options,
  folder: string,
): Promise<Result[]> {
  const { peerDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    readonly peerDependencies: Readonly<Record<string, string>>;
  };
  const sdks = options.sdk ?? (await endsOfRange(SDK, peerDependencies[SDK] ?? '*'));
  const engines = enginesFor(sdks, options.engine);
  const folders = new Map<string, string>();
  for (const engine of new Set(engines)) {
    const obtained = await obtainEngine(engine, (line) => {
      say(`${line}\n`);
    });
    folders.set(engine, obtained.folder);
  }
  const combinations = combinationsOf(options.node, sdks, engines, (engine) =>
    hostsOf(folders.get(engine) ?? '', process.env),
  );
  say('building\n');
  await npm(['run', '--silent', 'build'], ROOT);
  for (const sdk of sdks) {
    say(`installing ${SDK} ${sdk} in ${checkoutIn(folder, sdk)}\n`);
    await checkOut(ROOT, { name: SDK, version: sdk }, checkoutIn(folder, sdk));
  }
  const results: Result[] = [];
  for (const combination of combinations) {
    const { sdk, engine, host } = combination;
    const node = await obtainNode(combination.node, join(folder, `node-${combination.node}`));
    say(
      `\nNode.js ${node.version}, ${SDK} ${sdk}, engine ${engine}, ${HOSTS[host]}: ${patterns.join(' ')}\n`,
    );
    const env = { [FOLDER_VARIABLE]: folders.get(engine), [HOST_VARIABLE]: host };
    const run = await runTests(checkoutIn(folder, sdk), node, patterns, env, say);
    results.push({ ...combination, node: node.version, ...run });
  }
  return results;
}

const checkoutIn = (folder: string, sdk: string): string => join(folder, `sdk-${sdk}`);

const HOSTS: Readonly<Record<Combination['host'], string>> = {
  pulumi: 'host of Pulumi',
  test: 'test host',
};

function tableOf(results: readonly Result[]): string {
  const table = new Table({
    head: ['Node.js', SDK, 'engine', 'language host', 'passed', 'failed', 'skipped', 'seconds'],
    style: { head: [], border: [] },
  });
  for (const { node, sdk, engine, host, passed, failed, skipped, seconds } of results) {
    table.push([node, sdk, engine, HOSTS[host], passed, failed, skipped, seconds]);
  }
  const failures = results.flatMap(({ node, sdk, engine, host, failures }) =>
    failures.map((name) => `${node}, ${sdk}, ${engine}, ${HOSTS[host]}: ${name}`),
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
    `Runs the tests on every Node.js with the oldest and the newest supported ${SDK}, each with the engine of its age.`,
  )
  .argument('[patterns...]', 'paths of tests, as of jest', DEFAULT_PATTERNS)
  .option('--node <versions>', 'Node.js versions, separated by commas', list, ['20', '22', '24'])
  .option('--sdk <versions>', `versions of ${SDK}; default: both ends of the peer range`, list)
  .option(
    '--engine <versions>',
    'versions of the engine: one, or one for each SDK; default: the oldest supported one for the oldest SDK, otherwise the newest',
    list,
  )
  .option('--folder <path>', 'keep the installations in this folder, and use them again')
  .option('--json', 'print the result as JSON')
  .action(main)
  .parseAsync()
  .catch((error: unknown) => {
    say(`${(error as Error).message}\n`);
    process.exitCode = 1;
  });
