import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { randomBytes } from 'node:crypto';
import { connect } from '../../src/aws/index';
import { connectKeyInventory } from '../../src/aws/key-inventory';
import { searchMaterial } from 'pulumi-offline-engine';
import { CREDENTIALS } from '../../packages/embedded-kms/test/support/kms-key';

const KEY_ARN = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';

describe('when an endpoint quotes the request', () => {
  let server: Server;
  let url: string;

  beforeAll(async () => {
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { ImportToken: token = '' } = JSON.parse(Buffer.concat(chunks).toString()) as {
          ImportToken?: string;
        };
        response.writeHead(400, {
          'content-type': 'application/x-amz-json-1.1',
          'x-amzn-requestid': token,
        });
        const message = `\u001b[2Jrefused: ${Buffer.concat(chunks).toString()}`;
        response.end(JSON.stringify({ __type: `Error${token}`, message }));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(async () => {
    await new Promise((resolve) => server.close(resolve));
  });

  it('the error has neither import token nor wrapped material, and no terminal escapes', async () => {
    const [importToken, encryptedKeyMaterial] = [randomBytes(512), randomBytes(512)];
    const kms = connect({ region: 'eu-west-1', endpoint: url, credentials: CREDENTIALS });
    const error = await kms
      .importKeyMaterial(
        { KeyId: KEY_ARN, ImportToken: importToken, EncryptedKeyMaterial: encryptedKeyMaterial },
        AbortSignal.timeout(30_000),
      )
      .then(
        () => new Error('nothing was refused'),
        (thrown: unknown) => thrown as Error,
      );
    expect(error.message).toContain('[KMS_ERROR]');
    for (const bytes of [importToken, encryptedKeyMaterial]) {
      expect(searchMaterial(bytes.subarray(0, 64), Buffer.from(error.message))).toEqual([]);
    }
    // eslint-disable-next-line no-control-regex -- they are what is looked for
    expect(error.message).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
    expect(error.message.length).toBeLessThan(900);
  });
});

describe('when an endpoint lists aliases that KMS cannot have', () => {
  it('they have one line, and no terminal escapes, not even colours', async () => {
    const keyId = '1234abcd-12ab-34cd-56ef-1234567890ab';
    const names = [
      'alias/app/root',
      'alias/x\n(nothing needs action)',
      'alias/\u001b[8mhidden',
      'a\u202eb',
    ];
    const server = createServer((request, response) => {
      request.resume();
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
      const aliases = names.map((name) => ({ AliasName: name, TargetKeyId: keyId }));
      response.end(JSON.stringify({ Aliases: aliases, Truncated: false }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const inventory = connectKeyInventory({
      region: 'eu-west-1',
      endpoint,
      credentials: CREDENTIALS,
    });
    try {
      const [first, ...others] =
        (await inventory.listAliases(AbortSignal.timeout(30_000))).get(keyId) ?? [];
      expect(first).toBe('alias/app/root');
      expect(others).toHaveLength(3);
      // eslint-disable-next-line no-control-regex -- they are what is looked for
      expect(others.join('')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
    } finally {
      inventory.close();
      await new Promise((resolve) => server.close(resolve));
    }
  });
});
