import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startKms } from 'embedded-kms';
import { OUTPUT_NAMES } from '../src/provider/imported-key-material/state';
import { CREDENTIALS, project, type Project } from './project';
import { median, type Result } from './result';

const MEGABYTES_AT_MOST = 150;
const NOTHING = { inputs: {}, outputs: {} };

/** Numbers of resources and rounds. */
interface Extent {
  readonly few: number;
  readonly many: number;
  readonly rounds: number;
  /** Rounds of the large stack, and of the peers without a target. */
  readonly fewRounds: number;
}

interface State {
  resources: { urn: string; type: string; inputs: object; outputs: object }[];
}

/** A measured update. */
interface Update {
  readonly milliseconds: number;
  /** Largest size of the provider process. NaN if there was none. */
  readonly megabytes: number;
}

/**
 * Compares the cost of an unchanged resource in an update with that of two no-op resources of the SDK: one registers as
 * many properties, because the SDK processes each of them, also if it has no value, the other only one. Compares it with
 * its own in a program that lowers `Error.stackTraceLimit`, because the SDK takes stack traces for each property. Then
 * compares a large stack with a small one, and its provider process with a limit.
 */
export async function benchNoChange({
  few,
  many,
  rounds,
  fewRounds,
}: Extent): Promise<readonly Result[]> {
  const folder = mkdtempSync(join(tmpdir(), 'byok-bench-'));
  const memoryFile = join(folder, 'kilobytes');
  const kms = await startKms();
  const client = new KMSClient({
    endpoint: kms.url,
    region: 'eu-west-1',
    credentials: CREDENTIALS,
  });
  const { KeyMetadata } = await client.send(new CreateKeyCommand({ Origin: 'EXTERNAL' }));
  client.destroy();
  const config = {
    keyId: KeyMetadata?.Arn ?? '',
    'aws:endpoints': JSON.stringify([{ kms: kms.url }]),
  };
  const env = {
    BENCH_MATERIAL: randomBytes(32).toString('base64'),
    BENCH_MEMORY_FILE: memoryFile,
    NODE_OPTIONS: `--require ${join(__dirname, 'programs', 'report-memory.js')}`,
  };
  const stacks: Project[] = [];
  const filled = async (
    program: string,
    resources: number,
    more: Readonly<Record<string, string>> = {},
  ): Promise<Project> => {
    const made = await fill(program, resources, { ...config, ...more }, env);
    stacks.push(made);
    return made;
  };
  const run = (stack: Project, count: number) => update(stack, count, memoryFile);
  try {
    const empty = await filled('noop', 0);
    const ours = await filled('many', few);
    const least = await filled('noop', few);
    const outputs = propertiesOf(ours);
    const alike = await filled('noop', few, {
      // Without its value and its provider.
      outputs: String(outputs.length - 2),
      absent: String(OUTPUT_NAMES.filter((name) => !outputs.includes(name)).length),
    });
    const short = await filled('many', few, { shortStacks: 'true' });
    const large = await filled('many', many);
    kms.clearCalls();
    const times = {
      ours: [] as number[],
      alike: [] as number[],
      least: [] as number[],
      short: [] as number[],
    };
    const sizes = { few: [] as number[], alike: [] as number[], many: [] as number[] };
    const largeTimes: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const nothing = (await run(empty, 0)).milliseconds;
      const noop = await run(alike, few);
      times.alike.push(noop.milliseconds - nothing);
      sizes.alike.push(noop.megabytes);
      const small = await run(ours, few);
      times.ours.push(small.milliseconds - nothing);
      sizes.few.push(small.megabytes);
      if (round >= fewRounds) continue;
      times.least.push((await run(least, few)).milliseconds - nothing);
      times.short.push((await run(short, few)).milliseconds - nothing);
      const big = await run(large, many);
      largeTimes.push(big.milliseconds - nothing);
      sizes.many.push(big.megabytes);
    }
    if (kms.calls.length > 0) throw new Error('an update without changes called KMS');
    const each = median(times.ours) / few;
    const how = `less an update of an empty stack; material from a variable; no call to KMS; offline engine, in turn; median of ${rounds}`;
    const measured = {
      what: `update of ${few} resources without a change, for each`,
      unit: 'ms',
      ours: each,
      how,
    };
    const process = {
      unit: 'MB',
      peer: MEGABYTES_AT_MOST,
      peerName: 'the limit',
      limit: { atMost: 1 },
      how: 'the largest resident set of the process in an update without a change; offline engine',
    };
    return [
      {
        ...measured,
        peer: median(times.alike) / few,
        peerName: 'a no-op pulumi.dynamic.Resource with as many properties',
        limit: { atMost: 1.2 },
      },
      {
        ...measured,
        peer: median(times.least) / few,
        peerName: 'a no-op pulumi.dynamic.Resource with one property',
        how: `${how} and of ${fewRounds}`,
      },
      {
        ...measured,
        peer: median(times.short) / few,
        peerName: 'itself in a program that sets Error.stackTraceLimit = 1',
        how: `${how} and of ${fewRounds}`,
      },
      {
        ...measured,
        what: `update of ${many} resources without a change, for each`,
        ours: median(largeTimes) / many,
        peer: each,
        peerName: `that of ${few}`,
        limit: { atMost: 1.1 },
        how: `${how} and of ${fewRounds}`,
      },
      {
        ...process,
        what: `memory of the provider process at ${few} resources`,
        ours: median(sizes.few),
      },
      {
        unit: process.unit,
        how: process.how,
        what: `memory of the provider process at ${few} resources`,
        ours: median(sizes.few),
        peer: median(sizes.alike),
        peerName: 'that of no-op resources with as many properties',
      },
      {
        ...process,
        what: `memory of the provider process at ${many} resources`,
        ours: median(sizes.many),
      },
    ];
  } finally {
    for (const { remove } of stacks) remove();
    rmSync(folder, { recursive: true });
    await kms.close();
  }
}

function propertiesOf({ stateFile }: Project): readonly string[] {
  const { resources } = JSON.parse(readFileSync(stateFile, 'utf8')) as State;
  const { inputs, outputs } = resources.find(({ type }) => !type.startsWith('pulumi:')) ?? NOTHING;
  return Object.keys({ ...inputs, ...outputs });
}

// Creates one resource and copies its state for the others, because an update without changes reads only
// the state.
async function fill(
  program: string,
  count: number,
  config: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>>,
): Promise<Project> {
  const one = project(program, { ...config, count: String(Math.min(count, 1)) }, env);
  const { ok, lines } = await one.stack.up();
  if (!ok) throw new Error(lines.join('\n'));
  const state = JSON.parse(readFileSync(one.stateFile, 'utf8')) as State;
  one.remove();
  const all = project(program, { ...config, count: String(count) }, env);
  const resources = state.resources.flatMap((resource) =>
    resource.type.startsWith('pulumi:')
      ? [resource]
      : Array.from({ length: count }, (_, index) => ({
          ...resource,
          urn: resource.urn.replace(/root-0$/, `root-${index}`),
        })),
  );
  writeFileSync(all.stateFile, JSON.stringify({ ...state, resources }));
  return all;
}

async function update({ stack }: Project, count: number, memoryFile: string): Promise<Update> {
  writeFileSync(memoryFile, 'NaN');
  const start = performance.now();
  const { ok, summary, lines } = await stack.up();
  if (!ok || (summary.same ?? 0) !== count) throw new Error(lines.join('\n'));
  const milliseconds = performance.now() - start;
  return { milliseconds, megabytes: Number(readFileSync(memoryFile, 'utf8')) / 1024 };
}
