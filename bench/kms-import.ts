import { constants, createPublicKey, publicEncrypt, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createKey, type Call, type PlainClient } from './kms-calls';
import { startChild } from './kms-child';
import { lightClient } from './kms-light-client';
import { rsaPrivateSeconds } from './kms-openssl';
import { median, percentile, type Result } from './result';

const COST_CONCURRENCY = 16;
const WAIT_CONCURRENCY = 4;
const PROBED_MILLISECONDS = 600;

/** Number of imports in a round, by the bits of the wrapping key. */
const CYCLES = { 2048: 1000, 4096: 200 } as const;

type Bits = keyof typeof CYCLES;
type Cycle = (call: Call) => Promise<unknown>;
type Server = Awaited<ReturnType<typeof startChild>>;

/**
 * Compares the server's processor time for an import with what any server needs: one RSA private operation and two
 * requests. Also measures how long other requests wait while imports run.
 */
export async function benchImport(
  bits: Bits,
  rounds: number,
  count: number = CYCLES[bits],
): Promise<Result[]> {
  const kms = await startChild(require.resolve('./kms-server'));
  const clients = await clientsOf(kms);
  const few = clients.slice(0, WAIT_CONCURRENCY);
  const probe = await lightClient(kms.port);
  const { imports, withoutRsa, answers } = await prepare(probe.call, bits, count);
  const bare = await startChild(require.resolve('./kms-bare-server'), JSON.stringify(answers));
  const bareClients = await clientsOf(bare);
  try {
    const costs = { ours: [] as number[], rsa: [] as number[], requests: [] as number[] };
    const waits = { idle: [] as number[], busy: [] as number[], importing: [] as number[] };
    const describe = { KeyId: await createKey(probe.call) };
    const probeBeside = (other: Promise<unknown>) =>
      waitsUntil(() => probe.call('DescribeKey', describe), other);
    // Both runs warm up the compilers of the processes and are not counted.
    for (let run = 0; run < 2; run += 1) {
      await doAll(imports, clients);
      await doAll(imports, bareClients);
    }
    for (let round = 0; round < rounds; round += 1) {
      costs.rsa.push(rsaPrivateSeconds(bits));
      costs.requests.push(await costOf(imports, bare, bareClients));
      costs.ours.push(await costOf(imports, kms, clients));
      waits.idle.push(...(await probeBeside(sleep(PROBED_MILLISECONDS))));
      waits.busy.push(...(await probeBeside(doAll(repeated(withoutRsa), few))));
      waits.importing.push(...(await probeBeside(doAll(imports, few))));
    }
    const [ours, rsa, requests] = [costs.ours, costs.rsa, costs.requests].map(
      (seconds) => 1000 * median(seconds),
    ) as [number, number, number];
    const [idle, busy, importing] = [waits.idle, waits.busy, waits.importing].map((all) =>
      percentile(all, 0.99),
    ) as [number, number, number];
    return [
      {
        what: `import through RSA_${bits} by the embedded KMS`,
        unit: 'ms of processor time',
        ours,
        peer: rsa + requests,
        peerName:
          'one RSA private operation of OpenSSL and two requests of a bare node:http server',
        limit: { atMost: 1.25 },
        how: `GetParametersForImport, and ImportKeyMaterial of 32 bytes that were wrapped beforehand, ${COST_CONCURRENCY} at a time; all threads of the server's process; the RSA operation takes ${rsa.toFixed(2)} ms in openssl speed, the two requests with the same answers ${requests.toFixed(2)} ms; in turn; median of ${rounds}`,
      },
      {
        what: `wait of DescribeKey beside imports through RSA_${bits}`,
        unit: 'ms',
        ours: importing,
        peer: rsa + busy,
        peerName: 'one RSA operation and the wait beside as many requests without RSA',
        limit: { atMost: 1 },
        how: `99th percentile of ${waits.importing.length} probes in a row beside ${WAIT_CONCURRENCY} imports at a time, and of ${waits.busy.length} beside ${WAIT_CONCURRENCY} GetParametersForImport at a time, in turn; the RSA operation takes ${rsa.toFixed(2)} ms; beside nothing the wait is ${idle.toFixed(2)} ms`,
      },
    ];
  } finally {
    for (const { close } of [...clients, ...bareClients, probe]) close();
    await Promise.all([kms.stop(), bare.stop()]);
  }
}

function clientsOf({ port }: Server): Promise<PlainClient[]> {
  return Promise.all(Array.from({ length: COST_CONCURRENCY }, () => lightClient(port)));
}

/** Returns the seconds of processor time that a server needs for each cycle. */
async function costOf(
  cycles: readonly Cycle[],
  server: Server,
  clients: readonly PlainClient[],
): Promise<number> {
  const before = (await server.usage()).cpuSeconds;
  await doAll(cycles, clients);
  return ((await server.usage()).cpuSeconds - before) / cycles.length;
}

/** Runs all cycles, one at a time on each connection. */
async function doAll(cycles: Iterable<Cycle>, clients: readonly PlainClient[]): Promise<void> {
  const queue = cycles[Symbol.iterator]();
  await Promise.all(
    clients.map(async ({ call }) => {
      for (let next = queue.next(); next.done !== true; next = queue.next()) await next.value(call);
    }),
  );
}

/** Repeats a cycle until the time for probes is over. */
function* repeated(cycle: Cycle): Iterable<Cycle> {
  const end = performance.now() + PROBED_MILLISECONDS;
  while (performance.now() < end) yield cycle;
}

/**
 * Prepares an import for each of many keys, and as many requests without an RSA operation. The material
 * is wrapped beforehand, because the client shares the processors with the server, so each import uses the
 * token of an earlier call.
 */
async function prepare(
  call: Call,
  bits: Bits,
  count: number,
): Promise<{
  readonly imports: readonly Cycle[];
  readonly withoutRsa: Cycle;
  /** The response to each operation of an import. */
  readonly answers: Readonly<Record<string, unknown>>;
}> {
  const parametersOf = async (caller: Call, keyId: string) =>
    JSON.parse(
      await caller('GetParametersForImport', {
        KeyId: keyId,
        WrappingAlgorithm: 'RSAES_OAEP_SHA_256',
        WrappingKeySpec: `RSA_${bits}`,
      }),
    ) as { ImportToken: string; PublicKey: string };
  const imports: Cycle[] = [];
  while (imports.length < count) {
    const keyId = await createKey(call);
    const { ImportToken, PublicKey } = await parametersOf(call, keyId);
    const request = {
      KeyId: keyId,
      ImportToken,
      EncryptedKeyMaterial: wrap(PublicKey, randomBytes(32)),
      ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
    };
    imports.push(async (caller) => {
      await parametersOf(caller, keyId);
      await caller('ImportKeyMaterial', request);
    });
  }
  const anyKey = await createKey(call);
  return {
    imports,
    answers: {
      GetParametersForImport: await parametersOf(call, anyKey),
      // With a KeyId and a KeyMaterialId.
      ImportKeyMaterial: { KeyId: anyKey, KeyMaterialId: '0'.repeat(64) },
    },
    withoutRsa: async (caller) => {
      await parametersOf(caller, anyKey);
      await parametersOf(caller, anyKey);
    },
  };
}

/** Wraps material under the DER of a public key; both texts are base64. */
function wrap(publicKey: string, material: Buffer): string {
  const key = createPublicKey({
    key: Buffer.from(publicKey, 'base64'),
    format: 'der',
    type: 'spki',
  });
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  return publicEncrypt({ key, padding, oaepHash: 'sha256' }, material).toString('base64');
}

/** Runs probes in a row until another promise settles. Returns the milliseconds of each. */
async function waitsUntil(
  probe: () => Promise<unknown>,
  other: Promise<unknown>,
): Promise<number[]> {
  const ended = new AbortController();
  const end = other.finally(() => {
    ended.abort();
  });
  const waits: number[] = [];
  while (!ended.signal.aborted) {
    const start = performance.now();
    await probe();
    waits.push(performance.now() - start);
    // Random, because probes at a fixed interval could run in step with the imports.
    await sleep(1 + 2 * Math.random());
  }
  await end;
  return waits;
}
