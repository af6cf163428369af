import { ENGINE } from '../test/support/pulumi-cli';
import { ENGINE_MISSING } from './importers/update';
import { processorSecondsOfChildren } from './processor-time';
import { keyStack } from './key-stack';
import type { Line } from './result';
import { startWaitingKeys, type WaitingKeys } from './waiting-keys';

const SAMPLE_MS = 50;

interface Update {
  readonly engineSeconds: number;
  readonly bytes: number;
  /** Values in the inputs and outputs of a resource, nested ones too. */
  readonly values: number;
}

/**
 * Compares the engine's processor time of a large update with that of resources that do nothing. They have as many
 * values, and as many bytes of state or more, because the engine serializes each value of the checkpoint again after
 * every step, and writes all its bytes.
 */
export async function benchLargeUp(count: number): Promise<Line> {
  const what = `engine in the update of ${count} new resources`;
  const peerName = 'no-op resources with as many properties';
  if (ENGINE === undefined) return { what, peerName, absent: ENGINE_MISSING };
  const kms = await startWaitingKeys();
  try {
    const ours = await updateOf('ours', count, kms, {});
    const bare = await updateOf('noop', 4, kms, {});
    const outputs = String(ours.values - bare.values);
    const full = await updateOf('noop', 4, kms, { outputs });
    const padding = Math.max(0, Math.round(ours.bytes / count - full.bytes / 4));
    // The outputs have a text of the inputs again.
    const peer = await updateOf('noop', count, kms, {
      outputs,
      padding: String(Math.round(padding / 2)),
    });
    return {
      what,
      unit: 's of processor time',
      ours: ours.engineSeconds,
      peer: peer.engineSeconds,
      peerName,
      how: `pulumi up --yes --skip-preview by pulumi ${ENGINE.version}, its backend in a folder; the process of the engine without program and provider; ${kilobytes(ours)} and ${kilobytes(peer)} of state; once`,
    };
  } finally {
    await kms.stop();
  }
}

function kilobytes({ bytes }: Update): string {
  return `${Math.round(bytes / 1000)} kB`;
}

async function updateOf(
  program: string,
  count: number,
  kms: WaitingKeys,
  extra: Readonly<Record<string, string>>,
): Promise<Update> {
  const { stack, remove } = await keyStack(program, count, kms, extra);
  try {
    let engineSeconds = 0;
    const timer = setInterval(() => {
      engineSeconds = Math.max(engineSeconds, processorSecondsOfChildren('pulumi'));
    }, SAMPLE_MS);
    const { ok, output } = await stack.upUnobserved();
    clearInterval(timer);
    if (!ok) throw new Error(output);
    const { deployment } = await stack.exportState();
    const { resources } = deployment;
    const { inputs, outputs } = resources.at(-1) ?? {};
    return {
      engineSeconds,
      bytes: Buffer.byteLength(JSON.stringify(resources)),
      values: valuesOf(inputs) + valuesOf(outputs),
    };
  } finally {
    remove();
  }
}

function valuesOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  return Object.values(value).reduce((sum: number, each) => sum + valuesOf(each), 1);
}
