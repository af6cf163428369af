import {
  DescribeKeyCommand,
  KMSClient,
  ListKeyRotationsCommand,
  paginateListAliases,
  paginateListKeys,
} from '@aws-sdk/client-kms';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { perSecond } from './kms-calls';
import { CREDENTIALS } from './project';
import { median, type Result } from './result';
import { startWaitingKeys, type WaitingKeys } from './waiting-keys';

const PROGRAM = join(__dirname, '..', 'dist', 'cli', 'bin.js');
/** As many as the command has. */
const CONCURRENCY = 64;
/** Keys wait for their material, so a finding is reported. */
const NEEDS_ACTION = 2;

const runFile = promisify(execFile);

/** Compares `kms-byok status` with the AWS SDK making the same calls. */
export async function benchStatus(keys: number, rounds: number): Promise<Result> {
  const kms = await startWaitingKeys();
  try {
    for (let left = keys; left > 0; left -= 500) await kms.create(Math.min(left, 500));
    const times = { ours: [] as number[], peer: [] as number[] };
    for (let round = 0; round < rounds; round += 1) {
      const start = await secondsOf(() => runCommand(['--version'], kms));
      times.ours.push((await secondsOf(() => runCommand(['status', '--json'], kms))) - start);
      times.peer.push(await secondsOf(() => makeCalls(kms)));
    }
    return {
      what: `status of ${keys} keys`,
      unit: 's',
      ours: median(times.ours),
      peer: median(times.peer),
      peerName: 'the same calls by @aws-sdk/client-kms',
      how: `kms-byok status --json less kms-byok --version, and ListKeys, ListAliases, DescribeKey and ListKeyRotations, ${CONCURRENCY} keys at a time; the embedded KMS without quotas; AWS allows 100 ListKeyRotations per second, of which the command uses 75; in turn; median of ${rounds}`,
    };
  } finally {
    await kms.stop();
  }
}

async function secondsOf(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run();
  return (performance.now() - start) / 1000;
}

async function runCommand(args: readonly string[], { url, region }: WaitingKeys): Promise<void> {
  const env = {
    ...process.env,
    AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
    AWS_REGION: region,
    AWS_ENDPOINT_URL_KMS: url,
  };
  const options = { env, maxBuffer: 256 * 1024 * 1024 };
  try {
    await runFile(process.execPath, [PROGRAM, ...args], options);
  } catch (error) {
    if ((error as { readonly code?: unknown }).code !== NEEDS_ACTION) throw error;
  }
}

async function makeCalls({ url, region }: WaitingKeys): Promise<void> {
  const client = new KMSClient({ endpoint: url, region, credentials: CREDENTIALS });
  const keyIds: string[] = [];
  for await (const { Keys = [] } of paginateListKeys({ client }, {})) {
    keyIds.push(...Keys.flatMap(({ KeyId }) => KeyId ?? []));
  }
  for await (const page of paginateListAliases({ client }, {})) void page;
  await perSecond(
    keyIds.map((KeyId) => async () => {
      await client.send(new DescribeKeyCommand({ KeyId }));
      const IncludeKeyMaterial = 'ALL_KEY_MATERIAL';
      await client.send(new ListKeyRotationsCommand({ KeyId, IncludeKeyMaterial }));
    }),
    CONCURRENCY,
  );
  client.destroy();
}
