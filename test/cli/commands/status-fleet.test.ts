import { ManualClock, startKms, type KmsSnapshot } from 'embedded-kms';
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
  it('status keeps within the quotas, reads few at once and says how far it is', async () => {
    const clock = new ManualClock(START);
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
    const state = multiplied(seeded.snapshot(), KEYS);
    await seeded.close();

    let open = 0;
    let most = 0;
    const kms = await startKms({
      clock,
      state,
      quotas: true,
      onCall: ({ phase }) => {
        open += phase === 'before' ? 1 : -1;
        most = Math.max(most, open);
      },
    });
    try {
      // Only waiting makes time pass, so a caller that does not wait is throttled.
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
      const { code, stdout, stderr } = await runCli(args, { now: () => clock.now(), sleep });
      expect(code).toBe(2);
      const { keys } = JSON.parse(stdout) as { keys: { keyArn: string }[] };
      expect(new Set(keys.map(({ keyArn }) => keyArn)).size).toBe(KEYS);
      expect(kms.calls.length).toBeGreaterThan(KEYS);
      expect(kms.calls.filter(({ outcome }) => outcome !== 'ok')).toEqual([]);
      expect(most).toBeLessThanOrEqual(64);
      expect(stderr.split('\n')).toEqual([
        ...[1, 2].map((thousands) => `read ${thousands}000 of 2000 keys`),
        '',
      ]);
      // A little more than the time that as many calls of ListKeyRotations take at their quota.
      const seconds = (clock.now().getTime() - START.getTime()) / 1000;
      expect(seconds).toBeGreaterThan(KEYS / 100);
      expect(seconds).toBeLessThan((KEYS / 100) * 1.5);
    } finally {
      await kms.close();
    }
  });
});
