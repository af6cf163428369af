import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, connectSecrets, type KmsConnection } from '../../src/aws/index';
import { connectKeyInventory } from '../../src/aws/key-inventory';
import { connectKeyProof } from '../../src/aws/key-proof';
import { Pacing, type Place } from '../../src/aws/pacing';
import { runCli } from '../cli/run-cli';
import { CREDENTIALS } from '../../packages/embedded-kms/test/support/kms-key';

const KEY_ARN = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const WRAPPING = { wrappingAlgorithm: 'RSAES_OAEP_SHA_256', wrappingKeySpec: 'RSA_4096' } as const;
const signal = AbortSignal.timeout(60_000);

// An address of this machine that others reach, too, stands for a machine in between.
const address =
  Object.values(networkInterfaces())
    .flat()
    .find((one) => one?.family === 'IPv4' && !one.internal)?.address ?? '192.0.2.1';

const saved = { ...process.env };
let folder: string;
let between: Server;
let received: number;
let url: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'byok-endpoints-'));
  received = 0;
  between = createServer((request, response) => {
    received += 1;
    request.resume();
    response.writeHead(400, { 'content-type': 'application/x-amz-json-1.1' }).end('{}');
  });
  await new Promise<void>((resolve) => {
    between.listen(0, resolve);
  });
  url = `http://${address}:${(between.address() as AddressInfo).port}`;
  process.env.AWS_ACCESS_KEY_ID = CREDENTIALS.accessKeyId;
  process.env.AWS_SECRET_ACCESS_KEY = CREDENTIALS.secretAccessKey;
  process.env.AWS_EC2_METADATA_DISABLED = 'true';
  process.env.AWS_CONFIG_FILE = join(folder, 'config');
  process.env.AWS_SHARED_CREDENTIALS_FILE = join(folder, 'credentials');
});

afterEach(async () => {
  for (const name of Object.keys(process.env)) {
    if (!(name in saved)) Reflect.deleteProperty(process.env, name);
  }
  process.env.HOME = saved.HOME;
  between.closeAllConnections();
  await new Promise((resolve) => between.close(resolve));
  rmSync(folder, { recursive: true });
});

const HERE: KmsConnection = { region: 'eu-west-1' };
const role = { roleArn: 'arn:aws:iam::111122223333:role/importer' };

const CALLS: readonly [string, string, () => Promise<unknown>][] = [
  ['DescribeKey', 'KMS', () => connect(HERE).observeKey(KEY_ARN, signal)],
  [
    'GetParametersForImport',
    'KMS',
    () => connect(HERE).getImportParameters(KEY_ARN, WRAPPING, signal),
  ],
  ['RotateKeyOnDemand', 'KMS', () => connect(HERE).rotateKeyOnDemand(KEY_ARN, signal)],
  ['ListAliases', 'KMS', () => connectKeyInventory(HERE).listAliases(signal)],
  ['GetPublicKey', 'KMS', () => connectKeyProof(HERE).publicKey(KEY_ARN)],
  [
    'GetSecretValue',
    'SECRETS_MANAGER',
    () => connectSecrets(HERE).getSecret({ secretId: 'root' }, signal),
  ],
  ['GetParameter', 'SSM', () => connectSecrets(HERE).getParameter({ name: 'root' }, signal)],
  ['AssumeRole', 'STS', () => connect({ ...HERE, assumeRole: role }).observeKey(KEY_ARN, signal)],
];

describe('when an endpoint in clear on another machine comes from outside of the program', () => {
  it.each(CALLS)('%s is not sent where AWS_ENDPOINT_URL_%s leads', async (_call, service, call) => {
    process.env[`AWS_ENDPOINT_URL_${service}`] = url;
    await expect(call()).rejects.toThrowWithCode('ENDPOINT_INSECURE');
    expect(received).toBe(0);
  });

  it.each(CALLS)('%s is not sent where AWS_ENDPOINT_URL leads', async (_name, _service, call) => {
    process.env.AWS_ENDPOINT_URL = url;
    await expect(call()).rejects.toThrowWithCode('ENDPOINT_INSECURE');
    expect(received).toBe(0);
  });

  it.each(CALLS)('%s is not sent where the AWS configuration file leads', async (_c, _s, call) => {
    writeFileSync(join(folder, 'config'), `[default]\nendpoint_url = ${url}\n`);
    await expect(call()).rejects.toThrowWithCode('ENDPOINT_INSECURE');
    expect(received).toBe(0);
  });

  it('a role of a profile is not assumed there either', async () => {
    const profile = `role_arn = ${role.roleArn}\ncredential_source = Environment\n`;
    writeFileSync(join(folder, 'config'), `[profile custodian]\n${profile}`);
    process.env.AWS_ENDPOINT_URL_STS = url;
    jest.spyOn(console, 'warn').mockImplementation();
    const kms = connect({ ...HERE, profile: 'custodian', endpoint: 'https://kms.invalid' });
    await expect(kms.observeKey(KEY_ARN, signal)).rejects.toThrowWithCode('ENDPOINT_INSECURE');
    expect(received).toBe(0);
  });

  it.each(['AWS_ENDPOINT_URL_SSO', 'AWS_ENDPOINT_URL'])(
    'the credentials of IAM Identity Center are not fetched where %s leads',
    async (name) => {
      const start = 'https://company.awsapps.com/start';
      const center = `sso_start_url = ${start}\nsso_region = eu-west-3\nsso_account_id = 111122223333\nsso_role_name = importer\n`;
      writeFileSync(join(folder, 'config'), `[profile center]\n${center}`);
      const cache = join(folder, '.aws', 'sso', 'cache');
      mkdirSync(cache, { recursive: true });
      const file = `${createHash('sha1').update(start).digest('hex')}.json`;
      const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
      writeFileSync(join(cache, file), JSON.stringify({ accessToken: 'token', expiresAt }));
      process.env.HOME = folder;
      process.env[name] = url;
      const kms = connect({ ...HERE, profile: 'center', endpoint: 'https://kms.invalid' });
      await expect(kms.observeKey(KEY_ARN, signal)).rejects.toThrowWithCode('ENDPOINT_INSECURE');
      expect(received).toBe(0);
    },
  );

  it('the command line refuses it', async () => {
    process.env.AWS_ENDPOINT_URL_KMS = url;
    const ended = await runCli(['params', '--key-id', KEY_ARN, '--out', join(folder, 'bundle')]);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain('[ENDPOINT_INSECURE]');
    expect(received).toBe(0);
  });
});

describe('when credentials may come from an instance metadata service', () => {
  beforeEach(() => {
    for (const name of [
      'AWS_ACCESS_KEY_ID',
      'AWS_SECRET_ACCESS_KEY',
      'AWS_EC2_METADATA_DISABLED',
    ]) {
      Reflect.deleteProperty(process.env, name);
    }
  });
  const call = (connection: KmsConnection = HERE) =>
    connect({ ...connection, endpoint: 'https://kms.invalid' }).observeKey(KEY_ARN, signal);

  it('one in clear on another machine is not asked, if a variable names it', async () => {
    process.env.AWS_EC2_METADATA_SERVICE_ENDPOINT = url;
    await expect(call()).rejects.toThrowWithCode('ENDPOINT_INSECURE');
    expect(received).toBe(0);
  });

  it('nor if the AWS configuration file names it', async () => {
    writeFileSync(join(folder, 'config'), `[default]\nec2_metadata_service_endpoint = ${url}\n`);
    await expect(call()).rejects.toThrowWithCode('ENDPOINT_INSECURE');
    expect(received).toBe(0);
  });

  it('nor if a profile takes its credentials from it', async () => {
    const profile = `role_arn = ${role.roleArn}\ncredential_source = Ec2InstanceMetadata\n`;
    writeFileSync(join(folder, 'config'), `[profile custodian]\n${profile}`);
    process.env.AWS_EC2_METADATA_SERVICE_ENDPOINT = url;
    process.env.AWS_EC2_METADATA_DISABLED = 'true';
    await expect(call({ ...HERE, profile: 'custodian' })).rejects.toThrowWithCode(
      'ENDPOINT_INSECURE',
    );
    expect(received).toBe(0);
  });

  it.each([
    ['ENDPOINT', 'metadata'],
    ['ENDPOINT_MODE', 'IPv5'],
  ])('a wrong AWS_EC2_METADATA_SERVICE_%s is named', async (name, value) => {
    process.env[`AWS_EC2_METADATA_SERVICE_${name}`] = value;
    await expect(call()).rejects.toThrowWithCode('AWS_CONFIG_INVALID');
  });

  it('one on this machine is asked', async () => {
    process.env.AWS_EC2_METADATA_SERVICE_ENDPOINT = url.replace(address, '127.0.0.1');
    await expect(call()).rejects.toThrowWithCode('KMS_CREDENTIALS');
    expect(received).toBeGreaterThan(0);
  });

  it.each([
    ['the environment has keys', { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' }],
    ['it is disabled', { AWS_EC2_METADATA_DISABLED: 'true' }],
  ])('one that nobody would ask is no error, because %s', async (_why, env) => {
    Object.assign(process.env, env, { AWS_EC2_METADATA_SERVICE_ENDPOINT: url });
    await expect(call()).rejects.toThrowWithCode(
      'AWS_ACCESS_KEY_ID' in env ? 'KMS_UNREACHABLE' : 'KMS_CREDENTIALS',
    );
    expect(received).toBe(0);
  });
});

describe('when an emulator on this machine is named outside of the program', () => {
  it.each([
    ['AWS_ENDPOINT_URL', (emulator: string) => (process.env.AWS_ENDPOINT_URL = emulator)],
    ['AWS_ENDPOINT_URL_KMS', (emulator: string) => (process.env.AWS_ENDPOINT_URL_KMS = emulator)],
    [
      'the AWS configuration file',
      (emulator: string) => {
        writeFileSync(join(folder, 'config'), `[default]\nendpoint_url = ${emulator}\n`);
      },
    ],
  ])('calls are paced as those to an emulator, if it is named by %s', async (_by, name) => {
    const emulator = url.replace(address, '127.0.0.1');
    name(emulator);
    const places: Place[] = [];
    const pacing = new Pacing({ hasQuotas: (place) => places.push(place) === 0 });
    await expect(connectKeyInventory(HERE, pacing).listAliases(signal)).rejects.toThrow();
    expect(received).toBeGreaterThan(0);
    expect(places.map(({ endpoint }) => endpoint)).toEqual([emulator]);
  });
});

describe('when a client is made', () => {
  it('its settings come from the one place that judges endpoints', () => {
    const root = join(__dirname, '..', '..', 'src');
    const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.startsWith('testing'))
      .map((name) => [name, readFileSync(join(root, name), 'utf8')] as const);
    // The clients of Pulumi's engine and of a PKCS #11 module call nothing of AWS.
    const made = files.flatMap(([name, text]) =>
      [
        ...text.matchAll(
          /new (?:\w+\.)?(?!(?:Token|Engine)Client)(?:\w*Client|NodeHttpHandler)\((.{0,40})/gs,
        ),
      ].map(([, args]) => [name, args] as const),
    );
    expect(made.length).toBeGreaterThan(2);
    for (const [name, args] of made) {
      // The handler that judges endpoints uses another one for its proxy.
      const isKnown =
        name === join('aws', 'request-handler.ts') ||
        /^(?:clientSettings|\{ \.\.\.clientSettings|settings)/.test(args!);
      expect([name, isKnown]).toEqual([name, true]);
    }
  });
});
