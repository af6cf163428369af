import { ENGINE } from '../test/support/pulumi-cli';
import { ENGINE_MISSING } from './importers/update';
import { keyStack } from './key-stack';
import type { Line } from './result';
import { startWaitingKeys, type WaitingKeys } from './waiting-keys';

/** Bytes of an `ImportedKey` with a replica when the targets were set. */
const FORMER_BYTES = 18_300;

/** Measures how many bytes of state each resource adds, because the engine writes all of them after every step. */
export async function benchStateBytes(more: number): Promise<Line[]> {
  const one = 'state of an ImportedKeyMaterial';
  const whole = 'state of an ImportedKey with a replica';
  const byHand = 'a hand-written pulumi.dynamic.Resource';
  const declared = 'its resources declared one by one';
  if (ENGINE === undefined) {
    const absent = ENGINE_MISSING;
    return [
      { what: one, peerName: byHand, absent },
      { what: whole, peerName: declared, absent },
    ];
  }
  const kms = await startWaitingKeys();
  try {
    const bytesOf = (program: string) => bytesOfEach(program, more, kms);
    const how = `compact JSON of the checkpoint of ${ENGINE.version}, that of ${more + 1} less that of one; the length of the paths of the program is part of it`;
    const bytes = { unit: 'bytes', how };
    const wholeBytes = await bytesOf('whole-key');
    return [
      {
        ...bytes,
        what: one,
        ours: await bytesOf('ours'),
        peer: await bytesOf('hand-written'),
        peerName: byHand,
        limit: { atMost: 0.15 },
      },
      {
        ...bytes,
        what: whole,
        ours: wholeBytes,
        peer: await bytesOf('whole-key-by-hand'),
        peerName: declared,
      },
      {
        ...bytes,
        what: whole,
        ours: wholeBytes,
        peer: FORMER_BYTES,
        peerName: 'what it was',
        limit: { atMost: 2 / 3 },
      },
    ];
  } finally {
    await kms.stop();
  }
}

async function bytesOfEach(program: string, more: number, kms: WaitingKeys): Promise<number> {
  const one = await stackBytes(program, 1, kms);
  // A quick run only shows that it works.
  if (more === 0) return one;
  return ((await stackBytes(program, more + 1, kms)) - one) / more;
}

async function stackBytes(program: string, count: number, kms: WaitingKeys): Promise<number> {
  const { stack, remove } = await keyStack(program, count, kms);
  try {
    const { ok, output } = await stack.upUnobserved();
    if (!ok) throw new Error(output);
    const { deployment } = await stack.exportState();
    // The provider's own entry contains the configuration, which names every key.
    const resources = deployment.resources.filter(
      ({ type }) => !String(type).startsWith('pulumi:'),
    );
    return Buffer.byteLength(JSON.stringify(resources));
  } finally {
    remove();
  }
}
