import { ManualClock, startKms, type EmbeddedKms, type KmsSnapshot } from 'embedded-kms';
import { setMaxListeners } from 'node:events';
import { shareOfQuotas } from '../../../src/cli/status/key-inventories';
import { VirtualTime } from '../../support/virtual-time';
import { runCli, useEmbeddedCredentials } from '../run-cli';

jest.setTimeout(600_000);
useEmbeddedCredentials();

const KEYS = 2000;
const START = new Date('2030-01-01T00:00:00Z');

interface SnapshotMap {
  $map: [string, Record<string, SnapshotMap>][];
}

/** A snapshot of a KMS with this many keys like its only one: importing into each would take minutes. */
function multiplied(snapshot: KmsSnapshot, count: number): KmsSnapshot {
  const copy = JSON.parse(JSON.stringify(snapshot)) as KmsSnapshot;
  const { accounts } = copy.state as { accounts: SnapshotMap };
  const regions = accounts.$map[0]![1].regions!;
  const { $map: keys } = regions.$map[0]![1].keys!;
  const [[id, key]] = keys as [SnapshotMap['$map'][number]];
  const text = JSON.stringify(key);
  for (let index = 1; index < count; index += 1) {
    const other = `${String(index).padStart(8, '0')}${id.slice(8)}`;
    keys.push([other, JSON.parse(text.replaceAll(id, other)) as Record<string, SnapshotMap>]);
  }
  return copy;
}

describe('when an account has two thousand keys', () => {
  const clock = new ManualClock(START);
  let state: KmsSnapshot;

  beforeAll(async () => {
    const seeded = await startKms({
      clock,
      seed: {
        Keys: [
          {
            Region: 'eu-west-1',
            CreateKey: { Origin: 'EXTERNAL' },
            Materials: [
              {
                Bytes: Buffer.alloc(32, 1).toString('base64'),
                ValidTo: START.getTime() / 1000 + 20 * 86_400,
              },
            ],
          },
        ],
      },
    });
    state = multiplied(seeded.snapshot(), KEYS);
    await seeded.close();
  });

  /** Runs status where only waiting makes time pass. Returns its output and the seconds that it waited. */
  async function run(kms: EmbeddedKms) {
    const start = clock.now().getTime();
    const sleep = (milliseconds: number): Promise<void> => {
      const wake = clock.now().getTime() + milliseconds;
      return new Promise((resolve) => {
        setImmediate(() => {
          if (clock.now().getTime() < wake) clock.set(new Date(wake));
          resolve();
        });
      });
    };
    const args = ['status', '--endpoint-url', kms.url, '--region', 'eu-west-1', '--json'];
    const done = await runCli(args, { now: () => clock.now(), sleep });
    return { ...done, seconds: (clock.now().getTime() - start) / 1000 };
  }

  const namesOf = (stdout: string): Set<string> =>
    new Set((JSON.parse(stdout) as { keys: { keyArn: string }[] }).keys.map((key) => key.keyArn));

  it('an emulator on this machine is not paced, few keys are read at once, and it says how far it is', async () => {
    let open = 0;
    let most = 0;
    const kms = await startKms({
      clock,
      state,
      onCall: ({ phase }) => {
        open += phase === 'before' ? 1 : -1;
        most = Math.max(most, open);
      },
    });
    try {
      const { code, stdout, stderr, seconds } = await run(kms);
      expect({ code, seconds }).toEqual({ code: 2, seconds: 0 });
      expect(namesOf(stdout).size).toBe(KEYS);
      expect(most).toBeLessThanOrEqual(64);
      expect(stderr.split('\n')).toEqual([
        ...[1, 2].map((thousands) => `read ${thousands}000 of 2000 keys`),
        '',
      ]);
    } finally {
      await kms.close();
    }
  });

  it('the quotas of an emulator are found out, and every key is read', async () => {
    const kms = await startKms({ clock, state, quotas: true });
    try {
      const { code, stdout, seconds } = await run(kms);
      expect(code).toBe(2);
      expect(namesOf(stdout).size).toBe(KEYS);
      expect(kms.calls.some(({ outcome }) => outcome !== 'ok')).toBe(true);
      expect(seconds).toBeGreaterThan(KEYS / 100 / 1.5);
    } finally {
      await kms.close();
    }
  });
});

describe('when status calls AWS', () => {
  it.each([
    ['ListKeyRotations', 75],
    ['ListKeys', 375],
    ['GetKeyLastUsage', 3.75],
  ])('%s is called %s times a second, a quarter below the quota', async (operation, rate) => {
    const time = new VirtualTime();
    const pacing = shareOfQuotas({ now: () => new Date(time.now()), sleep: time.sleep });
    const { signal } = new AbortController();
    setMaxListeners(0, signal);
    const place = { region: 'eu-west-1' };
    const calls = Array.from({ length: 11 * rate }, () =>
      pacing.run(place, operation, () => Promise.resolve(), signal),
    );
    await time.run(Promise.all(calls));
    // The first second's worth may go at once.
    expect(time.now() / 1000).toBeCloseTo(10, 0);
  });
});
