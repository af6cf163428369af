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
