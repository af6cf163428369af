import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ENGINE } from '../test/support/pulumi-cli';
import { ENGINE_MISSING } from './importers/update';
import { median, type Line } from './result';
import { keyStack } from './key-stack';
import { startWaitingKeys, type WaitingKeys } from './waiting-keys';

const OURS_MS_AT_MOST = 200;

/** A line that `programs/report-phases.js` writes: milliseconds by those to whom they belong. */
interface Reported {
  readonly role: 'program' | 'provider';
  /** Until the first line of JavaScript. */
  readonly node: number;
  readonly program: number;
  readonly sdk: number;
  readonly awsSdk: number;
  readonly ours: number;
  /** In the functions of the provider, without what they load. */
  readonly run: number;
  /** Milliseconds since the epoch. */
  readonly end: number;
}

interface Phases {
  readonly total: number;
  readonly ours: number;
  readonly sdk: number;
  readonly awsSdk: number;
  readonly node: number;
  readonly program: number;
}

/** Measures the time from `pulumi up` to the first call of KMS, and the part of this package in it. */
export async function benchFirstCall(rounds: number): Promise<Line[]> {
  const whole = 'time from pulumi up to the first call of KMS';
  const part = `${whole}, the part of this package`;
  const byHand = 'a hand-written pulumi.dynamic.Resource';
  if (ENGINE === undefined) {
    return [
      { what: whole, peerName: byHand, absent: ENGINE_MISSING },
      { what: part, peerName: 'the limit', absent: ENGINE_MISSING },
    ];
  }
  const kms = await startWaitingKeys();
  try {
    const ours: Phases[] = [];
    const peer: Phases[] = [];
    for (let round = 0; round < rounds; round += 1) {
      ours.push(await phasesOf('ours', kms));
      peer.push(await phasesOf('hand-written', kms));
    }
    const of = (all: readonly Phases[], name: keyof Phases): number =>
      median(all.map((phases) => phases[name]));
    const names = { program: 'the program', sdk: 'the SDK', awsSdk: 'the AWS SDK' } as const;
    const phases = Object.entries(names).map(
      ([name, text]) => `${text} ${Math.round(of(ours, name as keyof typeof names))} ms`,
    );
    const known = ours.map(({ total, ...rest }) => total - sum(Object.values(rest)));
    const engine = `pulumi up --yes --skip-preview by pulumi ${ENGINE.version}`;
    return [
      {
        what: whole,
        unit: 'ms',
        ours: of(ours, 'total'),
        peer: of(peer, 'total'),
        peerName: byHand,
        how: `${engine}; of ours, the engine takes ${Math.round(median(known))} ms, the start of two Node.js ${Math.round(of(ours, 'node'))} ms, ${phases.join(', ')} and this package ${Math.round(of(ours, 'ours'))} ms; in turn; median of ${rounds}`,
      },
      {
        what: part,
        unit: 'ms',
        ours: of(ours, 'ours'),
        peer: OURS_MS_AT_MOST,
        peerName: 'the limit',
        limit: { atMost: 1 },
        how: `loading its modules in both processes, and its check and its create until the call, without what they load of others; ${engine}; median of ${rounds}`,
      },
    ];
  } finally {
    await kms.stop();
  }
}

async function phasesOf(program: string, kms: WaitingKeys): Promise<Phases> {
  const folder = mkdtempSync(join(tmpdir(), 'byok-bench-'));
  const file = join(folder, 'phases');
  writeFileSync(file, '');
  const env = {
    NODE_OPTIONS: `--require ${join(__dirname, 'programs', 'report-phases.js')}`,
    BENCH_PHASES_FILE: file,
    BENCH_DIST: join(__dirname, '..', 'dist'),
    BENCH_KMS_PORT: new URL(kms.url).port,
  };
  const { stack, remove } = await keyStack(program, 1, kms, {}, env);
  try {
    const start = Date.now();
    const { ok, output } = await stack.upUnobserved();
    if (!ok) throw new Error(output);
    const lines = readFileSync(file, 'utf8').trim().split('\n');
    const reports = lines.map((line) => JSON.parse(line) as Reported);
    const call = reports.find(({ role }) => role === 'provider');
    if (call === undefined) throw new Error(`no call of KMS was seen:\n${output}`);
    const of = (name: 'node' | 'program' | 'sdk' | 'awsSdk' | 'ours' | 'run'): number =>
      sum(reports.map((report) => report[name]));
    return {
      total: call.end - start,
      ours: of('ours') + of('run'),
      sdk: of('sdk'),
      awsSdk: of('awsSdk'),
      node: of('node'),
      program: of('program'),
    };
  } finally {
    remove();
    rmSync(folder, { recursive: true });
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
