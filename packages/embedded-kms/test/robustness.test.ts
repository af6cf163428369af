import { Agent, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type EmbeddedKms } from '../src';
import {
  createKey,
  describeKey,
  importedKey,
  post,
  startWorld,
  worldForAll,
} from './support/world';

const world = worldForAll();

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** The bytes that are reachable: how much more a process holds depends on when garbage was last collected. */
function memoryInUse(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** A socket to the server, and all that it says until it is closed. */
function dial({ port }: EmbeddedKms): { readonly socket: Socket; readonly said: Promise<string> } {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  const said = new Promise<string>((resolve) => {
    let text = '';
    socket.on('data', (chunk) => (text += chunk.toString()));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      resolve(text);
    });
    socket.on('end', () => socket.destroy());
  });
  return { socket, said };
}

const CREATE_KEY =
  'POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-Amz-Target: TrentService.CreateKey\r\nContent-Length: 2\r\n\r\n{}';

describe('when clients are slow or rude', () => {
  it('serves others while one sends its request byte by byte, and then that one', async () => {
    const slow = dial(world.kms);
    for (const byte of CREATE_KEY) {
      await new Promise<void>((resolve) =>
        slow.socket.write(byte, () => {
          resolve();
        }),
      );
      if (byte === '\n') await createKey(world);
    }
    expect(await slow.said).toContain('"KeyState":"Enabled"');
  });

  it('answers a client that closes its sending side after the request', async () => {
    const half = dial(world.kms);
    half.socket.end(CREATE_KEY);
    expect(await half.said).toContain('"KeyMetadata"');
  });

  it('lives on when clients leave before, within and after their requests', async () => {
    const cut = [0, 5, 60, CREATE_KEY.length - 1, CREATE_KEY.length];
    await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        const { socket, said } = dial(world.kms);
        socket.write(CREATE_KEY.slice(0, cut[index % cut.length]) || ' ', () => socket.destroy());
        await said;
      }),
    );
    await createKey(world);
  });

  it('answers two requests that come in one packet, in order', async () => {
    const { socket, said } = dial(world.kms);
    const first = CREATE_KEY.replace('Connection: close\r\n', '').replace('CreateKey', 'ListKeys');
    socket.write(first + CREATE_KEY);
    const text = await said;
    expect(text.indexOf('"Keys"')).toBeGreaterThan(0);
    expect(text.indexOf('"KeyMetadata"')).toBeGreaterThan(text.indexOf('"Keys"'));
  });

  it.each([
    ['deep nesting', '['.repeat(500_000)],
    ['a deep object', '{"Tags":'.repeat(100_000)],
    ['a prototype', '{"__proto__":{"KeyId":"x"},"constructor":{}}'],
    ['a long list', `{"Tags":[${'1,'.repeat(100_000)}1]}`],
    ['a lone surrogate', '{"Description":"\\ud800"}'],
    ['numbers beyond all bounds', '{"Description":1e999,"Tags":-1e999}'],
  ])('answers %s, and lives on', async (_what, body) => {
    const response = await post(world.kms, 'CreateKey', body);
    expect([200, 400]).toContain(response.status);
    await response.json();
    await createKey(world);
  });

  it('keeps the log of calls within bounds, however large the requests are', async () => {
    world.kms.clearCalls();
    const body = JSON.stringify({ KeyId: 'x', Description: 'y'.repeat(1_000_000) });
    for (let index = 0; index < 50; index++) await post(world.kms, 'CreateKey', body);
    expect(world.kms.calls.length).toBeLessThan(40);
    world.kms.clearCalls();
  });
});

describe('when there are many', () => {
  it('answers 200 connections at once, each with its own key', async () => {
    const before = world.kms.calls.length;
    const said = await Promise.all(
      Array.from({ length: 200 }, () => {
        const client = dial(world.kms);
        client.socket.write(CREATE_KEY);
        return client.said;
      }),
    );
    const ids = said.map((text) => /"KeyId":"([0-9a-f-]{36})"/.exec(text)?.[1]);
    expect(new Set(ids).size).toBe(200);
    expect(ids).not.toContain(undefined);
    expect(world.kms.calls.length).toBe(before + 200);
  });

  it('lists and describes each of 10,000 keys, within 100 MB', async () => {
    const many = await startWorld();
    const agent = new Agent({ keepAlive: true, maxSockets: 16 });
    const call = (operation: string, body: object) =>
      new Promise<Record<string, unknown>>((resolve, reject) => {
        const headers = { 'x-amz-target': `TrentService.${operation}` };
        request({ port: many.kms.port, method: 'POST', agent, headers }, (response) => {
          let text = '';
          response.on('data', (chunk: Buffer) => (text += chunk.toString()));
          response.on('end', () => {
            resolve(JSON.parse(text) as Record<string, unknown>);
          });
        })
          .on('error', reject)
          .end(JSON.stringify(body));
      });
    const before = memoryInUse();
    const created = new Set<string>();
    for (let batch = 0; batch < 100; batch++) {
      const answers = await Promise.all(
        Array.from({ length: 100 }, () => call('CreateKey', { Origin: 'EXTERNAL' })),
      );
      for (const { KeyMetadata } of answers) created.add((KeyMetadata as { KeyId: string }).KeyId);
    }
    expect(created.size).toBe(10_000);
    expect(memoryInUse() - before).toBeLessThan(100 * 1024 * 1024);

    const listed: string[] = [];
    let marker: unknown;
    do {
      const page = await call('ListKeys', { Limit: 1000, Marker: marker ?? null });
      listed.push(...(page.Keys as { KeyId: string }[]).map(({ KeyId }) => KeyId));
      marker = page.NextMarker;
    } while (marker !== undefined);
    expect(new Set(listed)).toEqual(created);
    expect(listed).toHaveLength(10_000);
    for (const KeyId of [listed[0], listed[5000], listed[9999]]) {
      const { KeyMetadata } = await call('DescribeKey', { KeyId });
      expect(KeyMetadata).toMatchObject({ KeyId, KeyState: 'PendingImport' });
    }
    agent.destroy();
    await many.close();
  });

  it('keeps keys apart when imports of several run at the same time', async () => {
    const keys = await Promise.all(Array.from({ length: 20 }, () => importedKey(world)));
    for (const { keyId, materialId } of keys) {
      expect(await describeKey(world, keyId)).toMatchObject({ CurrentKeyMaterialId: materialId });
    }
  });
});

describe('when nothing is said about the address', () => {
  it('listens only on loopback', async () => {
    expect(world.kms.url).toContain('127.0.0.1');
    const addresses = Object.values(networkInterfaces())
      .flat()
      .flatMap((address) =>
        address?.family === 'IPv4' && !address.internal ? address.address : [],
      );
    for (const host of addresses) {
      const refused = await new Promise<boolean>((resolve) => {
        const socket = connect({ port: world.kms.port, host }, () => {
          socket.destroy();
          resolve(false);
        });
        socket.on('error', () => {
          resolve(true);
        });
      });
      expect(refused).toBe(true);
    }
  });
});
