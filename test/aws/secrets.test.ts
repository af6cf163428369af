import {
  CreateSecretCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { randomBytes, randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { translateSource } from '../../src/aws/service-error';
import { connectSecrets } from '../../src/aws/index';
import { secretsManagerSource } from '../../src/material/secrets-manager-source';
import { ssmSource } from '../../src/material/ssm-source';
import { CREDENTIALS } from '../../packages/embedded-kms/test/support/kms-key';
import { motoUrl } from '../support/moto';
import { describeWithPython } from '../support/python-programs';

const REGION = 'eu-west-1';
const signal = new AbortController().signal;

const settings = () => ({ region: REGION, credentials: CREDENTIALS, endpoint: motoUrl() });

const at = (url: string, more: object = {}) => ({
  region: REGION,
  credentials: CREDENTIALS,
  secretsManagerEndpoint: url,
  ssmEndpoint: url,
  ...more,
});
const contextAt = (url: string) => ({
  env: {},
  connectSecrets: () => Promise.resolve(connectSecrets(at(url))),
  signal,
});
describeWithPython('when a secret of Secrets Manager is read', () => {
  let secretsManager: SecretsManagerClient;
  beforeAll(() => {
    secretsManager = new SecretsManagerClient(settings());
  });
  afterAll(() => {
    secretsManager.destroy();
  });
  const read = async (reference: { secretId: string } & Record<string, string>) => {
    const context = contextAt(motoUrl());
    return secretsManagerSource.read({ kind: 'secretsManager', ...reference }, {}, context);
  };
  const create = async (more: object): Promise<{ secretId: string; versionId: string }> => {
    const { Name, VersionId } = await secretsManager.send(
      new CreateSecretCommand({ Name: randomUUID(), ...more }),
    );
    return { secretId: Name!, versionId: VersionId! };
  };

  it('the current version is read unless a stage or an ID names another', async () => {
    const { secretId, versionId } = await create({ SecretString: 'old' });
    await secretsManager.send(
      new PutSecretValueCommand({ SecretId: secretId, SecretString: 'new' }),
    );
    const text = async (version: Record<string, string>) =>
      (await read({ secretId, ...version })).bytes.toString();
    expect(await text({})).toBe('new');
    expect(await text({ versionStage: 'AWSCURRENT' })).toBe('new');
    expect(await text({ versionStage: 'AWSPREVIOUS' })).toBe('old');
    expect(await text({ versionId })).toBe('old');
  });

  it('bytes are raw and text is base64, unless the program says so', async () => {
    const bytes = randomBytes(32);
    const binary = await create({ SecretBinary: bytes });
    const text = await create({ SecretString: bytes.toString('base64') });
    expect(await read({ secretId: binary.secretId })).toEqual({ bytes, encoding: 'raw' });
    expect(await read({ secretId: text.secretId })).toEqual({
      bytes: Buffer.from(bytes.toString('base64')),
      encoding: 'base64',
    });
  });

  it('jsonKey takes a text out of a JSON secret, and nothing else', async () => {
    const members = { key: 'AAAA', number: 7, __proto__x: 'y' };
    const { secretId } = await create({ SecretString: JSON.stringify(members) });
    expect(await read({ secretId, jsonKey: 'key' })).toEqual({
      bytes: Buffer.from('AAAA'),
      encoding: 'base64',
    });
    const others = [
      [secretId, 'absent'],
      [secretId, 'number'],
      [secretId, 'toString'],
      [(await create({ SecretString: 'secret-but-no-json' })).secretId, 'key'],
      [(await create({ SecretString: 'null' })).secretId, 'key'],
      [(await create({ SecretBinary: Buffer.from('{}') })).secretId, 'key'],
    ] as const;
    for (const [id, jsonKey] of others) {
      const refused = read({ secretId: id, jsonKey });
      await expect(refused).rejects.toThrowWithCode('MATERIAL_SOURCE_ERROR');
      await expect(refused).rejects.not.toThrow('secret-but');
    }
  });

  it('a secret or a version that does not exist is MATERIAL_SOURCE_ABSENT', async () => {
    const { secretId } = await create({ SecretString: 'x' });
    for (const reference of [
      { secretId: randomUUID() },
      { secretId, versionId: randomUUID() },
      { secretId, versionStage: 'AWSPREVIOUS' },
      { secretId, region: 'eu-north-1' },
    ]) {
      await expect(read(reference)).rejects.toThrowWithCode('MATERIAL_SOURCE_ABSENT');
    }
  });
});

describeWithPython('when a parameter of Parameter Store is read', () => {
  let ssm: SSMClient;
  beforeAll(() => {
    ssm = new SSMClient(settings());
  });
  afterAll(() => {
    ssm.destroy();
  });
  const read = async (reference: { name: string; version?: number }) =>
    ssmSource.read({ kind: 'ssmParameter', ...reference }, {}, contextAt(motoUrl()));
  const put = async (name: string, value: string, type: 'SecureString' | 'String') => {
    await ssm.send(
      new PutParameterCommand({ Name: name, Value: value, Type: type, Overwrite: true }),
    );
  };

  it('the latest version is read, decrypted, unless a version is named', async () => {
    const name = `/byok/${randomUUID()}`;
    await put(name, 'first', 'SecureString');
    await put(name, 'second', 'SecureString');
    expect(await read({ name })).toEqual({
      bytes: Buffer.from('second'),
      encoding: 'base64',
    });
    expect((await read({ name, version: 1 })).bytes.toString()).toBe('first');
  });

  it('a String is refused, and not quoted', async () => {
    const name = `/byok/${randomUUID()}`;
    await put(name, 'secret-in-clear', 'String');
    await expect(read({ name })).rejects.toThrowWithCode('MATERIAL_SOURCE_ERROR');
    await expect(read({ name })).rejects.not.toThrow('secret-in-clear');
  });

  it('a parameter or a version that does not exist is MATERIAL_SOURCE_ABSENT', async () => {
    const name = `/byok/${randomUUID()}`;
    await put(name, 'x', 'SecureString');
    for (const reference of [{ name: `${name}-other` }, { name, version: 9 }]) {
      await expect(read(reference)).rejects.toThrowWithCode('MATERIAL_SOURCE_ABSENT');
    }
  });
});

describe('when the service refuses, or is not what it should be', () => {
  const SECRET = 'c2VjcmV0LXRoYXQtbXVzdC1ub3QtYmUtcXVvdGVk';
  let server: Server;
  let answer: { status: number; body: string };
  let url: string;

  beforeAll(async () => {
    server = createServer((_request, response) => {
      response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(answer.body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(async () => {
    await new Promise((resolve) => server.close(resolve));
  });

  const both = (): (() => Promise<unknown>)[] => {
    const secrets = connectSecrets(at(url));
    return [
      () => secrets.getSecret({ secretId: 'x' }, signal),
      () => secrets.getParameter({ name: 'x' }, signal),
    ];
  };

  it.each([
    ['AccessDeniedException', 'MATERIAL_SOURCE_DENIED'],
    ['DecryptionFailure', 'MATERIAL_SOURCE_ERROR'],
    ['UnrecognizedClientException', 'KMS_CREDENTIALS'],
  ] as const)('%s is %s', async (type, code) => {
    answer = { status: 400, body: JSON.stringify({ __type: type, message: 'no' }) };
    for (const call of both()) await expect(call()).rejects.toThrowWithCode(code);
  });

  it('throttling that outlasts the retries of the SDK is KMS_THROTTLED', () => {
    const thrown = Object.assign(new Error('slow down'), { name: 'ThrottlingException' });
    expect(translateSource(thrown, 'GetSecretValue').code).toBe('KMS_THROTTLED');
  });

  it('an answer that cannot be read is not quoted, nor kept as a cause', async () => {
    answer = { status: 200, body: `{"SecretString": ${SECRET}` };
    for (const call of both()) {
      const error = (await call().catch((thrown: unknown) => thrown)) as Error;
      expect(() => {
        throw error;
      }).toThrowWithCode('MATERIAL_SOURCE_ERROR');
      expect(error.message).not.toContain(SECRET.slice(0, 8));
      expect(error.cause).toBeUndefined();
    }
  });

  it('no Region is KMS_REGION, and a cancelled call is TIMEOUT', async () => {
    const reference = { secretId: 'x' } as const;
    const nowhere = connectSecrets(at(url, { region: '' }));
    await expect(nowhere.getSecret(reference, signal)).rejects.toThrowWithCode('KMS_REGION');
    const late = connectSecrets(at(url)).getSecret(reference, AbortSignal.abort());
    await expect(late).rejects.toThrowWithCode('TIMEOUT');
  });
});

describe('when the client of a source is not installed', () => {
  it('the error says how to install it', async () => {
    const absent = connectSecrets(at('http://127.0.0.1:9'), (name) =>
      Promise.reject(new Error(`Cannot find package '${name}'`)),
    );
    const secret = absent.getSecret({ secretId: 'x' }, signal);
    await expect(secret).rejects.toThrowWithCode('PACKAGE_MISSING');
    await expect(secret).rejects.toThrow('npm install @aws-sdk/client-secrets-manager');
    const parameter = absent.getParameter({ name: 'x' }, signal);
    await expect(parameter).rejects.toThrow('npm install @aws-sdk/client-ssm');
  });
});
