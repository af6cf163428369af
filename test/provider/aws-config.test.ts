import { GetParametersForImportCommand } from '@aws-sdk/client-kms';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '../../src/aws/client';
import { AWS_CONFIG, resolveConnection } from '../../src/provider/connection';
import { connection, type ConnectionInputs } from '../../src/provider/schema';
import { startKms, type EmbeddedKms } from 'embedded-kms';
import { clientOf, createKey } from '../../packages/embedded-kms/test/support/kms-key';
import { ResourceLife } from '../support/resource-life';

const KEY_ID = '1234abcd-12ab-34cd-56ef-1234567890ab';
const from = (config: Record<string, string>) => (key: string) => config[key];
const resolve = (config: Record<string, string>) =>
  resolveConnection(KEY_ID, undefined, from(config));

const named = (what: string): string[] =>
  Object.entries(AWS_CONFIG)
    .filter(([, is]) => is === what)
    .map(([name]) => name);

describe('when the aws provider has an input', () => {
  it('this package honours it, refuses it, or knows that it decides nothing here', () => {
    const file = require.resolve('@pulumi/aws/config/vars.d.ts');
    const inputs = Array.from(
      readFileSync(file, 'utf8').matchAll(/^export declare const (\w+):/gm),
      ([, name]) => name,
    );
    expect(inputs.length).toBeGreaterThan(30);
    expect(Object.keys(AWS_CONFIG).sort()).toEqual(inputs.sort());
  });

  it.each(named('refused'))(
    'aws:%s is refused where it is set, and not where it is off',
    (name) => {
      expect(() => resolve({ [`aws:${name}`]: 'true' })).toThrowWithCode('AWS_CONFIG_INVALID');
      for (const off of ['false', '', '[]']) {
        expect(() => resolve({ [`aws:${name}`]: off })).not.toThrow();
      }
    },
  );

  it.each<[Record<string, string>, ConnectionInputs]>([
    [{ 'aws:region': 'eu-north-1' }, { region: 'eu-north-1' }],
    [{ 'aws:profile': 'importer' }, { profile: 'importer' }],
    [{ 'aws:endpoints': '[{"kms":"https://kms"}]' }, { endpoint: 'https://kms' }],
    [
      { 'aws:endpoints': '[{"sts":"https://a","ssm":"https://b","secretsmanager":"https://c"}]' },
      { endpoints: { sts: 'https://a', ssm: 'https://b', secretsmanager: 'https://c' } },
    ],
    [{ 'aws:useFipsEndpoint': 'true' }, { useFipsEndpoint: true }],
    [{ 'aws:useDualstackEndpoint': 'true' }, { useDualstackEndpoint: true }],
    [{ 'aws:allowedAccountIds': '["111122223333"]' }, { allowedAccountIds: ['111122223333'] }],
    // `pulumi config set --path` makes numbers of digits.
    [{ 'aws:allowedAccountIds': '[111122223333]' }, { allowedAccountIds: ['111122223333'] }],
    [{ 'aws:forbiddenAccountIds': '["111122223333"]' }, { forbiddenAccountIds: ['111122223333'] }],
    [{ 'aws:stsRegion': 'us-east-1' }, { stsRegion: 'us-east-1' }],
    [{ 'aws:maxRetries': '2' }, { maxRetries: 2 }],
    [{ 'aws:retryMode': 'adaptive' }, { retryMode: 'adaptive' }],
    [{ 'aws:retryMode': 'standard' }, { retryMode: 'standard' }],
    [{ 'aws:transport': 'post-quantum' }, { transport: 'post-quantum' }],
    [
      { 'aws:assumeRole': '{"roleArn":"arn:aws:iam::111122223333:role/importer","duration":"2h"}' },
      { assumeRole: { roleArn: 'arn:aws:iam::111122223333:role/importer', duration: '2h' } },
    ],
  ])('%j of the stack and the input connection %j mean the same', (config, inputs) => {
    expect(resolveConnection(KEY_ID, inputs, () => undefined)).toEqual(resolve(config));
    expect(resolve(config)).not.toEqual(resolve({}));
    // The input takes precedence.
    expect(resolveConnection(KEY_ID, connection.parse(inputs), from(config))).toEqual(
      resolve(config),
    );
  });

  it('the proxies of connection replace those of the stack together', () => {
    const config = { 'aws:httpsProxy': 'http://a.example:1', 'aws:noProxy': '*' };
    const proxy = { httpsProxy: 'http://b.example:1' };
    expect(resolve(config).proxy).toEqual({ httpsProxy: 'http://a.example:1', noProxy: '*' });
    expect(resolveConnection(KEY_ID, proxy, from(config)).proxy).toEqual({
      ...proxy,
      prefix: 'connection.',
    });
    expect(resolveConnection(KEY_ID, { httpsProxy: '' }, from(config)).proxy?.httpsProxy).toBe('');
  });

  it.each(['http://user:hunter2@proxy.example:1', 'user:hunter2@proxy.example', 'ftp://proxy'])(
    'the proxy %s is no input of connection, because state would show it',
    (httpsProxy) => {
      expect(connection.safeParse({ httpsProxy }).success).toBe(false);
      expect(connection.safeParse({ httpProxy: httpsProxy }).success).toBe(false);
    },
  );

  it.each(['ftp://kms.example', 'kms.example'])(
    'the endpoint %s is no input of connection',
    (url) => {
      for (const inputs of [{ endpoint: url }, { endpoints: { sts: url } }]) {
        expect(connection.safeParse(inputs).success).toBe(false);
      }
    },
  );

  it('two different roles are refused, because the aws provider knows only one of the two settings', () => {
    const role = (name: string) => ({ roleArn: `arn:aws:iam::111122223333:role/${name}` });
    const config = {
      'aws:assumeRole': JSON.stringify(role('importer')),
      'aws:assumeRoles': JSON.stringify([role('deployer')]),
    };
    expect(() => resolve(config)).toThrowWithCode('AWS_CONFIG_INVALID');
  });

  it.each(['5m', '13h', 'abc'])(
    'a role for %s is refused as the setting of the stack',
    (duration) => {
      const role = { roleArn: 'arn:aws:iam::111122223333:role/importer', duration };
      expect(() => resolve({ 'aws:assumeRole': JSON.stringify(role) })).toThrowWithCode(
        'AWS_CONFIG_INVALID',
      );
    },
  );

  it('what limits the session of a role is refused', () => {
    const role = { roleArn: 'arn:aws:iam::111122223333:role/importer', policy: '{}' };
    const config = { 'aws:assumeRoles': JSON.stringify([role]) };
    expect(() => resolve(config)).toThrowWithCode('AWS_CONFIG_INVALID');
  });

  it.each([
    // Only together, as for the aws provider: otherwise the default chain would decide who imports.
    ['accessKey', 'AKIAIOSFODNN7EXAMPLE'],
    ['secretKey', 'not-checked'],
    ['token', 'not-checked'],
    ['useFipsEndpoint', 'yes'],
    ['transport', 'classical'],
    ['allowedAccountIds', '["prod"]'],
    ['maxRetries', 'many'],
    ['retryMode', 'legacy'],
  ])('aws:%s of another form, or without what belongs to it, is refused', (name, value) => {
    expect(() => resolve({ [`aws:${name}`]: value })).toThrowWithCode('AWS_CONFIG_INVALID');
  });
});

describe('when a stack says where calls go', () => {
  const hostOf = async (config: Record<string, string>): Promise<string> => {
    const client = createClient({
      ...resolve({ 'aws:region': 'us-east-1', ...config }),
      credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
    });
    let host = '';
    client.middlewareStack.add(
      () => (args) => {
        host = (args.request as { hostname: string }).hostname;
        return Promise.reject(new Error('far enough'));
      },
      { step: 'finalizeRequest', priority: 'low' },
    );
    const command = new GetParametersForImportCommand({
      KeyId: KEY_ID,
      WrappingAlgorithm: 'RSAES_OAEP_SHA_256',
      WrappingKeySpec: 'RSA_4096',
    });
    await client.send(command).catch(() => undefined);
    client.destroy();
    return host;
  };

  it.each([
    [{}, 'kms.us-east-1.amazonaws.com'],
    [{ 'aws:useFipsEndpoint': 'true' }, 'kms-fips.us-east-1.amazonaws.com'],
    [{ 'aws:useDualstackEndpoint': 'true' }, 'kms.us-east-1.api.aws'],
  ])('%j leads to %s', async (config, host) => {
    expect(await hostOf(config)).toBe(host);
  });

  it.each([
    [{}, 6, 'standard'],
    [{ 'aws:maxRetries': '2', 'aws:retryMode': 'adaptive' }, 3, 'adaptive'],
  ])('with %j a call is sent at most %i times, in the mode %s', async (config, attempts, mode) => {
    const client = createClient(resolve({ 'aws:region': 'us-east-1', ...config }));
    const { mode: found } = (await client.config.retryStrategy()) as { readonly mode?: string };
    expect([await client.config.maxAttempts(), found]).toEqual([attempts, mode]);
    client.destroy();
  });

  it('the Region is that of the profile if nothing else names one', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'byok-region-'));
    const file = join(folder, 'config');
    writeFileSync(file, '[profile importer]\nregion = ca-west-1\n');
    const saved = { ...process.env };
    delete process.env.AWS_REGION;
    delete process.env.AWS_DEFAULT_REGION;
    process.env.AWS_CONFIG_FILE = file;
    try {
      const client = createClient(resolve({ 'aws:profile': 'importer' }));
      expect(await client.config.region()).toBe('ca-west-1');
      client.destroy();
    } finally {
      delete process.env.AWS_CONFIG_FILE;
      Object.assign(process.env, saved);
      rmSync(folder, { recursive: true });
    }
  });

  it('retries and the Region of STS are as the stack says', () => {
    expect(
      resolve({ 'aws:maxRetries': '2', 'aws:retryMode': 'adaptive', 'aws:stsRegion': 'eu-west-3' }),
    ).toMatchObject({ maxAttempts: 3, retryMode: 'adaptive', stsRegion: 'eu-west-3' });
  });
});

describe('when a stack is for some accounts', () => {
  let kms: EmbeddedKms;
  let keyId: string;

  beforeAll(async () => {
    kms = await startKms();
  });

  afterAll(async () => {
    await kms.close();
  });

  beforeEach(async () => {
    const client = clientOf(kms);
    keyId = await createKey(client);
    client.destroy();
  });

  const program = () => ({
    keyId: keyId.split('/')[1],
    material: { inline: randomBytes(32).toString('base64') },
  });

  it.each([
    ['aws:allowedAccountIds', '["444455556666"]'],
    ['aws:forbiddenAccountIds', '["111122223333"]'],
  ])('%s keeps material out of the others', async (name, value) => {
    const account = keyId.split(':')[4] ?? '';
    const config = { [name]: value.replace('111122223333', account) };
    kms.clearCalls();
    const life = new ResourceLife({ kms, config });
    await expect(life.up(program())).rejects.toThrowWithCode('ACCOUNT_NOT_ALLOWED');
    const declared = name === 'aws:allowedAccountIds' ? 'allowedAccountIds' : 'forbiddenAccountIds';
    const connection = { [declared]: JSON.parse(config[name]!) as string[] };
    await expect(
      new ResourceLife({ kms }).up({ ...program(), connection }),
    ).rejects.toThrowWithCode('ACCOUNT_NOT_ALLOWED');
    expect(kms.calls.map(({ operation }) => operation)).not.toContain('GetParametersForImport');
  });

  it.each([
    ['the account that is allowed is called', () => [keyId.split(':')[4]]],
    ['an empty list allows every account', () => []],
  ])('%s', async (_what, accounts) => {
    const config = { 'aws:allowedAccountIds': JSON.stringify(accounts()) };
    const life = new ResourceLife({ kms, config });
    expect(await life.up(program())).toBe('create');
  });
});
