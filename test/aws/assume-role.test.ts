import { startKms, type EmbeddedKms } from 'embedded-kms';
import { connect, connectSecrets, type KmsConnection } from '../../src/aws/index';
import { ByokError } from '../../src/errors';
import { CREDENTIALS } from '../../packages/embedded-kms/test/support/kms-key';

const KEY_ARN = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const signal = AbortSignal.timeout(60_000);

let kms: EmbeddedKms;
let connection: KmsConnection;

beforeAll(async () => {
  kms = await startKms();
  connection = {
    region: 'eu-west-1',
    endpoint: kms.url,
    stsEndpoint: kms.url,
    secretsManagerEndpoint: kms.url,
    credentials: CREDENTIALS,
    assumeRole: { roleArn: 'arn:aws:iam::444455556666:role/importer' },
  };
});

afterEach(() => {
  kms.clearFaults();
  kms.clearCalls();
});

afterAll(async () => {
  await kms.close();
});

const failure = async (call: Promise<unknown>): Promise<ByokError> => {
  const thrown: unknown = await call.catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(ByokError);
  return thrown as ByokError;
};

const CALLS: readonly [string, () => Promise<unknown>][] = [
  ['DescribeKey', () => connect(connection).observeKey(KEY_ARN, signal)],
  ['GetSecretValue', () => connectSecrets(connection).getSecret({ secretId: 'root' }, signal)],
];

describe('when STS refuses to assume a role', () => {
  it.each(CALLS)('the message names STS, and not %s, which was not sent', async (name, call) => {
    kms.inject({
      operation: 'AssumeRole',
      fault: { kind: 'error', type: 'AccessDenied', message: 'not authorized', status: 403 },
    });
    const { code, reason } = await failure(call());
    expect(code).toBe('KMS_CREDENTIALS');
    expect(reason).toMatch(/^STS AssumeRole failed: AccessDenied/);
    expect(reason).not.toContain(name);
    expect(kms.calls.map(({ operation }) => operation)).toEqual(['AssumeRole']);
  });

  it('an STS that cannot be reached is named too', async () => {
    const stsEndpoint = 'http://127.0.0.1:9';
    const { code, reason } = await failure(
      connect({ ...connection, stsEndpoint }).observeKey(KEY_ARN, signal),
    );
    expect(code).toBe('KMS_UNREACHABLE');
    expect(reason).toMatch(/^STS AssumeRole failed/);
  });

  it('a rate that STS refuses does not slow down the calls of KMS', async () => {
    kms.inject({ operation: 'AssumeRole', times: 20, fault: { kind: 'throttle' } });
    const { code, reason } = await failure(connect(connection).observeKey(KEY_ARN, signal));
    expect(code).toBe('KMS_THROTTLED');
    expect(reason).toMatch(/^STS AssumeRole failed/);
  });
});
