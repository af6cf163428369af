import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startKms, type EmbeddedKms } from 'embedded-kms';
import { connect, connectSecrets, type KmsConnection } from '../../src/aws/index';
import { connectKeyInventory } from '../../src/aws/key-inventory';
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

  // STS has the codes of the Query protocol, and those that all services of AWS have (AWS STS API Reference, Common
  // Errors).
  it.each(['Throttling', 'ThrottlingException'])(
    'a rate that STS refuses by %s does not slow down the calls of KMS',
    async (type) => {
      kms.inject({ operation: 'AssumeRole', times: 20, fault: { kind: 'error', type } });
      const { code, reason } = await failure(connect(connection).observeKey(KEY_ARN, signal));
      expect(code).toBe('KMS_THROTTLED');
      expect(reason).toMatch(/^STS AssumeRole failed/);
    },
  );

  it('AccessDeniedException is about the credentials too', async () => {
    const fault = { kind: 'error', type: 'AccessDeniedException', status: 403 } as const;
    kms.inject({ operation: 'AssumeRole', fault });
    const { code } = await failure(connect(connection).observeKey(KEY_ARN, signal));
    expect(code).toBe('KMS_CREDENTIALS');
  });
});

describe('when a role is assumed', () => {
  it('one token serves the inventories of several Regions', async () => {
    const first = connectKeyInventory(connection);
    const second = connectKeyInventory(
      { ...connection, region: 'us-east-1' },
      undefined,
      first.identity,
    );
    for (const inventory of [first, second]) {
      await inventory.listAliases(signal);
      inventory.close();
    }
    expect(kms.calls.map(({ operation }) => operation)).toEqual([
      'AssumeRole',
      'ListAliases',
      'ListAliases',
    ]);
  });

  it('the connection to STS need not be post-quantum', async () => {
    const kmsClient = connect({ ...connection, transport: 'post-quantum' });
    await expect(kmsClient.observeKey(KEY_ARN, signal)).rejects.toThrowWithCode(
      'TRANSPORT_NOT_POST_QUANTUM',
    );
    expect(kms.calls.map(({ operation }) => operation)).toEqual(['AssumeRole']);
  });
});

describe('when STS refuses the role of a profile', () => {
  const saved = { ...process.env };
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'byok-profile-'));
    process.env.AWS_CONFIG_FILE = join(folder, 'config');
    process.env.AWS_SHARED_CREDENTIALS_FILE = join(folder, 'credentials');
    process.env.AWS_ACCESS_KEY_ID = CREDENTIALS.accessKeyId;
    process.env.AWS_SECRET_ACCESS_KEY = CREDENTIALS.secretAccessKey;
    process.env.AWS_ENDPOINT_URL_STS = kms.url;
    writeFileSync(
      join(folder, 'config'),
      '[profile custodian]\nrole_arn = arn:aws:iam::444455556666:role/importer\ncredential_source = Environment\nregion = eu-west-1\n',
    );
    jest.spyOn(console, 'warn').mockImplementation();
  });

  afterEach(() => {
    for (const name of Object.keys(process.env)) {
      if (name.startsWith('AWS_')) Reflect.deleteProperty(process.env, name);
    }
    Object.assign(process.env, saved);
    rmSync(folder, { recursive: true });
  });

  const withProfile = (): KmsConnection => ({
    region: 'eu-west-1',
    endpoint: kms.url,
    secretsManagerEndpoint: kms.url,
    profile: 'custodian',
  });

  it.each([
    ['DescribeKey', () => connect(withProfile()).observeKey(KEY_ARN, signal)],
    ['GetSecretValue', () => connectSecrets(withProfile()).getSecret({ secretId: 'root' }, signal)],
  ] as const)('the error of %s is about the credentials', async (_name, call) => {
    kms.inject({
      operation: 'AssumeRole',
      fault: { kind: 'error', type: 'AccessDenied', message: 'not authorized', status: 403 },
    });
    expect((await failure(call())).code).toBe('KMS_CREDENTIALS');
    expect(kms.calls.map(({ operation }) => operation)).toEqual(['AssumeRole']);
  });
});
