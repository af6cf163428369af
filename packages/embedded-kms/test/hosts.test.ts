import { request } from 'node:http';
import { connect } from 'node:net';
import { startKms, type EmbeddedKms, type KmsOptions } from '../src';
import { worldForAll } from './support/world';

interface Received {
  readonly status: number | undefined;
  readonly contentType: string | undefined;
  readonly body: string;
}

interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

const TARGET = { 'x-amz-target': 'TrentService.CreateKey' };

/** Sends one request under a Host header of its own, which fetch does not allow. */
function send({ port }: EmbeddedKms, host: string, sent: Sent = {}): Promise<Received> {
  const { method = 'POST', path = '/', headers = TARGET, body = '{}' } = sent;
  const content = method === 'GET' ? undefined : body;
  return new Promise((resolve, reject) => {
    const options = { port, host: '127.0.0.1', method, path, headers: { ...headers, host } };
    const outgoing = request(options, (answer) => {
      let text = '';
      answer.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      answer.on('end', () => {
        const contentType = answer.headers['content-type'];
        resolve({ status: answer.statusCode, contentType, body: text });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(content);
  });
}

async function withKms(options: KmsOptions, test: (kms: EmbeddedKms) => Promise<void>) {
  const kms = await startKms(options);
  try {
    await test(kms);
  } finally {
    await kms.close();
  }
}

const world = worldForAll();

describe('when a request names a host', () => {
  it.each([
    '127.0.0.1',
    'localhost',
    'LocalHost',
    '[::1]',
    'kms.eu-central-1.localhost',
    '127.0.0.1:4599',
    'localhost:80',
    '[::1]:65535',
  ])('serves %s, which is this machine', async (host) => {
    expect((await send(world.kms, host)).status).toBe(200);
  });

  it.each([
    'rebound.example',
    'rebound.example:4599',
    'localhost.rebound.example',
    'rebound-localhost',
    '127.0.0.1.rebound.example',
    '192.168.0.1',
    'kms.eu-central-1.amazonaws.com',
    ':4599',
  ])('refuses "%s" and does nothing', async (host) => {
    world.kms.clearCalls();
    const { status, body } = await send(world.kms, host);
    expect(status).toBe(403);
    expect(JSON.parse(body)).toMatchObject({ __type: 'HostNotAllowed' });
    expect(world.kms.calls).toEqual([]);
  });

  it.each([
    ['a call of KMS', {}],
    ['the admin route', { method: 'GET', path: '/_admin/calls' }],
    ['the health check', { method: 'GET', path: '/_health' }],
    ['another method', { method: 'PUT', path: '/' }],
  ])('refuses %s under a foreign name', async (_what, sent) => {
    expect((await send(world.kms, 'rebound.example', sent)).status).toBe(403);
  });

  it('refuses a request without a name', async () => {
    const answer = await new Promise<string>((resolve, reject) => {
      let text = '';
      const socket = connect(world.kms.port, '127.0.0.1', () => {
        socket.write('GET /_health HTTP/1.0\r\n\r\n');
      });
      socket.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      socket.on('error', reject);
      socket.on('close', () => {
        resolve(text);
      });
    });
    expect(answer).toMatch(/^HTTP\/1\.1 403 /);
  });

  it('says how to allow it, and quotes nothing but a name', async () => {
    const { body } = await send(world.kms, 'KMS.test:4599');
    const { message } = JSON.parse(body) as { message: string };
    expect(message).toContain('--allow-host kms.test');
    expect(message).toContain("allowHosts: ['kms.test']");
    expect((await send(world.kms, '<script>alert(1)</script>')).body).not.toContain('<');
  });

  it('answers a client of STS in its own protocol', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const body = 'Action=GetCallerIdentity&Version=2011-06-15';
    const answer = await send(world.kms, 'rebound.example', { headers, body });
    expect(answer).toMatchObject({ status: 403, contentType: 'text/xml' });
    expect(answer.body).toContain('<Code>HostNotAllowed</Code>');
  });
});

describe('when a server is started with the names of other hosts', () => {
  it('answers to them and to this machine, and to no other', async () => {
    const allowHosts = ['kms', 'Host.Docker.internal', '[fd00::1]', 'my_service'];
    await withKms({ allowHosts }, async (kms) => {
      for (const host of ['kms', 'kms:4599', 'host.docker.internal:1', '[FD00::1]', 'my_service']) {
        expect([host, (await send(kms, host)).status]).toEqual([host, 200]);
      }
      expect((await send(kms, 'localhost')).status).toBe(200);
      expect((await send(kms, 'other.kms')).status).toBe(403);
    });
  });

  it('keeps the admin route for this machine', async () => {
    await withKms({ allowHosts: ['kms'] }, async (kms) => {
      const answer = await send(kms, 'kms', { method: 'GET', path: '/_admin/calls' });
      expect(answer.status).toBe(403);
    });
  });

  it.each(['http://kms', 'kms:4599', 'kms/path', '', ' ', '*', '::1'])(
    'refuses "%s", which is no host name',
    async (name) => {
      const started = startKms({ allowHosts: [name] });
      // A server that starts all the same must not outlive the test.
      void started.then((kms) => kms.close()).catch(() => undefined);
      await expect(started).rejects.toThrow(TypeError);
    },
  );
});

describe('when a server listens on another address', () => {
  it('answers to the address that it was given', async () => {
    await withKms({ host: '127.0.0.2' }, async (kms) => {
      expect((await fetch(`${kms.url}/_health`)).status).toBe(200);
    });
  });

  it('does not take the address that means all addresses for a name', async () => {
    await withKms({ host: '0.0.0.0' }, async (kms) => {
      expect((await send(kms, '0.0.0.0')).status).toBe(403);
      expect((await send(kms, 'kms')).status).toBe(403);
      expect((await send(kms, 'localhost')).status).toBe(200);
    });
  });
});
