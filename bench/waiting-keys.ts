import {
  CreateKeyCommand,
  DescribeKeyCommand,
  GetParametersForImportCommand,
  KMSClient,
} from '@aws-sdk/client-kms';
import { startChild } from './kms-child';
import { CREDENTIALS } from './project';

const REGION = 'eu-west-1';

/** An embedded KMS in a process of its own, with keys that wait for material. */
export interface WaitingKeys {
  readonly url: string;
  readonly region: string;
  readonly create: (count: number) => Promise<readonly string[]>;
  /** Counts the keys that have material. */
  readonly countImported: (keyArns: readonly string[]) => Promise<number>;
  readonly stop: () => Promise<void>;
}

/** Starts the embedded KMS. */
export async function startWaitingKeys(): Promise<WaitingKeys> {
  const kms = await startChild(require.resolve('./kms-server'));
  const url = `http://127.0.0.1:${kms.port}`;
  const client = new KMSClient({ endpoint: url, region: REGION, credentials: CREDENTIALS });
  const create = async (): Promise<string> => {
    const { KeyMetadata } = await client.send(new CreateKeyCommand({ Origin: 'EXTERNAL' }));
    return KeyMetadata?.Arn ?? '';
  };
  // AWS has its wrapping keys ready. The embedded KMS generates one, which would count as time of the first import.
  await client.send(
    new GetParametersForImportCommand({
      KeyId: await create(),
      WrappingAlgorithm: 'RSAES_OAEP_SHA_256',
      WrappingKeySpec: 'RSA_4096',
    }),
  );
  return {
    url,
    region: REGION,
    create: (count) => Promise.all(Array.from({ length: count }, create)),
    countImported: async (keyArns) => {
      const states = await Promise.all(
        keyArns.map((KeyId) => client.send(new DescribeKeyCommand({ KeyId }))),
      );
      return states.filter(({ KeyMetadata }) => KeyMetadata?.KeyState === 'Enabled').length;
    },
    stop: async () => {
      client.destroy();
      await kms.stop();
    },
  };
}
