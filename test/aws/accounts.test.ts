import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect, type KmsConnection } from '../../src/aws/index';
import { connectKeyProof } from '../../src/aws/key-proof';
import { CREDENTIALS } from '../../packages/embedded-kms/test/support/kms-key';

const KEY_ARN = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const BYTES = Buffer.alloc(1);
const signal = AbortSignal.timeout(60_000);

const CALLS: readonly [string, (connection: KmsConnection) => Promise<unknown>][] = [
  ['DescribeKey', (to) => connect(to).observeKey(KEY_ARN, signal)],
  [
    'GetParametersForImport',
    (to) =>
      connect(to).getImportParameters(
        KEY_ARN,
        { wrappingAlgorithm: 'RSAES_OAEP_SHA_256', wrappingKeySpec: 'RSA_4096' },
        signal,
      ),
  ],
  [
    'ImportKeyMaterial',
    (to) =>
      connect(to).importKeyMaterial(
        { KeyId: KEY_ARN, ImportToken: BYTES, EncryptedKeyMaterial: BYTES },
        signal,
      ),
  ],
  ['DeleteImportedKeyMaterial', (to) => connect(to).deleteKeyMaterial(KEY_ARN, undefined, signal)],
  ['DisableKey', (to) => connect(to).disableKey(KEY_ARN, signal)],
  ['GetKeyRotationStatus', (to) => connect(to).isRotating(KEY_ARN, signal)],
  ['RotateKeyOnDemand', (to) => connect(to).rotateKeyOnDemand(KEY_ARN, signal)],
  ['GetPublicKey', (to) => connectKeyProof(to).publicKey(KEY_ARN)],
];

let server: Server;
let received = 0;

beforeEach(async () => {
  received = 0;
  server = createServer((request, response) => {
    received += 1;
    request.resume();
    response.writeHead(400, { 'content-type': 'application/x-amz-json-1.1' }).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

describe('when the configuration excludes the account of a key', () => {
  it.each(CALLS)('%s is refused before anything is sent', async (_operation, call) => {
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const connection = { region: 'eu-west-1', endpoint, credentials: CREDENTIALS };
    for (const excluding of [
      { forbiddenAccountIds: ['111122223333'] },
      { allowedAccountIds: ['444455556666'] },
    ]) {
      await expect(call({ ...connection, ...excluding })).rejects.toThrowWithCode(
        'ACCOUNT_NOT_ALLOWED',
      );
    }
    expect(received).toBe(0);
    await expect(
      call({ ...connection, allowedAccountIds: ['111122223333'] }),
    ).rejects.toThrowWithCode('KMS_ERROR');
    expect(received).toBe(1);
  });
});
