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
}

/**
 * Compares the engine's processor time of a large update with that of resources that do nothing and have as many bytes of
 * state. The engine writes the whole checkpoint after every step, so its time grows with the square of the stack.
 */
export async function benchLargeUp(count: number): Promise<Line> {
  const what = `engine in the update of ${count} new resources`;
  const peerName = 'no-op resources with as many bytes of state';
  if (ENGINE === undefined) return { what, peerName, absent: ENGINE_MISSING };
  const kms = await startWaitingKeys();
  try {
    const ours = await updateOf('ours', count, kms, {});
    const bare = await updateOf('noop', 4, kms, {});
    const padding = Math.max(0, Math.round(ours.bytes / count - bare.bytes / 4));
    // The outputs have a text of the inputs again.
    const peer = await updateOf('noop', count, kms, { padding: String(Math.round(padding / 2)) });
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
    return { engineSeconds, bytes: Buffer.byteLength(JSON.stringify(deployment.resources)) };
  } finally {
    remove();
  }
}
