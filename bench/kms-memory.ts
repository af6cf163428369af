import { createKey, perSecond, plainClient } from './kms-calls';
import { startChild } from './kms-child';
import type { Result } from './result';

const MEGABYTE = 1024 * 1024;
const LIMIT_MEGABYTES = 100;

/** Measures how much the process of the embedded KMS grows while it creates many keys. */
export async function benchMemory(keys: number): Promise<Result> {
  const kms = await startChild(require.resolve('./kms-server'));
  const { call, close } = plainClient(kms.port);
  try {
    const before = (await kms.usage()).bytes;
    await perSecond(
      Array<() => Promise<string>>(keys).fill(() => createKey(call)),
      16,
    );
    return {
      what: `memory of the embedded KMS at ${keys} keys`,
      unit: 'MB',
      ours: ((await kms.usage()).bytes - before) / MEGABYTE,
      peer: LIMIT_MEGABYTES,
      peerName: 'the limit',
      limit: { atMost: 1 },
      how: 'growth of the resident set of its own process from its start to the last CreateKey, with the log of calls and whatever is not collected yet',
    };
  } finally {
    close();
    await kms.stop();
  }
}
