import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resolveConnection } from '../../src/provider/connection';
import { startKms, type EmbeddedKms } from 'embedded-kms';
import { clientOf, createKey, CREDENTIALS } from '../../packages/embedded-kms/test/support/kms-key';
import { ResourceLife } from '../support/resource-life';

const KEY_ID = '1234abcd-12ab-34cd-56ef-1234567890ab';
const KEY_ARN = `arn:aws:kms:eu-west-1:111122223333:key/${KEY_ID}`;
const from = (config: Record<string, string>) => (key: string) => config[key];

describe('when a connection is put together', () => {
  const config = {
    'aws:region': 'us-east-1',
    'aws:profile': 'configured',
    'aws:endpoints': '[{"s3":"http://s3"},{"kms":"https://kms","sts":"https://sts"}]',
    'aws:assumeRole':
      '{"roleArn":"configured","externalId":"x","sessionName":"s","duration":"1h30m"}',
  };

  it('the stack configuration applies where the program says nothing', () => {
    expect(resolveConnection(KEY_ID, undefined, from(config))).toEqual({
      region: 'us-east-1',
      profile: 'configured',
      endpoint: 'https://kms',
      stsEndpoint: 'https://sts',
      credentials: undefined,
      assumeRole: {
        roleArn: 'configured',
        externalId: 'x',
        sessionName: 's',
        durationSeconds: 5400,
      },
    });
  });

  it('the services that keep secrets have endpoints of their own', () => {
    const endpoints = '[{"secretsmanager":"https://sm","ssm":"https://ssm"}]';
    expect(
      resolveConnection(KEY_ID, { endpoint: 'https://kms' }, from({ 'aws:endpoints': endpoints })),
    ).toMatchObject({
      endpoint: 'https://kms',
      secretsManagerEndpoint: 'https://sm',
      ssmEndpoint: 'https://ssm',
    });
  });

  it('the program takes precedence over the stack configuration', () => {
    const declared = {
      region: 'eu-north-1',
      profile: 'declared',
      endpoint: 'https://vpc',
      assumeRole: { roleArn: 'declared' },
    };
    expect(resolveConnection(KEY_ID, declared, from(config))).toMatchObject({
      region: 'eu-north-1',
      profile: 'declared',
      endpoint: 'https://vpc',
      assumeRole: { roleArn: 'declared' },
    });
  });

  it('the Region in an ARN takes precedence over the stack configuration', () => {
    expect(resolveConnection(KEY_ARN, undefined, from(config)).region).toBe('eu-west-1');
    expect(() => resolveConnection(KEY_ARN, { region: 'us-east-1' }, from({}))).toThrowWithCode(
      'REGION_MISMATCH',
    );
  });

  it('endpoints may be a single object, and a single role may be in a list', () => {
    const variant = {
      'aws:endpoints': '{"kms":"https://kms"}',
      'aws:assumeRoles': '[{"roleArn":"one"}]',
    };
    expect(resolveConnection(KEY_ID, undefined, from(variant))).toMatchObject({
      endpoint: 'https://kms',
      assumeRole: { roleArn: 'one' },
    });
  });

  it('nothing at all leaves everything to the AWS default chain', () => {
    const connection = resolveConnection(KEY_ID, undefined, from({}));
    expect(Object.values(connection).every((member) => member === undefined)).toBe(true);
  });

  it('a profile that the program names takes precedence over credentials of the stack', () => {
    const keys = { 'aws:accessKey': 'a', 'aws:secretKey': 'b', 'aws:token': 'c' };
    expect(resolveConnection(KEY_ID, undefined, from(keys)).credentials).toEqual({
      accessKeyId: 'a',
      secretAccessKey: 'b',
      sessionToken: 'c',
    });
    expect(resolveConnection(KEY_ID, { profile: 'p' }, from(keys)).credentials).toBeUndefined();
  });
});

describe('when the connection is used', () => {
  let kms: EmbeddedKms;
  const saved = { ...process.env };
  const material = { inline: randomBytes(32).toString('base64') };

  beforeAll(async () => {
    kms = await startKms();
  });

  afterAll(async () => {
    await kms.close();
  });

  afterEach(() => {
    for (const name of Object.keys(process.env)) {
      if (!(name in saved)) Reflect.deleteProperty(process.env, name);
    }
  });

  it.each([
    ['the program', {}, true],
    ['the stack configuration', { 'aws:assumeRole': role() }, false],
  ])('the role of %s is assumed, and its account is called', async (_where, config, declared) => {
    const account = '444455556666';
    const client = clientOf(kms);
    client.config.credentials = () =>
      Promise.resolve({ accessKeyId: account, secretAccessKey: 'x' });
    const keyId = await createKey(client);
    kms.clearCalls();

    const life = new ResourceLife({ kms, config });
    await life.up({
      keyId,
      material,
      ...(declared
        ? { connection: { assumeRole: JSON.parse(role()) as Record<string, string> } }
        : {}),
    });
    const assumed = kms.calls.find(({ operation }) => operation === 'AssumeRole');
    expect(assumed?.input).toMatchObject({
      RoleArn: `arn:aws:iam::${account}:role/importer`,
      ExternalId: 'stack',
      RoleSessionName: 'deploy',
      DurationSeconds: 1800,
    });
    const imported = kms.calls.find(({ operation }) => operation === 'ImportKeyMaterial');
    expect(imported).toMatchObject({ accountId: account, outcome: 'ok' });
    client.destroy();
  });

  function role(): string {
    return JSON.stringify({
      roleArn: 'arn:aws:iam::444455556666:role/importer',
      externalId: 'stack',
      sessionName: 'deploy',
      duration: '30m',
    });
  }

  it('the profile of the program is used', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'byok-profile-'));
    writeFileSync(
      join(folder, 'credentials'),
      '[custodian]\naws_access_key_id = 777788889999\naws_secret_access_key = x\n',
    );
    process.env.AWS_SHARED_CREDENTIALS_FILE = join(folder, 'credentials');
    process.env.AWS_CONFIG_FILE = join(folder, 'config');
    const client = clientOf(kms);
    client.config.credentials = () =>
      Promise.resolve({ accessKeyId: '777788889999', secretAccessKey: 'x' });
    const keyId = await createKey(client);
    const life = new ResourceLife({ kms });
    await life.up({ keyId, material, connection: { profile: 'custodian' } });
    expect(life.outs.keyArn).toContain(':777788889999:');
    client.destroy();
    rmSync(folder, { recursive: true });
  });

  it('nobody at the endpoint is KMS_UNREACHABLE', async () => {
    const life = new ResourceLife({
      kms,
      config: { 'aws:endpoints': '[{"kms":"http://127.0.0.1:9"}]' },
    });
    await expect(life.up({ keyId: KEY_ID, material })).rejects.toThrowWithCode('KMS_UNREACHABLE');
  });

  it('a profile that does not exist is KMS_CREDENTIALS', async () => {
    process.env.AWS_SHARED_CREDENTIALS_FILE = '/nonexistent';
    process.env.AWS_CONFIG_FILE = '/nonexistent';
    const life = new ResourceLife({ kms });
    await expect(
      life.up({ keyId: KEY_ID, material, connection: { profile: 'absent' } }),
    ).rejects.toThrowWithCode('KMS_CREDENTIALS');
  });

  it('no Region at all is KMS_REGION', async () => {
    process.env.AWS_CONFIG_FILE = '/nonexistent';
    process.env.AWS_EC2_METADATA_DISABLED = 'true';
    const life = new ResourceLife({ kms, config: { 'aws:region': '' } });
    const error = (await life
      .up({ keyId: KEY_ID, material })
      .catch((thrown: unknown) => thrown)) as Error;
    expect(() => {
      throw error;
    }).toThrowWithCode('KMS_REGION');
    // The name of the error of the SDK is only Error.
    expect(error.message).not.toContain('Error');
  });

  it('a call that hangs ends with the time limit', async () => {
    kms.inject({ operation: 'DescribeKey', fault: { kind: 'hang' } });
    const life = new ResourceLife({ kms });
    await expect(
      life.up({ keyId: KEY_ID, material, timeouts: { create: 1 } }),
    ).rejects.toThrowWithCode('TIMEOUT');
    kms.clearFaults();
  });

  it('a refusal by KMS keeps the name, the message and the request ID of AWS', async () => {
    const client = clientOf(kms);
    const keyId = await createKey(client);
    kms.inject({
      operation: 'GetParametersForImport',
      fault: { kind: 'error', type: 'AccessDeniedException', message: 'User is not authorized' },
    });
    const life = new ResourceLife({ kms, config: { 'aws:accessKey': CREDENTIALS.accessKeyId } });
    const message = await life.up({ keyId, material }).then(
      () => '',
      (error: unknown) => (error as Error).message,
    );
    const { requestId } = kms.calls.at(-1)!;
    expect(message).toContain('AccessDeniedException: User is not authorized');
    expect(message).toContain(requestId);
    client.destroy();
  });
});
