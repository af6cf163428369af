import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { startKms } from 'embedded-kms';
import { CREDENTIALS, project, type Project } from './project';
import { median, type Result } from './result';

const LIMIT = { atMost: 1.2 };
const NOTHING = { inputs: {}, outputs: {} };

interface State {
  resources: { urn: string; type: string; inputs: object; outputs: object }[];
}

/**
 * Compares the cost of an unchanged resource in an update with that of two no-op resources of the SDK. One has
 * as many properties, because the SDK processes each of them. The other has only one.
 */
export async function benchNoChange(count: number, rounds: number): Promise<readonly Result[]> {
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
  const env = { BENCH_MATERIAL: randomBytes(32).toString('base64') };
  const stacks: Project[] = [];
  const filled = async (program: string, resources: number, outputs = 0): Promise<Project> => {
    const made = await fill(program, resources, { ...config, outputs: String(outputs) }, env);
    stacks.push(made);
    return made;
  };
  try {
    const empty = await filled('noop', 0);
    const ours = await filled('many', count);
    const least = await filled('noop', count);
    // Without its value and its provider.
    const alike = await filled('noop', count, propertiesOf(ours) - 2);
    kms.clearCalls();
    const times = { ours: [] as number[], alike: [] as number[], least: [] as number[] };
    for (let round = 0; round < rounds; round += 1) {
      const nothing = await timeOf(empty, 0);
      times.least.push((await timeOf(least, count)) - nothing);
      times.alike.push((await timeOf(alike, count)) - nothing);
      times.ours.push((await timeOf(ours, count)) - nothing);
    }
    if (kms.calls.length > 0) throw new Error('an update without changes called KMS');
    const measured = {
      what: `update of ${count} resources without a change, for each`,
      unit: 'ms',
      ours: median(times.ours) / count,
      how: `less an update of an empty stack; material from a variable; no call to KMS; offline engine, in turn; median of ${rounds}`,
    };
    return [
      {
        ...measured,
        peer: median(times.alike) / count,
        peerName: 'a no-op pulumi.dynamic.Resource with as many properties',
        limit: LIMIT,
      },
      {
        ...measured,
        peer: median(times.least) / count,
        peerName: 'a no-op pulumi.dynamic.Resource with one property',
      },
    ];
  } finally {
    for (const { remove } of stacks) remove();
    await kms.close();
  }
}

function propertiesOf({ stateFile }: Project): number {
  const { resources } = JSON.parse(readFileSync(stateFile, 'utf8')) as State;
  const { inputs, outputs } = resources.find(({ type }) => !type.startsWith('pulumi:')) ?? NOTHING;
  return Object.keys({ ...inputs, ...outputs }).length;
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

async function timeOf({ stack }: Project, count: number): Promise<number> {
  const start = performance.now();
  const { ok, summary, lines } = await stack.up();
  if (!ok || (summary.same ?? 0) !== count) throw new Error(lines.join('\n'));
  return performance.now() - start;
}
