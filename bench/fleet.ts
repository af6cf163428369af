import { CreateKeyCommand, GetParametersForImportCommand, KMSClient } from '@aws-sdk/client-kms';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startKms } from 'embedded-kms';
import { CREDENTIALS, project } from './project';
import type { Result } from './result';

/** Speed of all clocks and timers, as a multiple of real time. */
const SPEED = 2;

/** Calls of GetParametersForImport that the embedded KMS accepts at once, before one per second. */
const BURST = 3;

/** The name of the error, and AWS's words for it. */
const THROTTLED = /ThrottlingException|You have exceeded the rate/;

/** Number of failed updates after which the benchmark gives up. */
const MOST_UPDATES = 30;

interface Fleet {
  /** Time from the first call to the last import, by the clock of KMS. */
  readonly seconds: number;
  readonly updates: number;
  /** Keys that have material after the first update. */
  readonly first: number;
  /** Lines of the first update that show a ThrottlingException. */
  readonly errors: number;
}

/** Compares the import of a fleet of keys under AWS's quotas with the shortest time that they allow. */
export async function benchFleet(count: number): Promise<Result[]> {
  const floor = count - BURST;
  const ours = await importFleet('ours', count);
  const peer = await importFleet('hand-written', count);
  const setting = `quotas at AWS's rates; clocks and timers of KMS and of the provider run ${SPEED} times as fast; offline engine, 16 resources at a time`;
  const story = ({ updates, first, errors }: Fleet): string =>
    `${updates} ${updates === 1 ? 'update' : 'updates'}, ${first} keys imported by the first, which showed ${errors} ThrottlingExceptions`;
  return [
    {
      what: `paced import of ${count} keys`,
      unit: 's',
      ours: ours.seconds,
      peer: floor,
      peerName: 'what the quota allows',
      limit: { atMost: 1.05 },
      how: `from the first call to the last import; ${story(ours)}; ${setting}`,
    },
    {
      what: `paced import of ${count} keys`,
      unit: 's',
      ours: ours.seconds,
      peer: peer.seconds,
      peerName: "pulumi.dynamic.Resource with the SDK's retries",
      how: `the other is run again at once until it succeeds: ${story(peer)}; it takes ${(peer.seconds / floor).toFixed(2)} x what the quota allows`,
    },
  ];
}

async function importFleet(program: string, count: number): Promise<Fleet> {
  const started = Date.now();
  const now = (): number => performance.now() * SPEED;
  const imported = new Set<string>();
  const span = { begun: NaN, ended: NaN };
  const kms = await startKms({
    quotas: true,
    clock: { now: () => new Date(started + now()) },
    onCall: ({ operation, phase, keyId = '' }) => {
      if (operation === 'GetParametersForImport') span.begun ||= now();
      if (operation !== 'ImportKeyMaterial' || phase !== 'after') return;
      imported.add(keyId);
      span.ended = now();
    },
  });
  const client = new KMSClient({
    endpoint: kms.url,
    region: 'eu-west-1',
    credentials: CREDENTIALS,
    maxAttempts: 20,
  });
  const keyIds: string[] = [];
  while (keyIds.length < count) {
    const { KeyMetadata } = await client.send(new CreateKeyCommand({ Origin: 'EXTERNAL' }));
    keyIds.push(KeyMetadata?.Arn ?? '');
  }
  // AWS has its wrapping keys ready. The embedded KMS generates one, which would count as time of the first import.
  await client.send(
    new GetParametersForImportCommand({
      KeyId: keyIds[0],
      WrappingAlgorithm: 'RSAES_OAEP_SHA_256',
      WrappingKeySpec: 'RSA_4096',
    }),
  );
  await delay(1000);
  span.begun = NaN;
  const { stack, remove } = project(
    program,
    {
      keyIds: JSON.stringify(keyIds),
      endpoint: kms.url,
      'aws:endpoints': JSON.stringify([{ kms: kms.url }]),
    },
    {
      BENCH_MATERIAL: randomBytes(32).toString('base64'),
      BENCH_SPEED: String(SPEED),
      NODE_OPTIONS: `--require ${join(__dirname, 'programs', 'fast-time.js')}`,
    },
  );
  try {
    let report = await stack.up();
    const first = imported.size;
    const errors = report.lines.filter((line) => THROTTLED.test(line)).length;
    let updates = 1;
    while (!report.ok && updates < MOST_UPDATES) {
      report = await stack.up();
      updates += 1;
    }
    if (!report.ok) throw new Error(report.lines.join('\n'));
    return { seconds: (span.ended - span.begun) / 1000, updates, first, errors };
  } finally {
    client.destroy();
    await kms.close();
    remove();
  }
}
