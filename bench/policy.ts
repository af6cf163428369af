import { PolicyProcess, type ShownResource } from '../test/support/policy-process';
import { alarm, externalKey, material } from '../test/policy/shown';
import { median, type Result } from './result';

const MILLISECONDS_PER_RESOURCE = 2;

/** Returns a stack in which every key has its material and its alarm. Half of the resources are unrelated. */
function stackOf(count: number): ShownResource[] {
  return Array.from({ length: Math.ceil(count / 6) }, (_, index) => {
    const id = `${String(index).padStart(8, '0')}-12ab-34cd-56ef-1234567890ab`;
    const arn = `arn:aws:kms:eu-west-1:111122223333:key/${id}`;
    const named = (name: string) => ({ name: `${name}-${index}`, dependsOn: {} });
    return [
      externalKey({ arn, id }, named('key')),
      material({ keyId: arn }, named('material')),
      alarm({ dimensions: { KeyId: id } }, named('alarm')),
      ...['a', 'b', 'c'].map((name) => ({
        type: 'aws:s3/bucket:Bucket',
        name: `bucket-${name}-${index}`,
        props: { bucket: name, arn: `arn:aws:s3:::${name}-${index}`, tags: { owner: 'team' } },
      })),
    ];
  })
    .flat()
    .slice(0, count);
}

/** Measures what the pack adds to a preview. Calls it like the engine: for each resource, then for the stack. */
export async function benchPolicy(count: number, rounds: number): Promise<Result[]> {
  const pack = await PolicyProcess.start();
  try {
    const time = pack.cpuTime() === undefined ? 'elapsed time' : 'processor time';
    const reviews: number[] = [];
    const small: number[] = [];
    const large: number[] = [];
    // The first run compiles.
    await pack.review(stackOf(60));
    for (let round = 0; round < rounds; round += 1) {
      reviews.push(await timed(pack, () => pack.review(stackOf(count))));
      small.push(await timed(pack, () => pack.analyzeStack(stackOf(count))));
      large.push(await timed(pack, () => pack.analyzeStack(stackOf(4 * count))));
    }
    return [
      {
        what: `review of a stack of ${count} resources by all rules of baseline`,
        unit: 'ms',
        ours: median(reviews),
        peer: MILLISECONDS_PER_RESOURCE * count,
        peerName: `the budget of ${MILLISECONDS_PER_RESOURCE} ms for each resource`,
        limit: { atMost: 1 },
        how: `${time} of the policy process of the SDK over gRPC, one resource after the other, then the stack; median of ${rounds}`,
      },
      {
        what: `stack rules over ${4 * count} resources`,
        unit: 'ms',
        ours: median(large) / 4,
        peer: median(small),
        peerName: `their time over ${count}, for as many resources`,
        // A linear rule has 1; a rule that compares every resource with every other would have 4.
        limit: { atMost: 2 },
        how: `${time} of the policy process of the SDK over gRPC; median of ${rounds}`,
      },
    ];
  } finally {
    await pack.stop();
  }
}

// Processor time does not depend on other work of the machine, but not every system reports it.
async function timed(pack: PolicyProcess, run: () => Promise<unknown>): Promise<number> {
  const start = pack.cpuTime() ?? performance.now();
  await run();
  return (pack.cpuTime() ?? performance.now()) - start;
}
