import { ENGINE } from '../test/support/pulumi-cli';
import { ENGINE_MISSING } from './importers/update';
import type { Line } from './result';
import { keyStack } from './key-stack';
import { startWaitingKeys, type WaitingKeys } from './waiting-keys';

/** Compares previews of many new resources, less those of an empty stack. */
export async function benchPreview(count: number): Promise<Line[]> {
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
    const empty = await preview('noop', 0, kms);
    const secondsOf = async (program: string): Promise<number> =>
      (await preview(program, count, kms)) - empty;
    const ours = await secondsOf('ours');
    const lines: Line[] = [];
    for (const { program, peerName } of peers) {
      lines.push({
        what,
        unit: 's',
        ours,
        peer: await secondsOf(program),
        peerName,
        how: `pulumi preview by pulumi ${version}, its backend in a folder, less that of an empty stack; once`,
      });
    }
    return lines;
  } finally {
    await kms.stop();
  }
}

async function preview(program: string, count: number, kms: WaitingKeys): Promise<number> {
  const { stack, remove } = await keyStack(program, count, kms);
  try {
    const start = performance.now();
    const { ok, output } = await stack.preview();
    if (!ok) throw new Error(output);
    return (performance.now() - start) / 1000;
  } finally {
    remove();
  }
}
