import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { ManualClock, startKms } from '../src';
import { describeUnless } from './support/describe-unless';
import { createKey, post, worldForAll } from './support/world';

const world = worldForAll();

interface AwsError {
  __type: string;
  message?: string;
}
const errorOf = async (response: Response) => (await response.json()) as AwsError;

describe('when an answer has a date', () => {
  it('it is that of the real clock, and a clock of its own sends none', async () => {
    const real = await startKms();
    const own = await startKms({ clock: new ManualClock(new Date('2030-01-01T00:00:00Z')) });
    const dates = await Promise.all(
      [real, own].map(async (kms) => (await post(kms, 'ListKeys', '{}')).headers.get('date')),
    );
    await Promise.all([real.close(), own.close()]);
    expect(Math.abs(Date.parse(dates[0] ?? '') - Date.now())).toBeLessThan(30_000);
    expect(dates[1]).toBeNull();
  });
});

describe('when a request is not what an AWS client sends', () => {
  it.each([
    ['not JSON', '{"KeyId": '],
    ['a list', '[]'],
    ['null', 'null'],
    ['bytes that are no text', new Uint8Array([0xff, 0xfe, 0x00])],
    ['a number for a text', '{"KeyId": 7}'],
  ])('answers a body that is %s with SerializationException', async (_what, body) => {
    const response = await post(world.kms, 'DescribeKey', body);
    expect(response.status).toBe(400);
    expect(await errorOf(response)).toMatchObject({ __type: 'SerializationException' });
  });

  it('does not quote the body in its answer', async () => {
    const response = await post(world.kms, 'Encrypt', '{"Plaintext": "c2VjcmV0');
    expect(await response.text()).not.toContain('c2VjcmV0');
  });

  it('takes an empty body as no members, and ignores members that it does not know', async () => {
    expect((await post(world.kms, 'ListKeys', '')).status).toBe(200);
    const response = await post(world.kms, 'ListKeys', '{"Unknown": {"deep": [1]}, "Limit": null}');
    expect(response.status).toBe(200);
  });

  it('names the operation that it does not serve', async () => {
    for (const name of ['CreateHsm', 'Frobnicate']) {
      const response = await post(world.kms, name, '{}');
      expect(response.status).toBe(400);
      expect(await errorOf(response)).toEqual({
        __type: 'UnknownOperationException',
        message: `Operation ${name} is not served by the embedded KMS.`,
      });
    }
  });

  it('answers a missing or foreign target with UnknownOperationException', async () => {
    for (const target of [
      '',
      'DynamoDB_20120810.GetItem',
      'TrentService.',
      'TrentService.__proto__',
    ]) {
      const response = await post(world.kms, '', '{}', { 'x-amz-target': target });
      expect(await errorOf(response)).toMatchObject({ __type: 'UnknownOperationException' });
    }
  });

  it('refuses a body of more than 1 MiB and lives on', async () => {
    const within = JSON.stringify({ Policy: 'x'.repeat(1024 * 1024 - 100) });
    expect(await errorOf(await post(world.kms, 'CreateKey', within))).toMatchObject({
      __type: 'LimitExceededException',
    });
    const response = await post(world.kms, 'CreateKey', Buffer.alloc(20 * 1024 * 1024, 'x'));
    expect(response.status).toBe(413);
    expect(await errorOf(response)).toMatchObject({ __type: 'RequestEntityTooLarge' });
    await createKey(world);
  });

  it('answers other methods with 404', async () => {
    expect((await fetch(world.kms.url)).status).toBe(404);
    expect((await fetch(world.kms.url, { method: 'PUT', body: '{}' })).status).toBe(404);
  });

  it('survives clients that leave in the middle of a request', async () => {
    for (const text of [
      'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{"Key',
      'GARBAGE\r\n\r\n',
    ]) {
      await new Promise<void>((resolve) => {
        const socket = connect(world.kms.port, '127.0.0.1', () => {
          socket.write(text, () => {
            socket.destroy();
          });
        });
        socket.on('error', () => undefined);
        socket.on('close', () => {
          resolve();
        });
      });
    }
    await createKey(world);
  });

  it('serves a client that half-closes its socket after the request', async () => {
    const answer = await new Promise<string>((resolve, reject) => {
      let text = '';
      const socket = connect(world.kms.port, '127.0.0.1', () => {
        socket.end('GET /_health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
      });
      socket.on('data', (chunk) => {
        text += chunk.toString();
      });
      socket.on('error', reject);
      socket.on('close', () => {
        resolve(text);
      });
    });
    expect(answer).toContain('{"status":"ok"}');
  });
});

describe('when the wire format is looked at', () => {
  it('has AWS headers, numbers with fractions and a new request id each time', async () => {
    const clock = new ManualClock(new Date('2030-01-01T00:00:00.250Z'));
    const kms = await startKms({ clock });
    try {
      const answers = [await post(kms, 'CreateKey', '{}'), await post(kms, 'CreateKey', '{}')];
      const ids = answers.map((answer) => answer.headers.get('x-amzn-requestid'));
      expect(new Set(ids).size).toBe(2);
      expect(ids[0]).toMatch(/^[0-9a-f-]{36}$/);
      expect(answers[0]!.headers.get('content-type')).toBe('application/x-amz-json-1.1');
      expect(await answers[0]!.text()).toContain('"CreationDate":1893456000.25');
    } finally {
      await kms.close();
    }
  });

  it('defaults to eu-central-1 and the default account without a signature', async () => {
    const { KeyMetadata: metadata } = (await (await post(world.kms, 'CreateKey', '{}')).json()) as {
      KeyMetadata: { Arn: string };
    };
    expect(metadata.Arn).toMatch(/^arn:aws:kms:eu-central-1:111122223333:key\//);
  });

  it('sends no message where AWS sends none', async () => {
    const body = JSON.stringify({ CiphertextBlob: 'AAAA' });
    expect(await errorOf(await post(world.kms, 'Decrypt', body))).toEqual({
      __type: 'InvalidCiphertextException',
    });
  });

  it('says that it is healthy', async () => {
    const response = await fetch(`${world.kms.url}/_health`);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ status: 'ok' });
  });
});

describe('when many clients come at once', () => {
  it('answers 200 connections', async () => {
    const { KeyId } = await createKey(world);
    const body = JSON.stringify({ KeyId });
    const responses = await Promise.all(
      Array.from({ length: 200 }, () =>
        post(world.kms, 'DescribeKey', body, {
          connection: 'close',
          authorization: 'AWS4 Credential=111122223333/20300101/eu-central-1/kms/aws4_request',
        }),
      ),
    );
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200]));
  });
});

describe('when a server is started', () => {
  it('refuses options that make no sense', async () => {
    await expect(startKms({ accountId: '1' })).rejects.toThrow(TypeError);
    await expect(startKms({ rotationSeconds: -1 })).rejects.toThrow(TypeError);
  });

  it('says that a port is taken', async () => {
    await expect(startKms({ port: world.kms.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it('uses the account in its options for callers that name none', async () => {
    const kms = await startKms({ accountId: '999900001111', host: '0.0.0.0' });
    try {
      expect(kms.url).toBe(`http://127.0.0.1:${kms.port}`);
      expect(await (await post(kms, 'CreateKey', '{}')).text()).toContain('999900001111');
    } finally {
      await kms.close();
    }
  });

  it('makes the same keys from the same random source', async () => {
    const ids: string[] = [];
    for (let run = 0; run < 2; run++) {
      let counter = 0;
      const kms = await startKms({ random: (size) => Buffer.alloc(size, counter++) });
      const { KeyMetadata: metadata } = (await (await post(kms, 'CreateKey', '{}')).json()) as {
        KeyMetadata: { KeyId: string };
      };
      ids.push(metadata.KeyId);
      await kms.close();
    }
    expect(ids[0]).toBe(ids[1]);
  });

  it('keeps the real time when it gets no clock', async () => {
    const kms = await startKms();
    const before = Date.now() / 1000;
    const { KeyMetadata: metadata } = (await (await post(kms, 'CreateKey', '{}')).json()) as {
      KeyMetadata: { CreationDate: number };
    };
    expect(metadata.CreationDate).toBeGreaterThanOrEqual(before);
    await kms.close();
  });
});

const HAS_IPV6 = Object.values(networkInterfaces())
  .flat()
  .some((address) => address?.address === '::1');
const describeWithIpv6 = describeUnless(HAS_IPV6 ? undefined : 'IPv6, which some containers lack');

describeWithIpv6('when the host is an IPv6 address', () => {
  it.each([
    ['::1', '[::1]'],
    ['::', '[::1]'],
  ])('the URL has %s as a client needs it', async (host, inUrl) => {
    const kms = await startKms({ host });
    try {
      expect(kms.url).toBe(`http://${inUrl}:${kms.port}`);
      expect((await fetch(`${kms.url}/_health`)).status).toBe(200);
    } finally {
      await kms.close();
    }
  });
});
