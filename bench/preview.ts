import { ENGINE } from '../test/support/pulumi-cli';
import { ENGINE_MISSING } from './importers/update';
import { median, type Line } from './result';
import { keyStack } from './key-stack';
import { startWaitingKeys, type WaitingKeys } from './waiting-keys';

/** Compares previews of many new resources, less those of an empty stack. */
export async function benchPreview(count: number, rounds: number): Promise<Line[]> {
  const what = `preview of ${count} new resources`;
  const peers = [
    { program: 'hand-written', peerName: 'a hand-written pulumi.dynamic.Resource' },
    { program: 'noop', peerName: 'resources that do nothing' },
  ];
  if (ENGINE === undefined) {
    return peers.map(({ peerName }) => ({ what, peerName, absent: ENGINE_MISSING }));
  }
  const { version } = ENGINE;
  const kms = await startWaitingKeys();
  try {
    const empty = median(await previews('noop', 0, rounds, kms));
    const secondsOf = async (program: string): Promise<number> =>
      median(await previews(program, count, rounds, kms)) - empty;
    const ours = await secondsOf('ours');
    const lines: Line[] = [];
    for (const { program, peerName } of peers) {
      lines.push({
        what,
        unit: 's',
        ours,
        peer: await secondsOf(program),
        peerName,
        how: `pulumi preview by pulumi ${version}, its backend in a folder, less that of an empty stack; median of ${rounds}`,
      });
    }
    return lines;
  } finally {
    await kms.stop();
  }
}

async function previews(
  program: string,
  count: number,
  rounds: number,
  kms: WaitingKeys,
): Promise<number[]> {
  const { stack, remove } = await keyStack(program, count, kms);
  try {
    const seconds: number[] = [];
    while (seconds.length < rounds) {
      const start = performance.now();
      const { ok, output } = await stack.preview();
      seconds.push((performance.now() - start) / 1000);
      if (!ok) throw new Error(output);
    }
    return seconds;
  } finally {
    remove();
  }
}
