import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from '../../src/aws/index';
import { CREDENTIALS } from '../../packages/embedded-kms/test/support/kms-key';

const ASKED = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';

describe('when DescribeKey answers', () => {
  it.each([
    ['another key', ASKED.replace('1234abcd', '4321abcd')],
    ['the key of another account', ASKED.replace('111122223333', '444455556666')],
    ['the replica of another Region', ASKED.replace('eu-west-1', 'us-east-1')],
    ['no key', undefined],
  ])('with %s, nothing is done with it', async (_what, arn) => {
    const server = createServer((request, response) => {
      request.resume();
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify({ KeyMetadata: { Arn: arn, KeyId: 'x', KeySpec: 'HMAC_256' } }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const kms = connect({ region: 'eu-west-1', endpoint, credentials: CREDENTIALS });
    await expect(kms.observeKey(ASKED, AbortSignal.timeout(30_000))).rejects.toThrowWithCode(
      'KEY_MISMATCH',
    );
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
});

describe('when an endpoint quotes a request in the facts of a key', () => {
  const token = randomBytes(256).toString('base64');
  const hidden = `\u001b[8m${token}`;

  async function observed(metadata: object, rotations: readonly object[] = []) {
    const server = createServer((request, response) => {
      request.resume();
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
      const target = String(request.headers['x-amz-target']);
      const KeyMetadata = { Arn: ASKED, Origin: 'EXTERNAL', KeyState: 'Enabled', ...metadata };
      const answer = target.endsWith('DescribeKey')
        ? { KeyMetadata }
        : { Rotations: rotations, Truncated: false };
      response.end(JSON.stringify(answer));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const kms = connect({ region: 'eu-west-1', endpoint, credentials: CREDENTIALS });
    try {
      return await kms.observeKey(ASKED, AbortSignal.timeout(30_000));
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  it.each(['KeySpec', 'KeyState', 'Origin', 'KeyManager', 'ExpirationModel'])(
    'its %s, which goes to state, has nothing of it',
    async (name) => {
      const key = await observed({ KeySpec: 'HMAC_256', ExpirationModel: 'x', [name]: hidden });
      expect(JSON.stringify(key)).not.toContain(token.slice(0, 40));
    },
  );

  it.each([
    'KeyMaterialId',
    'KeyMaterialState',
    'ImportState',
    'KeyMaterialDescription',
    'ExpirationModel',
  ])('the %s of a material has nothing of it', async (name) => {
    const one = { KeyMaterialId: 'a'.repeat(64), ImportState: 'IMPORTED', [name]: hidden };
    const key = await observed({ KeySpec: 'SYMMETRIC_DEFAULT' }, [one]);
    expect(key.materials).toHaveLength(1);
    expect(JSON.stringify(key)).not.toContain(token.slice(0, 40));
    // The escape character itself, as JSON writes it.
    expect(JSON.stringify(key)).not.toContain(String.raw`:"\u001b`);
  });

  it('a description that KMS accepts stays as it is', async () => {
    const description = `byok:v1:${'0'.repeat(32)}.${'1'.repeat(12)} root of finance/2026: 1st`;
    const one = { KeyMaterialDescription: description };
    const key = await observed({ KeySpec: 'SYMMETRIC_DEFAULT' }, [one]);
    expect(key.materials).toMatchObject([{ description }]);
  });

  it.each([
    ['primary', { PrimaryKey: { Arn: hidden, Region: 'eu-west-1' } }],
    ['primary', { PrimaryKey: { Arn: ASKED.replace('1234abcd', '4321abcd'), Region: 'x' } }],
    ['replica', { ReplicaKeys: [{ Arn: hidden, Region: 'eu-west-1' }] }],
  ])('a %s that is another key is refused', async (_which, more) => {
    const multiRegion = { MultiRegionKeyType: 'REPLICA', ...more };
    await expect(
      observed({ KeySpec: 'HMAC_256', MultiRegionConfiguration: multiRegion }),
    ).rejects.toThrowWithCode('KEY_MISMATCH');
  });
});
