import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startKms, type EmbeddedKms } from 'embedded-kms';
import { connect } from '../../src/aws/index';
import type { ByokErrorCode } from '../../src/errors';
import { CREDENTIALS, createKey } from '../../packages/embedded-kms/test/support/kms-key';
import { KMSClient } from '@aws-sdk/client-kms';
import { ResourceLife } from '../support/resource-life';

const KEY_ARN = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const REGION = 'eu-west-1';
const JSON_TYPE = 'application/x-amz-json-1.1';

const servers: Server[] = [];

async function listen(answer: RequestListener): Promise<string> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      answer(request, response);
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

function observe(endpoint: string, now?: () => Date) {
  const connection = { region: REGION, endpoint, credentials: CREDENTIALS, maxAttempts: 1 };
  const kms = connect(connection, undefined, now);
  return () => kms.observeKey(KEY_ARN, AbortSignal.timeout(30_000));
}

describe('when the endpoint serves only a part of KMS', () => {
  const html = '<!doctype html><title>no</title>';

  it.each<[string, number, string, string, ByokErrorCode]>([
    [
      'LocalStack',
      501,
      JSON_TYPE,
      '{"__type":"InternalFailure","message":"API action \'DescribeKey\' for service \'kms\' not yet implemented or pro feature"}',
      'KMS_UNSUPPORTED',
    ],
    ['local-kms', 501, JSON_TYPE, 'Passed X-Amz-Target (x) is not implemented', 'KMS_UNSUPPORTED'],
    ['moto', 500, 'text/html', html, 'KMS_UNSUPPORTED'],
    [
      'AWS, of an unknown operation',
      400,
      JSON_TYPE,
      '{"__type":"UnknownOperationException"}',
      'KMS_UNSUPPORTED',
    ],
    ['a server of something else', 200, 'text/html', html, 'KMS_UNSUPPORTED'],
    ['a server without that path', 404, 'text/plain', '', 'KMS_UNSUPPORTED'],
    ['a proxy without its server', 503, 'text/html', html, 'KMS_UNREACHABLE'],
    [
      'an emulator that has no such key',
      404,
      JSON_TYPE,
      '{"__type":"NotFoundException"}',
      'KEY_NOT_FOUND',
    ],
    [
      'AWS, of a refusal',
      400,
      JSON_TYPE,
      '{"__type":"UnsupportedOperationException"}',
      'KMS_ERROR',
    ],
  ])('says so of the answer of %s', async (_who, status, type, body, code) => {
    const endpoint = await listen((_request, response) => {
      response.writeHead(status, { 'content-type': type }).end(body);
    });
    const observed = observe(endpoint)();
    await expect(observed).rejects.toThrowWithCode(code);
    await expect(observed).rejects.not.toThrow(/Unexpected token|\$response|doctype/);
  });

  it('says so when a usable key shows no material for half a minute', async () => {
    let state = 'Enabled';
    const endpoint = await listen(({ headers }, response) => {
      const isDescribe = headers['x-amz-target'] === 'TrentService.DescribeKey';
      const metadata = {
        KeyId: KEY_ARN.split('/')[1],
        Arn: KEY_ARN,
        KeySpec: 'SYMMETRIC_DEFAULT',
        Origin: 'EXTERNAL',
        KeyState: state,
      };
      response
        .writeHead(200, { 'content-type': JSON_TYPE })
        .end(JSON.stringify(isDescribe ? { KeyMetadata: metadata } : { Rotations: [] }));
    });
    let now = Date.UTC(2030, 0, 1);
    const look = observe(endpoint, () => new Date(now));
    await look();
    now += 29_000;
    expect((await look()).materials).toEqual([]);
    state = 'PendingImport';
    now += 29_000;
    await look();
    state = 'Enabled';
    await look();
    now += 31_000;
    await expect(look()).rejects.toThrowWithCode('KMS_UNSUPPORTED');
  });
});

describe('when the endpoint of an update has no ListKeyRotations', () => {
  let kms: EmbeddedKms;

  beforeAll(async () => {
    kms = await startKms();
  });
  afterAll(() => kms.close());

  it('the update ends at once and imports nothing', async () => {
    const client = new KMSClient({ endpoint: kms.url, region: REGION, credentials: CREDENTIALS });
    const keyId = await createKey(client);
    client.destroy();
    const message = "API action 'ListKeyRotations' for service 'kms' not yet implemented";
    kms.inject({
      operation: 'ListKeyRotations',
      times: 99,
      fault: { kind: 'error', type: 'InternalFailure', status: 501, message },
    });
    const life = new ResourceLife({ kms });
    const material = { inline: '00'.repeat(32), encoding: 'hex' };
    const program = { keyId, keySpec: 'SYMMETRIC_DEFAULT', material };
    await expect(life.up(program)).rejects.toThrowWithCode('KMS_UNSUPPORTED');
    expect(kms.calls.map(({ operation }) => operation)).not.toContain('ImportKeyMaterial');
    expect(life.waits).toEqual([]);
  });
});
