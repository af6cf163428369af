import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect, type KmsClient } from '../../src/aws/index';
import { ByokError } from '../../src/errors';
import { CREDENTIALS } from '../../packages/embedded-kms/test/support/kms-key';

const KEY_ARN = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const CREATED = 1_767_225_600;
const ANSWER = { KeyId: KEY_ARN, TrackingStartDate: CREATED, KeyCreationDate: CREATED };

let server: Server;
let kms: KmsClient;
let answer: unknown;

beforeAll(async () => {
  server = createServer((request, response) => {
    request.resume();
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  kms = connect({ region: 'eu-west-1', endpoint, credentials: CREDENTIALS });
});

afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
});

const usage = () => kms.getKeyUsage(KEY_ARN, AbortSignal.timeout(30_000));
const used = (last: unknown) => ({ ...ANSWER, KeyLastUsage: last });

describe('when an endpoint answers GetKeyLastUsage as KMS never does', () => {
  it.each<[string, unknown]>([
    ['nothing', {}],
    ['no object', 'x'],
    ['another key', { ...ANSWER, KeyId: 'another' }],
    ['no start of the records', { ...ANSWER, TrackingStartDate: null }],
    ['a start of the records that is no date', { ...ANSWER, TrackingStartDate: 'x' }],
    ['no creation', { ...ANSWER, KeyCreationDate: null }],
    ['a number in the place of the use', used(CREATED)],
    ['true in the place of the use', used(true)],
    ['text in the place of the use', used('never')],
    ['a use without a time', used({ Operation: 'Decrypt' })],
    ['a use with the time null', used({ Operation: 'Decrypt', Timestamp: null })],
    ['a use with a time as text', used({ Timestamp: '2026-01-01T00:00:00Z' })],
    ['a use with a list as time', used({ Timestamp: [] })],
    ['a use before the key existed', used({ Operation: 'Decrypt', Timestamp: CREATED - 2 })],
    ['a use beyond all years', used({ Operation: 'Decrypt', Timestamp: 8.64e12 })],
    ['a use beyond all dates', used({ Operation: 'Decrypt', Timestamp: 1e300 })],
  ])('%s is no answer', async (_what, given) => {
    answer = given;
    await expect(usage()).rejects.toBeInstanceOf(ByokError);
  });

  it('names that could not come from KMS are left out', async () => {
    answer = used({ Operation: '\u001b[2J', CloudTrailEventId: 'x\ny', Timestamp: CREATED + 5 });
    const { lastUse } = await usage();
    expect(lastUse).toMatchObject({ at: new Date((CREATED + 5) * 1000), eventId: undefined });
    expect(lastUse?.operation).not.toContain('\u001b');
  });

  it.each([
    ['without a use', ANSWER],
    ['with an empty use', used({})],
  ])('an answer %s says that there was none', async (_what, given) => {
    answer = given;
    expect(await usage()).toEqual({
      trackedSince: new Date(CREATED * 1000),
      keyCreatedAt: new Date(CREATED * 1000),
    });
  });
});
