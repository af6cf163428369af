import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startKms, type EmbeddedKms } from 'embedded-kms';
import { clientOf, createKey, CREDENTIALS } from '../../packages/embedded-kms/test/support/kms-key';
import { connect, connectSecrets, type KmsConnection } from '../../src/aws/index';
import { ByokError } from '../../src/errors';
import { resolveConnection } from '../../src/provider/connection';
import { startConnectProxy, type ConnectProxy } from '../support/connect-proxy';
import { startTlsEndpoint, type TlsEndpoint } from '../support/tls-endpoint';

const ROOT = join(__dirname, '..', '..');
const BIN = join(ROOT, 'dist', 'cli', 'bin.js');
const KEY_ARN = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const HOST = 'kms.eu-west-1.amazonaws.com';
const TARGET = `${HOST}:443`;
const PASSWORD = 'hunter2hunter2';

let folder: string;
const open: { close(): Promise<void> }[] = [];
const saved = { ...process.env };

const closing = <T extends { close(): Promise<void> }>(opened: T): T => {
  open.push(opened);
  return opened;
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'byok-proxy-'));
  for (const name of ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'NO_PROXY', 'no_proxy']) {
    Reflect.deleteProperty(process.env, name);
  }
  process.env.AWS_ACCESS_KEY_ID = CREDENTIALS.accessKeyId;
  process.env.AWS_SECRET_ACCESS_KEY = CREDENTIALS.secretAccessKey;
  process.env.AWS_EC2_METADATA_DISABLED = 'true';
  process.env.AWS_CONFIG_FILE = join(folder, 'config');
  process.env.AWS_SHARED_CREDENTIALS_FILE = join(folder, 'credentials');
});

afterEach(async () => {
  for (const name of Object.keys(process.env)) Reflect.deleteProperty(process.env, name);
  Object.assign(process.env, saved);
  for (const { close } of open.splice(0)) await close();
  rmSync(folder, { recursive: true });
});

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program of Node.js. NODE_EXTRA_CA_CERTS takes effect only at the start of a process. */
function node(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      args,
      // As after an `npm run` with a proxy of npm, which is none for AWS.
      { env: { ...process.env, npm_config_https_proxy: 'http://127.0.0.1:9', ...env }, cwd: ROOT },
      (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
      },
    );
  });
}

describe('when KMS is reached only through a proxy', () => {
  let kms: EmbeddedKms;
  let endpoint: TlsEndpoint;
  let proxy: ConnectProxy;
  let keyArn: string;
  let withUser: string;

  beforeEach(async () => {
    kms = closing(await startKms({ allowHosts: [HOST] }));
    endpoint = closing(await startTlsEndpoint(kms.url, [HOST], folder));
    const credentials = `importer:${PASSWORD}`;
    proxy = closing(await startConnectProxy({ leadsTo: endpoint.port, credentials }));
    withUser = proxy.url.replace('//', `//${credentials}@`);
    const client = clientOf(kms);
    keyArn = await createKey(client);
    client.destroy();
  });

  it.each(['HTTPS_PROXY', 'https_proxy'])('the command line takes that of %s', async (name) => {
    const env = { [name]: withUser, NODE_EXTRA_CA_CERTS: endpoint.certificate };
    const ended = await node([BIN, 'doctor', '--json', '--key-id', keyArn], env);
    expect(proxy.targets).toContain(TARGET);
    const found = JSON.parse(ended.stdout) as Record<string, string>[];
    const { port } = new URL(proxy.url);
    expect(found.find((one) => one.name === 'Proxy')).toMatchObject({
      verdict: 'ok',
      found: `http://127.0.0.1:${port} (${name})`,
    });
    expect(found.find((one) => one.name === 'kms:GetParametersForImport')?.verdict).toBe('ok');
    expect(ended.stdout + ended.stderr).not.toContain(PASSWORD);
  });

  it('an update takes that of the stack, before that of the environment', async () => {
    const program = join(folder, 'update.js');
    const config = { 'aws:httpsProxy': withUser, 'aws:region': 'eu-west-1' };
    const news = { keyId: keyArn, material: { inline: randomBytes(32).toString('base64') } };
    writeFileSync(
      program,
      `const { provider } = require(${JSON.stringify(join(ROOT, 'dist', 'provider'))});
       (async () => {
         const config = ${JSON.stringify(config)};
         await provider.configure({ config: { get: (key) => config[key] } });
         const { inputs, failures } = await provider.check({}, ${JSON.stringify(news)});
         const { outs } = await provider.create(inputs);
         process.stdout.write(JSON.stringify({ failures, outs }));
       })();`,
    );
    const env = { HTTPS_PROXY: 'http://127.0.0.1:9', NODE_EXTRA_CA_CERTS: endpoint.certificate };
    const { stdout } = await node([program], env);
    expect(JSON.parse(stdout)).toMatchObject({ failures: [], outs: { keyState: 'Enabled' } });
    expect(stdout).not.toContain(PASSWORD);
    expect(new Set(proxy.targets)).toEqual(new Set([TARGET]));
  });

  it('an authority that Node.js does not know is named as the cause', async () => {
    const ended = await node([BIN, 'doctor', '--json', '--key-id', keyArn], {
      HTTPS_PROXY: withUser,
    });
    const found = JSON.parse(ended.stdout) as Record<string, string>[];
    const listed = found.find((one) => one.name === 'kms:ListKeys')!;
    expect(listed.found).toContain('[KMS_UNREACHABLE]');
    expect(listed.remedy).toContain('NODE_EXTRA_CA_CERTS');
  });
});

describe('when a proxy is named', () => {
  const HERE: KmsConnection = { region: 'eu-west-1', maxAttempts: 1 };
  const signal = () => AbortSignal.timeout(30_000);
  const describeKey = (connection: KmsConnection = HERE) =>
    connect(connection).observeKey(KEY_ARN, signal());
  const failure = async (call: Promise<unknown>): Promise<ByokError> => {
    const error = await call.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(ByokError);
    return error as ByokError;
  };

  it.each<[string, string, () => Promise<unknown>]>([
    ['DescribeKey', 'kms', () => describeKey()],
    [
      'GetSecretValue',
      'secretsmanager',
      () => connectSecrets(HERE).getSecret({ secretId: 'root' }, signal()),
    ],
    ['GetParameter', 'ssm', () => connectSecrets(HERE).getParameter({ name: 'root' }, signal())],
    [
      'AssumeRole',
      'sts',
      () =>
        describeKey({
          ...HERE,
          assumeRole: { roleArn: 'arn:aws:iam::111122223333:role/importer' },
        }),
    ],
  ])('%s goes through it', async (_operation, service, call) => {
    const proxy = closing(await startConnectProxy({ status: 403 }));
    process.env.HTTPS_PROXY = proxy.url;
    const { code, message } = await failure(call());
    expect(code).toBe('KMS_UNREACHABLE');
    expect(new Set(proxy.targets)).toEqual(new Set([`${service}.eu-west-1.amazonaws.com:443`]));
    expect(message).toContain(`${service}.eu-west-1.amazonaws.com`);
    expect(message).toContain(`${proxy.url} (HTTPS_PROXY)`);
  });

  it('a role of a profile is assumed, and a session of IAM Identity Center is used, through it', async () => {
    const proxy = closing(await startConnectProxy({ status: 403 }));
    process.env.HTTPS_PROXY = proxy.url;
    const start = 'https://example.awsapps.com/start';
    writeFileSync(
      join(folder, 'config'),
      `[profile role]\nrole_arn = arn:aws:iam::111122223333:role/importer\ncredential_source = Environment\nregion = eu-west-1\n` +
        `[profile center]\nsso_start_url = ${start}\nsso_region = eu-west-3\nsso_account_id = 111122223333\nsso_role_name = importer\n`,
    );
    process.env.HOME = folder;
    const cache = join(folder, '.aws', 'sso', 'cache');
    mkdirSync(cache, { recursive: true });
    const session = createHash('sha1').update(start).digest('hex');
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    writeFileSync(
      join(cache, `${session}.json`),
      JSON.stringify({ startUrl: start, region: 'eu-west-3', accessToken: 'x', expiresAt }),
    );
    jest.spyOn(console, 'warn').mockImplementation();
    await failure(describeKey({ ...HERE, profile: 'role' }));
    await failure(describeKey({ ...HERE, profile: 'center' }));
    expect(proxy.targets.map((target) => target.split('.')[0])).toEqual(
      expect.arrayContaining(['sts', 'portal']),
    );
  });

  it('NO_PROXY and aws:noProxy exclude hosts from it, and the error says so', async () => {
    const proxy = closing(await startConnectProxy({ status: 403 }));
    process.env.HTTPS_PROXY = proxy.url;
    process.env.NO_PROXY = '.invalid';
    const elsewhere = { ...HERE, endpoint: 'https://kms.invalid' };
    const { code, message } = await failure(describeKey(elsewhere));
    expect(code).toBe('KMS_UNREACHABLE');
    expect(message).toContain('kms.invalid without a proxy (NO_PROXY)');
    const config: Record<string, string> = { 'aws:noProxy': 'kms.invalid' };
    process.env.NO_PROXY = '';
    const settings = resolveConnection(KEY_ARN, undefined, (key) => config[key]);
    expect(
      (await failure(describeKey({ ...elsewhere, proxy: settings.proxy! }))).message,
    ).toContain('(aws:noProxy)');
    expect(proxy.targets).toEqual([]);
  });

  it('an emulator on this machine is not reached through it', async () => {
    const kms = closing(await startKms());
    const client = clientOf(kms);
    const keyArn = await createKey(client);
    client.destroy();
    const proxy = closing(await startConnectProxy({ status: 403 }));
    process.env.HTTPS_PROXY = proxy.url;
    process.env.HTTP_PROXY = proxy.url;
    await connect({ ...HERE, endpoint: kms.url }).observeKey(keyArn, signal());
    expect(proxy.targets).toEqual([]);
  });

  it.each([
    [{ credentials: `importer:${PASSWORD}` }, 407, 'a password that the proxy accepts'],
    [{ status: 403 }, 403, 'NO_PROXY'],
    [{ status: 502 }, 502, ''],
  ])(
    'one that refuses (%j) is named with status %i, without its password',
    async (how, status, remedy) => {
      const proxy = closing(await startConnectProxy(how));
      const httpsProxy = proxy.url.replace('//', `//importer:wrong${PASSWORD}@`);
      const { code, message } = await failure(describeKey({ ...HERE, proxy: { httpsProxy } }));
      expect(code).toBe('KMS_UNREACHABLE');
      expect(message).toContain(`status ${status}`);
      expect(message).toContain(remedy);
      expect(message).toContain(`${proxy.url} (aws:httpsProxy)`);
      expect(message).not.toContain(PASSWORD);
    },
  );

  it('only the refusals that may pass are repeated', async () => {
    const [busy, closed] = [{}, { status: 403 }].map((how) => startConnectProxy(how));
    for (const [started, attempts] of [
      [busy!, 2],
      [closed!, 1],
    ] as const) {
      const proxy = closing(await started);
      await failure(describeKey({ ...HERE, maxAttempts: 2, proxy: { httpsProxy: proxy.url } }));
      expect(proxy.targets).toHaveLength(attempts);
    }
  });

  it('one that nobody runs is named, and so is the host', async () => {
    process.env.HTTPS_PROXY = 'http://127.0.0.1:9';
    const { code, message } = await failure(describeKey());
    expect(code).toBe('KMS_UNREACHABLE');
    expect(message).toContain(`ECONNREFUSED at ${HOST} through the proxy http://127.0.0.1:9`);
  });

  it('one that is not an http URL fails without a word of it', async () => {
    process.env.HTTPS_PROXY = `socks5://importer:${PASSWORD}@127.0.0.1:1080`;
    const { code, message } = await failure(describeKey());
    expect(code).toBe('AWS_CONFIG_INVALID');
    expect(message).not.toContain(PASSWORD);
    const config: Record<string, string> = { 'aws:httpProxy': process.env.HTTPS_PROXY };
    expect(() => resolveConnection(KEY_ARN, undefined, (key) => config[key])).toThrowWithCode(
      'AWS_CONFIG_INVALID',
    );
  });
});

describe('when no proxy is named', () => {
  it('an error names the host that was tried', async () => {
    const connection = { region: 'eu-west-1', maxAttempts: 1, endpoint: 'https://127.0.0.1:9' };
    await expect(
      connect(connection).observeKey(KEY_ARN, AbortSignal.timeout(30_000)),
    ).rejects.toThrow('ECONNREFUSED at 127.0.0.1');
  });
});

describe('when AWS_REGION is not set', () => {
  it.each([
    [{ AWS_DEFAULT_REGION: 'eu-north-1' }, 'eu-north-1'],
    [{ AWS_REGION: '', AWS_DEFAULT_REGION: 'eu-north-1' }, 'eu-north-1'],
    [{ AWS_REGION: 'eu-south-1', AWS_DEFAULT_REGION: 'eu-north-1' }, 'eu-south-1'],
  ])('%j leads to %s, for KMS, its secrets and its roles', async (env, region) => {
    const proxy = closing(await startConnectProxy({ status: 403 }));
    Reflect.deleteProperty(process.env, 'AWS_REGION');
    writeFileSync(join(folder, 'config'), '[default]\nregion = us-west-2\n');
    Object.assign(process.env, { HTTPS_PROXY: proxy.url, ...env });
    const signal = AbortSignal.timeout(30_000);
    const assumeRole = { roleArn: 'arn:aws:iam::111122223333:role/importer' };
    const calls = [
      connect({}).observeKey('1234abcd-12ab-34cd-56ef-1234567890ab', signal),
      connect({ assumeRole }).observeKey('1234abcd-12ab-34cd-56ef-1234567890ab', signal),
      connectSecrets({}).getSecret({ secretId: 'root' }, signal),
    ];
    await Promise.allSettled(calls);
    expect(proxy.targets.sort()).toEqual(
      ['kms', 'secretsmanager', 'sts'].map((service) => `${service}.${region}.amazonaws.com:443`),
    );
  });
});

describe('when a connection names a role', () => {
  it.each([
    [{}, 'sts.us-east-1.amazonaws.com'],
    [{ stsRegion: 'eu-west-3' }, 'sts.eu-west-3.amazonaws.com'],
    [{ useFipsEndpoint: true }, 'sts-fips.us-east-1.amazonaws.com'],
    [{ useDualstackEndpoint: true }, 'sts.us-east-1.api.aws'],
  ])('with %j it is assumed at %s', async (settings: KmsConnection, host) => {
    const proxy = closing(await startConnectProxy({ status: 403 }));
    process.env.HTTPS_PROXY = proxy.url;
    const assumeRole = { roleArn: 'arn:aws:iam::111122223333:role/importer' };
    const connection = { region: 'us-east-1', assumeRole, maxAttempts: 1, ...settings };
    const call = connect(connection).observeKey(KEY_ARN, AbortSignal.timeout(30_000));
    await expect(call).rejects.toThrow(ByokError);
    expect(proxy.targets).toEqual([`${host}:443`]);
  });
});
