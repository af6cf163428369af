import {
  CreateKeyCommand,
  GetParametersForImportCommand,
  ImportKeyMaterialCommand,
  KMSClient,
} from '@aws-sdk/client-kms';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { executableIn } from '../scripts/executable';
import { wrap } from '../src/material/wrap';
import { perSecond } from './kms-calls';
import { startChild } from './kms-child';
import { processorSeconds } from './processor-time';
import { CREDENTIALS } from './project';
import { median, type Line } from './result';

const CONCURRENCY = 8;
const PEER = 'local-kms';
const SPEC = { WrappingAlgorithm: 'RSAES_OAEP_SHA_256', WrappingKeySpec: 'RSA_2048' } as const;

interface Server {
  readonly port: number;
  readonly pid: number;
  readonly stop: () => Promise<unknown>;
}

/** Compares the server's processor time for a new key and its import with that of the other local KMS that imports. */
export async function benchCycle(cycles: number, rounds: number): Promise<Line> {
  const what = 'new key and its import by the embedded KMS';
  const program = executableIn((process.env.PATH ?? '').split(delimiter), PEER);
  if (program === undefined) {
    return { what, peerName: PEER, absent: `there is no ${PEER} on PATH` };
  }
  const ours = await startChild(require.resolve('./kms-server'));
  const peer = await startLocalKms(program);
  try {
    const costs = { ours: [] as number[], peer: [] as number[] };
    // The first round warms up and is not counted.
    for (let round = 0; round <= rounds; round += 1) {
      const [own, other] = [await costOf(ours, cycles), await costOf(peer, cycles)];
      if (round === 0) continue;
      costs.ours.push(own);
      costs.peer.push(other);
    }
    return {
      what,
      unit: 'ms of processor time',
      ours: median(costs.ours),
      peer: median(costs.peer),
      peerName: PEER,
      how: `CreateKey, GetParametersForImport and ImportKeyMaterial through RSA_2048 by the AWS SDK, ${cycles} cycles, ${CONCURRENCY} at a time; all threads of the server's process; in turn; median of ${rounds}`,
    };
  } finally {
    await Promise.all([ours.stop(), peer.stop()]);
  }
}

async function startLocalKms(program: string): Promise<Server> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'byok-bench-'));
  const child = spawn(program, {
    env: { PORT: String(port), KMS_DATA_PATH: folder },
    stdio: 'ignore',
  });
  const exited = once(child, 'exit');
  while (!(await answers(port))) {
    if (child.exitCode !== null) throw new Error(`${PEER} ended`);
    await delay(50);
  }
  return {
    port,
    pid: child.pid ?? Number.NaN,
    stop: async () => {
      child.kill();
      await exited;
      rmSync(folder, { recursive: true });
    },
  };
}

async function answers(port: number): Promise<boolean> {
  try {
    await fetch(`http://127.0.0.1:${port}`);
    return true;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Returns the milliseconds of the server's processor time for each cycle. */
async function costOf({ port, pid }: Server, cycles: number): Promise<number> {
  const client = new KMSClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'eu-west-1',
    credentials: CREDENTIALS,
  });
  const cycle = async (): Promise<void> => {
    const { KeyMetadata } = await client.send(new CreateKeyCommand({ Origin: 'EXTERNAL' }));
    const KeyId = KeyMetadata?.KeyId;
    const { PublicKey = new Uint8Array(), ImportToken } = await client.send(
      new GetParametersForImportCommand({ KeyId, ...SPEC }),
    );
    const key = {
      publicKey: PublicKey,
      wrappingAlgorithm: SPEC.WrappingAlgorithm,
      wrappingKeySpec: SPEC.WrappingKeySpec,
    };
    await client.send(
      new ImportKeyMaterialCommand({
        KeyId,
        ImportToken,
        EncryptedKeyMaterial: wrap(randomBytes(32), key, randomBytes),
        ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
      }),
    );
  };
  const before = processorSeconds(pid) ?? Number.NaN;
  await perSecond(Array<typeof cycle>(cycles).fill(cycle), CONCURRENCY);
  client.destroy();
  return (1000 * ((processorSeconds(pid) ?? Number.NaN) - before)) / cycles;
}
