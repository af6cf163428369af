import fc from 'fast-check';
import { quotaOf, TokenBucket, type Grant } from '../../src/aws/rate-limit';
import { RUNS } from '../../packages/embedded-kms/test/support/runs';

const QUOTA = { perSecond: 1, burst: 3 };

/** Takes tokens as fast as they come, and says when. */
function takeAll(bucket: TokenBucket, count: number, from = 0): { at: number[]; grants: Grant[] } {
  let now = from;
  const at: number[] = [];
  const grants: Grant[] = [];
  while (at.length < count) {
    now += bucket.waitFor(now);
    at.push(now);
    grants.push(bucket.take(now));
  }
  return { at, grants };
}

describe('when tokens are taken from a bucket', () => {
  it('the burst goes at once, and then the documented rate holds', () => {
    const { at } = takeAll(new TokenBucket(QUOTA, true, 0), 6);
    expect(at).toEqual([0, 0, 0, 1000, 2000, 3000]);
  });

  it('tokens of a pause are kept up to the burst', () => {
    const bucket = new TokenBucket(QUOTA, true, 0);
    takeAll(bucket, 3);
    expect(takeAll(bucket, 5, 60_000).at).toEqual([60_000, 60_000, 60_000, 61_000, 62_000]);
  });

  it('it says how long the nth call waits', () => {
    const bucket = new TokenBucket(QUOTA, true, 0);
    expect(bucket.waitFor(0, 3)).toBe(0);
    expect(bucket.waitFor(0, 10)).toBe(7000);
  });

  it('without a limit nothing waits until the first refusal, and then the documented rate holds', () => {
    const bucket = new TokenBucket(QUOTA, false, 0);
    const { at, grants } = takeAll(bucket, 50);
    expect(at.at(-1)).toBe(0);
    expect(bucket.perSecond).toBe(Infinity);
    bucket.refused(grants[0]!, 0, 0);
    expect(bucket.perSecond).toBe(1);
    expect(bucket.waitFor(0)).toBeGreaterThan(0);
    expect(bucket.waitFor(0)).toBeLessThanOrEqual(1000);
  });

  it('over any window the calls never exceed rate x window + burst, and what was refused', () => {
    const event = fc.record({
      pause: fc.integer({ min: 0, max: 5000 }),
      answer: fc.constantFrom('accepted', 'accepted', 'refused', 'lost'),
      delay: fc.integer({ min: 0, max: 3 }),
    });
    const quota = fc.record({
      perSecond: fc.double({ min: 0.25, max: 100, noNaN: true }),
      burst: fc.integer({ min: 1, max: 100 }),
    });
    fc.assert(
      fc.property(quota, fc.array(event, { maxLength: 120 }), fc.gen(), (limits, events, gen) => {
        const bucket = new TokenBucket(limits, true, 0);
        const open: { grant: Grant; answer: string; left: number }[] = [];
        const log: { at: number; rate: number; refusals: number }[] = [];
        let now = 0;
        let refusals = 0;
        for (const { pause, answer, delay } of events) {
          now += Math.max(pause, bucket.waitFor(now));
          open.push({ grant: bucket.take(now), answer, left: delay });
          log.push({ at: now, rate: bucket.perSecond, refusals });
          for (const call of open) {
            call.left -= 1;
            if (call.left !== -1) continue;
            if (call.answer === 'accepted') bucket.accepted(call.grant);
            if (call.answer !== 'refused') continue;
            refusals += 1;
            bucket.refused(call.grant, now, gen(fc.double, { min: 0, max: 1, noNaN: true }));
          }
        }
        for (let first = 0; first < log.length; first += 1) {
          for (let last = first; last < log.length; last += 1) {
            const window = log.slice(first, last + 1);
            const rate = Math.max(...window.map((call) => call.rate));
            const seconds = (window.at(-1)!.at - window[0]!.at) / 1000;
            const repeated = window.at(-1)!.refusals - window[0]!.refusals;
            expect(window.length).toBeLessThanOrEqual(
              rate * seconds + limits.burst + repeated + 1e-6,
            );
          }
        }
      }),
      RUNS,
    );
  });

  it('after a refusal the rate falls, and accepted calls bring it back and no further', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), (refusals) => {
        const bucket = new TokenBucket(QUOTA, true, 0);
        let now = 0;
        let before = bucket.perSecond;
        const next = (): Grant => {
          const taken = takeAll(bucket, 1, now);
          now = taken.at[0]!;
          return taken.grants[0]!;
        };
        for (let refusal = 0; refusal < refusals; refusal += 1) {
          const grant = next();
          bucket.refused(grant, now, 0.5);
          if (before > 0.25) expect(bucket.perSecond).toBeLessThan(before);
          before = bucket.perSecond;
          expect(before).toBeGreaterThanOrEqual(0.25);
        }
        let accepted = 0;
        for (; bucket.perSecond < 1 && accepted < 1000; accepted += 1) {
          bucket.accepted(next());
          expect(bucket.perSecond).toBeGreaterThan(before);
          before = bucket.perSecond;
        }
        expect(before).toBe(1);
        expect(accepted).toBeLessThanOrEqual(6);
      }),
      RUNS,
    );
  });

  it('calls that were under way together lower the rate once', () => {
    const bucket = new TokenBucket(QUOTA, true, 0);
    const { grants } = takeAll(bucket, 3);
    bucket.refused(grants[0]!, 0, 0);
    const once = bucket.perSecond;
    expect(once).toBeLessThan(1);
    bucket.refused(grants[1]!, 0, 0);
    bucket.accepted(grants[2]!);
    expect(bucket.perSecond).toBe(once);
  });

  it('a refusal soon after an accepted call takes the burst away and leaves the rate', () => {
    const bucket = new TokenBucket(QUOTA, true, 0);
    const { grants } = takeAll(bucket, 2);
    bucket.accepted(grants[0]!);
    bucket.refused(grants[1]!, 20, 0);
    expect(bucket.perSecond).toBe(1);
    expect(bucket.waitFor(20)).toBe(980);
  });

  it('beyond the documented rate it goes only after thirty calls in a row', () => {
    const bucket = new TokenBucket(QUOTA, true, 0);
    const { grants } = takeAll(bucket, 31);
    for (const grant of grants.slice(0, 30)) bucket.accepted(grant);
    expect(bucket.perSecond).toBe(1);
    bucket.accepted(grants[30]!);
    expect(bucket.perSecond).toBeGreaterThan(1);
  });
});

describe('when the quota of an operation is asked for', () => {
  // AWS KMS Developer Guide, requests-per-second.
  it.each([
    ['GetParametersForImport', 1],
    ['RotateKeyOnDemand', 5],
    ['GetKeyLastUsage', 5],
    ['ImportKeyMaterial', 15],
    ['DeleteImportedKeyMaterial', 15],
    ['ListKeyRotations', 100],
    ['ListAliases', 500],
    ['ListKeys', 500],
    ['GetKeyPolicy', 1000],
    ['GetKeyRotationStatus', 1000],
    ['DescribeKey', 2000],
  ])('%s has the %d requests per second that AWS documents', (operation, perSecond) => {
    expect(quotaOf(operation)).toMatchObject({ perSecond, documented: true });
  });

  it('any other operation has one that is not documented', () => {
    expect(quotaOf('Decrypt')).toMatchObject({ documented: false });
  });
});
