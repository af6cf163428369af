import { ENGINE } from '../test/support/pulumi-cli';
import { secondsOf } from './importers/seconds';
import { ENGINE_MISSING, updateOf } from './importers/update';
import { benchPluginStart } from './plugin-start';
import type { Options } from './report';
import { median, type Line } from './result';
import { startWaitingKeys } from './waiting-keys';

/** Compares the two forms of the package. */
export async function benchPlugin({ quick }: Options): Promise<Line[]> {
  return [
    await benchPluginStart(quick ? 1 : 7),
    await benchPluginImport(quick ? 2 : 50, quick ? 1 : 3),
  ];
}

async function benchPluginImport(keys: number, rounds: number): Promise<Line> {
  const what = `import of ${keys} keys by the native plugin`;
  const peerName = 'the dynamic provider';
  // The offline engine serves only dynamic resources.
  if (ENGINE === undefined) return { what, peerName, absent: ENGINE_MISSING };
  const native = updateOf('native', 'the native plugin');
  const dynamic = updateOf('ours', peerName);
  const kms = await startWaitingKeys();
  try {
    // Not counted, because they read files for the first time.
    for (const form of rounds === 1 ? [] : [native, dynamic]) await secondsOf(form, 1, kms);
    const times = { native: [] as number[], dynamic: [] as number[] };
    for (let round = 0; round < rounds; round += 1) {
      times.native.push(await secondsOf(native, keys, kms));
      times.dynamic.push(await secondsOf(dynamic, keys, kms));
    }
    return {
      what,
      unit: 's',
      ours: median(times.native),
      peer: median(times.dynamic),
      peerName,
      limit: { atMost: 1 },
      how: `${native.how}; the whole command, one embedded KMS without quotas in a process of its own, in turn; median of ${rounds}`,
    };
  } finally {
    await kms.stop();
  }
}
