import { createKey, perSecond, plainClient, type Call } from './kms-calls';
import { startChild } from './kms-child';
import { median, type Result } from './result';

const FEW = 1_000;
const MANY = 50_000;
const CONCURRENCY = 8;
const REPEATS = 2_000;
/** At most 1.3 times the time. */
const LIMIT = { atLeast: 1 / 1.3 };

/** A server with keys, each of which has an alias. */
interface Filled {
  readonly call: Call;
  /** Names the end of the page before the last one, of keys and of aliases. */
  readonly markers: Readonly<Record<'ListKeys' | 'ListAliases', string | undefined>>;
  readonly stop: () => Promise<unknown>;
}

/**
 * Compares calls to a server with many keys with the same calls to a server with few, because the cost of a
 * page and of an alias must not depend on the number of keys.
 */
export async function benchList(rounds: number): Promise<Result[]> {
  const [many, few] = [await filled(MANY), await filled(FEW)];
  const compare = async (what: string, send: (server: Filled) => Promise<unknown>) => {
    const rate = (server: Filled): Promise<number> =>
      perSecond(
        Array.from({ length: REPEATS }, () => () => send(server)),
        CONCURRENCY,
      );
    // The first round warms up the compilers and is not counted.
    await rate(many);
    await rate(few);
    const rates = { ours: [] as number[], peer: [] as number[] };
    for (let round = 0; round < rounds; round += 1) {
      rates.ours.push(await rate(many));
      rates.peer.push(await rate(few));
    }
    return {
      what: `${what} at ${MANY.toLocaleString('en')} keys`,
      unit: 'calls/s',
      ours: median(rates.ours),
      peer: median(rates.peer),
      peerName: `at ${FEW.toLocaleString('en')} keys`,
      limit: LIMIT,
      how: `${REPEATS} calls, ${CONCURRENCY} at a time, each server in its own process, in turn; median of ${rounds}`,
    };
  };
  try {
    return [
      await compare('the first page of ListKeys', ({ call }) => call('ListKeys', {})),
      await compare('the last page of ListKeys', ({ call, markers }) =>
        call('ListKeys', { Limit: 100, Marker: markers.ListKeys }),
      ),
      await compare('the last page of ListAliases', ({ call, markers }) =>
        call('ListAliases', { Limit: 100, Marker: markers.ListAliases }),
      ),
      await compare('DescribeKey by an alias', ({ call }) =>
        call('DescribeKey', { KeyId: aliasOf(FEW / 2) }),
      ),
    ];
  } finally {
    await Promise.all([many.stop(), few.stop()]);
  }
}

async function filled(count: number): Promise<Filled> {
  const server = await startChild(require.resolve('./kms-server'));
  const { call, close } = plainClient(server.port);
  const numbers = Array.from({ length: count }, (_, index) => index);
  await perSecond(
    numbers.map((number) => async () => {
      const TargetKeyId = await createKey(call);
      await call('CreateAlias', { AliasName: aliasOf(number), TargetKeyId });
    }),
    CONCURRENCY,
  );
  const markers = {
    ListKeys: await lastMarker(call, 'ListKeys', 1000, count),
    ListAliases: await lastMarker(call, 'ListAliases', 100, count),
  };
  return {
    call,
    markers,
    stop: () => {
      close();
      return server.stop();
    },
  };
}

function aliasOf(number: number): string {
  return `alias/bench/${number}`;
}

/** Walks the pages of a list up to the last 100 items. */
async function lastMarker(
  call: Call,
  operation: string,
  limit: number,
  count: number,
): Promise<string | undefined> {
  let marker: string | undefined;
  for (let left = count; left > 100; left -= Math.min(limit, left - 100)) {
    const Limit = Math.min(limit, left - 100);
    const answer = JSON.parse(await call(operation, { Limit, Marker: marker })) as {
      readonly NextMarker?: string;
    };
    marker = answer.NextMarker;
  }
  return marker;
}
