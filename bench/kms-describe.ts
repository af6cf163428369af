import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { DEFAULT_REGION } from '../packages/embedded-kms/src/http/caller';
import { createKey, perSecond, plainClient } from './kms-calls';
import { startChild } from './kms-child';
import { median, type Result } from './result';

const CONCURRENCY = 8;
const LIMIT = { atLeast: 0.4 };

/** Sends one DescribeKey. */
interface Client {
  readonly describe: () => Promise<unknown>;
  readonly close: () => void;
}

type ClientOf = (port: number, keyId: string) => Client;

const sdkClient: ClientOf = (port, keyId) => {
  const client = new KMSClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: DEFAULT_REGION,
    credentials: { accessKeyId: '111122223333', secretAccessKey: 'bench' },
  });
  return {
    describe: () => client.send(new DescribeKeyCommand({ KeyId: keyId })),
    close: () => {
      client.destroy();
    },
  };
};

const nodeClient: ClientOf = (port, keyId) => {
  const { call, close } = plainClient(port);
  return { describe: () => call('DescribeKey', { KeyId: keyId }), close };
};

/**
 * Compares DescribeKey with a bare JSON server that responds with the same bytes, through the AWS SDK
 * and through a client so light that the server decides the result.
 */
export async function benchDescribeKey(count: number, rounds: number): Promise<Result[]> {
  const kms = await startChild(require.resolve('./kms-server'));
  const { call, close } = plainClient(kms.port);
  const keyId = await createKey(call);
  const bare = await startChild(
    require.resolve('./kms-bare-server'),
    JSON.stringify({
      DescribeKey: JSON.parse(await call('DescribeKey', { KeyId: keyId })) as unknown,
    }),
  );
  close();
  try {
    const compare = async (client: string, clientOf: ClientOf): Promise<Result> => {
      const rate = async (port: number): Promise<number> => {
        const { describe, close: disconnect } = clientOf(port, keyId);
        const result = await perSecond(Array<typeof describe>(count).fill(describe), CONCURRENCY);
        disconnect();
        return result;
      };
      // The first round warms up the compilers of all three processes and is not counted.
      await rate(kms.port);
      await rate(bare.port);
      const rates = { ours: [] as number[], peer: [] as number[] };
      for (let round = 0; round < rounds; round += 1) {
        rates.ours.push(await rate(kms.port));
        rates.peer.push(await rate(bare.port));
      }
      return {
        what: `DescribeKey through ${client}`,
        unit: 'calls/s',
        ours: median(rates.ours),
        peer: median(rates.peer),
        peerName: 'a bare node:http JSON server',
        limit: LIMIT,
        how: `${count} calls, ${CONCURRENCY} at a time, keep-alive; each server in its own process with the same answer, in turn; median of ${rounds}`,
      };
    };
    return [
      await compare('@aws-sdk/client-kms', sdkClient),
      await compare('a plain node:http client', nodeClient),
    ];
  } finally {
    await Promise.all([kms.stop(), bare.stop()]);
  }
}
