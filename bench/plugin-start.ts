import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ManagedProcess,
  type Command,
} from '../packages/pulumi-offline-engine/src/engine/managed-process';
import { ProviderClient } from '../packages/pulumi-offline-engine/src/engine/provider-client';
import { loadSdk } from '../packages/pulumi-offline-engine/src/engine/sdk';
import { PROVIDER_TEXTS } from '../src/domain/provider-text';
import { TYPE_TOKENS } from '../src/domain/type-tokens';
import { CREDENTIALS } from './project';
import { median, type Result } from './result';
import { startWaitingKeys, type WaitingKeys } from './waiting-keys';

const ROOT = join(__dirname, '..');
const NO_ENGINE = '127.0.0.1:1';
const SDK = loadSdk(ROOT);

/** One of the two processes that serve the resources. */
interface Form {
  readonly type: string;
  readonly command: Pick<Command, 'file' | 'args'>;
  readonly configuration: (kms: WaitingKeys) => Readonly<Record<string, string>>;
  readonly inputs: Readonly<Record<string, string>>;
}

const NATIVE: Form = {
  type: TYPE_TOKENS.ImportedKeyMaterial.native,
  command: { file: join(ROOT, 'plugin', 'pulumi-resource-kms-byok'), args: [NO_ENGINE] },
  configuration: ({ url, region }) => ({ endpoint: url, region }),
  inputs: {},
};
const DYNAMIC: Form = {
  type: TYPE_TOKENS.ImportedKeyMaterial.dynamic,
  command: { args: [SDK.entries.dynamicProvider, NO_ENGINE] },
  configuration: ({ url, region }) => ({
    'aws:endpoints': JSON.stringify([{ kms: url }]),
    'aws:region': region,
  }),
  inputs: { __provider: PROVIDER_TEXTS.ImportedKeyMaterial },
};

/** Measures the processor time of the process of each form, from its start to the end of its first import. */
export async function benchPluginStart(rounds: number): Promise<Result> {
  const kms = await startWaitingKeys();
  const times = { native: [] as number[], dynamic: [] as number[] };
  try {
    for (let round = 0; round < rounds; round += 1) {
      times.dynamic.push(await timeOf(DYNAMIC, kms));
      times.native.push(await timeOf(NATIVE, kms));
    }
  } finally {
    await kms.stop();
  }
  return {
    what: 'start of the native plugin, to the end of its first import',
    unit: 'ms of processor time',
    ours: median(times.native),
    peer: median(times.dynamic),
    peerName: 'the dynamic provider',
    limit: { atMost: 0.5 },
    how: `configure, check and create, called over gRPC; a process for each, in turn; median of ${rounds}`,
  };
}

async function timeOf(form: Form, kms: WaitingKeys): Promise<number> {
  const [keyId = ''] = await kms.create(1);
  const folder = mkdtempSync(join(tmpdir(), 'byok-bench-'));
  const file = join(folder, 'milliseconds');
  const [provider, port] = await started(form.command, file);
  try {
    const client = new ProviderClient(SDK, `127.0.0.1:${port}`, provider);
    const urn = `urn:pulumi:bench::bench::${form.type}::one`;
    await client.configure(urn, 'pulumi:providers:kms-byok', form.configuration(kms));
    const material = { inline: randomBytes(32).toString('base64') };
    const news = { ...form.inputs, keyId, material };
    const { inputs, failures } = await client.check({ urn, olds: {}, news });
    if (failures.length > 0) throw new Error(JSON.stringify(failures));
    await client.create({ urn, inputs, preview: false });
    provider.child.kill('SIGUSR2');
    await provider.ended;
    return Number(readFileSync(file, 'utf8'));
  } finally {
    provider.child.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  }
}

async function started(
  command: Form['command'],
  file: string,
): Promise<readonly [ManagedProcess, string]> {
  let ready: (port: string) => void = () => undefined;
  const port = new Promise<string>((resolve) => (ready = resolve));
  const env = {
    PATH: process.env.PATH,
    AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
    NODE_OPTIONS: `--require ${join(__dirname, 'programs', 'report-cpu.js')}`,
    BENCH_CPU_FILE: file,
  };
  const provider = new ManagedProcess({ ...command, cwd: ROOT, env }, (line) => {
    if (/^\d+$/.test(line)) ready(line);
  });
  const outcome = await Promise.race([port, provider.ended]);
  if (typeof outcome !== 'string') throw new Error(`the provider ended: ${outcome.description}`);
  return [provider, outcome];
}
