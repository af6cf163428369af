import { constants, createPublicKey, publicEncrypt, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createKey, perSecond, plainClient, type Call } from './kms-calls';
import { startChild } from './kms-child';
import { rsaPrivateOperations } from './kms-openssl';
import { median, percentile, type Result } from './result';

const CONCURRENCY = 4;
const LIMIT = { atLeast: 0.7 };

/** How many imports a round has, by the bits of the wrapping key. */
const CYCLES = { 2048: 1000, 4096: 200 } as const;

type Bits = keyof typeof CYCLES;
type Cycle = () => Promise<unknown>;

/**
 * Imports beside OpenSSL's own RSA private operation, of which each import needs one, and how long
 * other requests wait for an import that is under way.
 */
export async function benchImport(bits: Bits, rounds: number): Promise<Result[]> {
  const kms = await startChild(require.resolve('./kms-server'));
  const { call, close } = plainClient(kms.port);
  try {
    const probed = await createKey(call);
    const rates = { ours: [] as number[], peer: [] as number[] };
    const costs: number[] = [];
    const waits = { idle: [] as number[], loaded: [] as number[] };
    const cycles = await prepare(call, bits);
    await perSecond(cycles, CONCURRENCY); // warms up and is not counted
    for (let round = 0; round < rounds; round += 1) {
      rates.peer.push(rsaPrivateOperations(bits));
      const before = (await kms.usage()).cpuSeconds;
      rates.ours.push(await perSecond(cycles, CONCURRENCY));
      costs.push(((await kms.usage()).cpuSeconds - before) / cycles.length);
      waits.idle.push(await waitBeside(call, probed, sleep(500)));
      waits.loaded.push(await waitBeside(call, probed, perSecond(cycles, CONCURRENCY)));
    }
    const rsa = 1000 / median(rates.peer);
    const idle = median(waits.idle);
    return [
      {
        what: `imports through RSA_${bits}`,
        unit: 'imports/s',
        ours: median(rates.ours),
        peer: median(rates.peer),
        peerName: "OpenSSL's RSA private operations",
        limit: LIMIT,
        how: `GetParametersForImport and ImportKeyMaterial of 32 bytes, wrapped beforehand, ${CONCURRENCY} at a time, plain client in another process; an import costs the server ${(1000 * median(costs)).toFixed(2)} ms of processor time; sign/s of openssl speed on one core, in turn; median of ${rounds}`,
      },
      {
        what: `longest wait of DescribeKey beside imports through RSA_${bits}`,
        unit: 'ms',
        ours: median(waits.loaded),
        peer: rsa + idle,
        peerName: 'one RSA operation and the wait of an idle server',
        limit: { atMost: 1 },
        how: `99th percentile, probes in a row beside ${CONCURRENCY} imports at a time; the RSA operation takes ${rsa.toFixed(2)} ms, the idle wait is ${idle.toFixed(2)} ms; median of ${rounds}`,
      },
    ];
  } finally {
    close();
    await kms.stop();
  }
}

/** A cycle for each of many keys, with material that is wrapped already: the wrapping key stays. */
async function prepare(call: Call, bits: Bits): Promise<Cycle[]> {
  const parametersOf = async (keyId: string) =>
    JSON.parse(
      await call('GetParametersForImport', {
        KeyId: keyId,
        WrappingAlgorithm: 'RSAES_OAEP_SHA_256',
        WrappingKeySpec: `RSA_${bits}`,
      }),
    ) as { ImportToken: string; PublicKey: string };
  const { PublicKey } = await parametersOf(await createKey(call));
  const wrappingKey = createPublicKey({
    key: Buffer.from(PublicKey, 'base64'),
    format: 'der',
    type: 'spki',
  });
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  const cycles: Cycle[] = [];
  while (cycles.length < CYCLES[bits]) {
    const keyId = await createKey(call);
    const wrapped = publicEncrypt(
      { key: wrappingKey, padding, oaepHash: 'sha256' },
      randomBytes(32),
    );
    const material = wrapped.toString('base64');
    cycles.push(async () => {
      const { ImportToken } = await parametersOf(keyId);
      await call('ImportKeyMaterial', {
        KeyId: keyId,
        ImportToken,
        EncryptedKeyMaterial: material,
        ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
      });
    });
  }
  return cycles;
}

/** The 99th percentile of the milliseconds that DescribeKey takes until something is over. */
async function waitBeside(call: Call, keyId: string, other: Promise<unknown>): Promise<number> {
  const ended = new AbortController();
  const end = other.finally(() => {
    ended.abort();
  });
  const waits: number[] = [];
  while (!ended.signal.aborted) {
    const start = performance.now();
    await call('DescribeKey', { KeyId: keyId });
    waits.push(performance.now() - start);
    // Of no fixed length, or the probes could keep step with the imports.
    await sleep(1 + 2 * Math.random());
  }
  await end;
  return percentile(waits, 0.99);
}
