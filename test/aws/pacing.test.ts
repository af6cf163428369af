import fc from 'fast-check';
import { Pacing, type Place } from '../../src/aws/pacing';
import { RUNS } from '../../packages/embedded-kms/test/support/runs';
import { VirtualTime } from '../support/virtual-time';

const PLACE: Place = { region: 'eu-west-1', accountId: '111122223333' };
const forever = (): AbortSignal => new AbortController().signal;

const throttled = (): Error =>
  Object.assign(new Error('slow down'), { name: 'ThrottlingException' });

let time: VirtualTime;
let said: string[];
let pacing: Pacing;

beforeEach(() => {
  time = new VirtualTime();
  said = [];
  pacing = new Pacing({
    now: time.now,
    sleep: time.sleep,
    random: () => 0.5,
    say: (line) => said.push(line),
  });
});

/** Serves so many calls per second, after a latency, and refuses the rest; a refusal costs nothing. */
class Server {
  readonly served: number[] = [];
  refusals = 0;
  #level: number;
  #at = 0;

  constructor(
    readonly rate: number,
    readonly capacity: number,
    readonly latency: () => number = () => 20,
  ) {
    this.#level = capacity;
  }

  readonly call = async (): Promise<void> => {
    await time.sleep(this.latency());
    const now = time.now();
    this.#level = Math.min(this.capacity, this.#level + ((now - this.#at) / 1000) * this.rate);
    this.#at = now;
    if (this.#level < 1) {
      this.refusals += 1;
      throw throttled();
    }
    this.#level -= 1;
    this.served.push(now);
  };
}

const run = (call: () => Promise<void>, place = PLACE, signal = forever()) =>
  pacing.run(place, 'GetParametersForImport', call, signal);

async function fleet(count: number, server: Server): Promise<number> {
  await time.run(Promise.all(Array.from({ length: count }, () => run(server.call))));
  expect(server.served).toHaveLength(count);
  return time.now() / 1000;
}

describe('when many calls are made at once', () => {
  it.each([
    ['the documented rate with a burst', 1, 3],
    ['the documented rate without a burst', 1, 1],
    ['the rate of older editions', 0.25, 3],
  ])('%s: 60 keys take at most 1.05 of what the quota allows', async (_name, rate, capacity) => {
    const floor = (60 - capacity) / rate;
    expect(await fleet(60, new Server(rate, capacity))).toBeLessThanOrEqual(1.05 * floor);
  });

  it('latency that varies costs little', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom([1, 20], [3, 120]),
        fc.gen(),
        async ([capacity = 0, slowest = 0], gen) => {
          time = new VirtualTime();
          pacing = new Pacing({
            now: time.now,
            sleep: time.sleep,
            random: () => gen(fc.double, { min: 0, max: 1, noNaN: true }),
          });
          const latency = (): number => gen(fc.integer, { min: 5, max: slowest });
          const floor = 60 - capacity;
          const seconds = await fleet(60, new Server(1, capacity, latency));
          expect(seconds).toBeLessThanOrEqual(1.05 * floor);
        },
      ),
      RUNS,
    );
  });

  it('a higher quota is found out', async () => {
    expect(await fleet(300, new Server(10, 10))).toBeLessThan(150);
  });

  it('two processes that share a quota both end, and neither sees a refusal', async () => {
    const server = new Server(1, 3);
    const other = new Pacing({ now: time.now, sleep: time.sleep, random: () => 0.9 });
    const calls = Array.from({ length: 30 }, () => [
      run(server.call),
      other.run(PLACE, 'GetParametersForImport', server.call, forever()),
    ]);
    await time.run(Promise.all(calls.flat()));
    expect(server.served).toHaveLength(60);
    expect(time.now() / 1000).toBeLessThanOrEqual(1.5 * 57);
  });

  it('they go in the order in which they came, a repeated one before the others', async () => {
    const order: string[] = [];
    let refuse = true;
    const calls = ['a', 'b', 'c', 'd', 'e'].map((name) =>
      run(() => {
        if (name === 'd' && refuse) {
          refuse = false;
          return Promise.reject(throttled());
        }
        order.push(name);
        return Promise.resolve();
      }),
    );
    await time.run(Promise.all(calls));
    expect(order).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('a share of the quota is never exceeded, however much KMS would take', async () => {
    pacing = new Pacing({ now: time.now, sleep: time.sleep, random: () => 0.5, share: 0.75 });
    const calls = Array.from({ length: 500 }, () =>
      pacing.run(PLACE, 'ListKeyRotations', () => Promise.resolve(), forever()),
    );
    await time.run(Promise.all(calls));
    // The burst is three quarters of a second's worth too.
    expect(time.now() / 1000).toBeCloseTo((500 - 75) / 75, 1);
  });

  it.each([
    ['accounts', { accountId: '444455556666' }],
    ['Regions', { region: 'eu-central-1' }],
    ['endpoints', { endpoint: 'https://kms.example.com' }],
  ])('%s do not wait for each other', async (_name, difference) => {
    const done = () => Promise.resolve();
    await time.run(Promise.all([1, 2, 3].map(() => run(done))));
    await time.run(Promise.all([1, 2, 3].map(() => run(done, { ...PLACE, ...difference }))));
    expect(time.now()).toBe(0);
    await time.run(run(done));
    expect(time.now()).toBe(1000);
  });

  it('an endpoint on this machine is not slowed down before it refuses a call', async () => {
    const local = { ...PLACE, endpoint: 'http://127.0.0.1:4599' };
    await time.run(
      Promise.all(Array.from({ length: 60 }, () => run(() => Promise.resolve(), local))),
    );
    expect(time.now()).toBe(0);
    const server = new Server(1, 3);
    await time.run(Promise.all(Array.from({ length: 60 }, () => run(server.call, local))));
    expect(time.now() / 1000).toBeLessThanOrEqual(1.05 * 57);
  });
});

describe('when KMS refuses a call', () => {
  it('any other error is thrown at once', async () => {
    const denied = Object.assign(new Error('no'), { name: 'AccessDeniedException' });
    await expect(run(() => Promise.reject(denied))).rejects.toBe(denied);
  });

  it('a quota of resources is no throttling', async () => {
    const full = Object.assign(new Error('no'), { name: 'LimitExceededException' });
    await expect(run(() => Promise.reject(full))).rejects.toBe(full);
  });

  it('status 429 is throttling, even from a proxy in between', async () => {
    let calls = 0;
    await time.run(
      run(() => {
        calls += 1;
        return calls < 3
          ? Promise.reject(Object.assign(new Error(), { $metadata: { httpStatusCode: 429 } }))
          : Promise.resolve();
      }),
    );
    expect(calls).toBe(3);
  });

  it('calls that are refused for ever come ever more slowly', async () => {
    const at: number[] = [];
    const refused = run(() => {
      at.push(time.now());
      return Promise.reject(throttled());
    });
    await time.run(refused, 600_000);
    expect(at.length).toBeLessThan(100);
    expect(at.at(-1)! - at.at(-2)!).toBeGreaterThan(5_000);
  });
});

describe('when the time is up', () => {
  it('a call that waits ends in TIMEOUT with the length of the queue, and the others go on', async () => {
    const ends = new AbortController();
    const done = () => Promise.resolve();
    const others = Array.from({ length: 10 }, () => run(done));
    const ended = run(done, PLACE, ends.signal);
    const after = run(done);
    await time.run(ended, 2_500);
    ends.abort();
    await expect(ended).rejects.toThrowWithCode('TIMEOUT');
    await expect(ended).rejects.toThrow('with 5 calls before it; KMS takes about 1 ');
    await time.run(Promise.all([...others, after]));
    expect(time.now()).toBe(8_000);
  });

  it('a call that comes after the time is not made', async () => {
    let made = false;
    const late = run(
      () => {
        made = true;
        return Promise.resolve();
      },
      PLACE,
      AbortSignal.abort(),
    );
    await expect(late).rejects.toThrowWithCode('TIMEOUT');
    expect(made).toBe(false);
  });

  it('the last to leave the queue leaves no timer behind', async () => {
    const ends = new AbortController();
    const calls = [1, 2, 3, 4].map(() => run(() => Promise.resolve(), PLACE, ends.signal));
    const ended = calls.pop()!;
    await Promise.all(calls);
    ends.abort();
    await expect(ended).rejects.toThrowWithCode('TIMEOUT');
    await time.run(new Promise(() => undefined));
    expect(time.now()).toBe(0);
  });
});

describe('when a wait is long', () => {
  const wait = (count: number) =>
    time.run(Promise.all(Array.from({ length: count }, () => run(() => Promise.resolve()))));

  it('it is reported once, with an estimate', async () => {
    await wait(60);
    expect(said).toEqual([
      'KMS takes about 1 GetParametersForImport per second from account 111122223333 in eu-west-1: 5 calls wait, about 5 s; a hundred take about 2 min',
    ]);
  });

  it('a short one is not reported', async () => {
    await wait(7);
    expect(said).toEqual([]);
  });
});
