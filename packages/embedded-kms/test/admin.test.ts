import { request } from 'node:http';
import { networkInterfaces } from 'node:os';
import { DescribeKeyCommand } from '@aws-sdk/client-kms';
import { startKms } from '../src';
import { describeUnless } from './support/describe-unless';
import { clientFor, createKey, startWorld, worldForAll } from './support/world';

const world = worldForAll();

const admin = (
  method: string,
  route: string,
  body?: unknown,
  headers: Record<string, string> = { 'content-type': 'application/json' },
) =>
  fetch(`${world.kms.url}/_admin/${route}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

describe('when the clock is moved over the admin route', () => {
  it('shows, advances and sets it, and never turns it back', async () => {
    expect(await (await admin('GET', 'clock')).json()).toEqual({ now: '2030-01-01T00:00:00.000Z' });
    const advanced = await admin('POST', 'clock', { advanceSeconds: 60 });
    expect(await advanced.json()).toEqual({ now: '2030-01-01T00:01:00.000Z' });
    expect(world.clock.now()).toEqual(new Date('2030-01-01T00:01:00Z'));
    const set = await admin('POST', 'clock', { set: '2030-01-01T02:00:00+01:00' });
    expect(await set.json()).toEqual({ now: '2030-01-01T01:00:00.000Z' });
    for (const bad of [
      {},
      { advanceSeconds: -1 },
      { advanceSeconds: 1, set: '2031-01-01T00:00:00Z' },
      { set: '2029-01-01T00:00:00Z' },
      { set: 'tomorrow' },
      [],
    ]) {
      expect((await admin('POST', 'clock', bad)).status).toBe(400);
    }
    expect(world.clock.now()).toEqual(new Date('2030-01-01T01:00:00Z'));
  });

  it('says that the real time cannot be moved', async () => {
    const kms = await startKms();
    const response = await fetch(`${kms.url}/_admin/clock`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"advanceSeconds":1}',
    });
    expect(response.status).toBe(409);
    await kms.close();
  });
});

describe('when faults are injected over the admin route', () => {
  it('hits the calls that the rule names, until the faults are cleared', async () => {
    const { KeyId } = await createKey(world);
    const describeKey = () => world.client.send(new DescribeKeyCommand({ KeyId }));
    const rule = { operation: 'DescribeKey', times: 3, fault: { kind: 'throttle' } };
    expect((await admin('POST', 'faults', rule)).status).toBe(200);
    await expect(describeKey()).rejects.toMatchObject({ name: 'ThrottlingException' });
    expect((await admin('DELETE', 'faults')).status).toBe(200);
    await describeKey();
  });

  it.each([
    { kind: 'throttle' },
    { kind: 'error', type: 'KMSInternalException', message: 'x', status: 500 },
    { kind: 'status', status: 503, body: 'x' },
    { kind: 'status', status: 503 },
    { kind: 'error', type: 'KMSInternalException' },
    { kind: 'lose-response' },
    { kind: 'cut' },
    { kind: 'delay', milliseconds: 1 },
    { kind: 'garbage' },
    { kind: 'hang' },
  ])('takes %j', async (fault) => {
    const rule = { operation: 'GetCallerIdentity', call: 2, fault };
    expect((await admin('POST', 'faults', rule)).status).toBe(200);
    await admin('DELETE', 'faults');
  });

  it.each([
    {},
    { operation: 'DescribeKey' },
    { operation: 'Frobnicate', fault: { kind: 'cut' } },
    { operation: 'DescribeKey', fault: { kind: 'explode' } },
    { operation: 'DescribeKey', fault: { kind: 'error' } },
    { operation: 'DescribeKey', fault: { kind: 'delay' } },
    { operation: 'DescribeKey', call: 0, fault: { kind: 'cut' } },
  ])('refuses %j', async (rule) => {
    const response = await admin('POST', 'faults', rule);
    expect(response.status).toBe(400);
    expect(await response.json()).toHaveProperty('message');
  });
});

describe('when calls are read over the admin route', () => {
  it('gives them as kms.calls does, and forgets them on request', async () => {
    world.kms.clearCalls();
    await createKey(world);
    const { calls } = (await (await admin('GET', 'calls')).json()) as { calls: unknown };
    expect(calls).toEqual(world.kms.calls);
    await admin('DELETE', 'calls');
    expect(world.kms.calls).toEqual([]);
  });
});

describe('when somebody else tries the admin route', () => {
  it('refuses web pages: a foreign Host, an Origin, a form', async () => {
    const status = await new Promise((resolve) => {
      const options = { port: world.kms.port, path: '/_admin/calls' };
      request({ ...options, headers: { host: 'rebound.example' } }, (response) => {
        resolve(response.statusCode);
        response.resume();
      }).end();
    });
    expect(status).toBe(403);
    expect((await admin('GET', 'calls', undefined, { origin: 'https://a.example' })).status).toBe(
      403,
    );
    const form = { 'content-type': 'text/plain' };
    expect((await admin('POST', 'clock', { advanceSeconds: 1 }, form)).status).toBe(400);
  });

  it('answers other routes with 404, and broken JSON with 400', async () => {
    expect((await admin('GET', 'keys')).status).toBe(404);
    expect((await admin('GET', 'constructor')).status).toBe(404);
    const response = await fetch(`${world.kms.url}/_admin/clock`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{',
    });
    expect(response.status).toBe(400);
  });
});

const ADDRESS = nonLoopback();
const describeInNetwork = describeUnless(
  ADDRESS === undefined ? 'an address that is not loopback' : undefined,
);

describeInNetwork('when a client of the admin route comes over another address', () => {
  it('is not served, and those of KMS are', async () => {
    const open = await startWorld({ host: '0.0.0.0', allowHosts: [ADDRESS!] });
    const url = `http://${ADDRESS}:${open.kms.port}`;
    expect((await fetch(`${url}/_admin/calls`)).status).toBe(403);
    const client = clientFor({ ...open.kms, url });
    await createKey({ ...open, client });
    client.destroy();
    await open.close();
  });
});

/** An address of this machine in a network, where it has one. */
function nonLoopback(): string | undefined {
  return Object.values(networkInterfaces())
    .flat()
    .find((address) => address?.internal === false && address.family === 'IPv4')?.address;
}
