import { createKey, perSecond, plainClient } from './kms-calls';
import { startChild } from './kms-child';
import type { Result } from './result';

const MEGABYTE = 1024 * 1024;
const LIMIT_MEGABYTES = 100;

/** Measures how much the process of the embedded KMS grows while it creates keys, and whether that is linear. */
export async function benchMemory(few: number, many: number): Promise<Result[]> {
  const kms = await startChild(require.resolve('./kms-server'));
  const { call, close } = plainClient(kms.port);
  const grownBy = async (keys: number): Promise<number> => {
    await perSecond(
      Array<() => Promise<string>>(keys).fill(() => createKey(call)),
      16,
    );
    return ((await kms.usage()).bytes - before) / MEGABYTE;
  };
  const before = (await kms.usage()).bytes;
  const how =
    'growth of the resident set of its own process from its start to the last CreateKey, with the log of calls and all that is not collected yet';
  try {
    const small = await grownBy(few);
    const large = await grownBy(many - few);
    return [
      {
        what: `memory of the embedded KMS at ${few} keys`,
        unit: 'MB',
        ours: small,
        peer: LIMIT_MEGABYTES,
        peerName: 'the limit',
        limit: { atMost: 1 },
        how,
      },
      {
        what: `memory of the embedded KMS at ${many} keys, for each`,
        unit: 'kB',
        ours: (large * 1024) / many,
        peer: (small * 1024) / few,
        peerName: `at ${few} keys`,
        limit: { atMost: 1.1 },
        how,
      },
    ];
  } finally {
    close();
    await kms.stop();
  }
}
