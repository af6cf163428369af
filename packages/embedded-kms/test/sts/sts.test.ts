import { CreateKeyCommand } from '@aws-sdk/client-kms';
import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import { KMSClient } from '@aws-sdk/client-kms';
import { REGION, worldForAll } from '../support/world';

const world = worldForAll();
beforeEach(() => {
  world.kms.clearCalls();
});

const ROLE = 'arn:aws:iam::444455556666:role/path/deployer';

async function query(parameters: Record<string, string>, accessKeyId = '111122223333') {
  const response = await fetch(world.kms.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
      authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20300101/us-east-1/sts/aws4_request`,
    },
    body: new URLSearchParams({ Version: '2011-06-15', ...parameters }).toString(),
  });
  return { status: response.status, xml: await response.text() };
}
const tag = (xml: string, name: string) => new RegExp(`<${name}>(.*?)</${name}>`).exec(xml)?.[1];
const assumeRole = (extras: Record<string, string> = {}) =>
  query({ Action: 'AssumeRole', RoleArn: ROLE, RoleSessionName: 'ci', ...extras });

describe('when a caller asks who it is', () => {
  it('is the root of the account that its access key id names', async () => {
    const { status, xml } = await query({ Action: 'GetCallerIdentity' }, '777788889999');
    expect(status).toBe(200);
    expect(tag(xml, 'Account')).toBe('777788889999');
    expect(tag(xml, 'Arn')).toBe('arn:aws:iam::777788889999:root');
    expect(tag(xml, 'RequestId')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('is in the default account with any other access key id', async () => {
    const { xml } = await query({ Action: 'GetCallerIdentity' }, 'AKIAIOSFODNN7EXAMPLE');
    expect(tag(xml, 'Account')).toBe('111122223333');
  });
});

describe('when a role is assumed', () => {
  it('gives a key of the account of the role, which says so itself', async () => {
    const { status, xml } = await assumeRole({ DurationSeconds: '900' });
    expect(status).toBe(200);
    const key = tag(xml, 'AccessKeyId');
    expect(key).toMatch(/^ASIA[A-Z2-7]{16}$/);
    expect(tag(xml, 'Expiration')).toBe('2030-01-01T00:15:00.000Z');
    expect(tag(xml, 'SecretAccessKey')).toHaveLength(40);
    const identity = await query({ Action: 'GetCallerIdentity' }, key);
    expect(tag(identity.xml, 'Account')).toBe('444455556666');
    expect(tag(identity.xml, 'Arn')).toBe('arn:aws:sts::444455556666:assumed-role/deployer/ci');
    expect(tag(identity.xml, 'UserId')).toBe(tag(xml, 'AssumedRoleId'));
  });

  it('records what was asked for, and no secret', async () => {
    const { xml } = await assumeRole({
      ExternalId: 'tenant-7',
      DurationSeconds: '1800',
      TokenCode: '123456',
    });
    const input = {
      RoleArn: ROLE,
      RoleSessionName: 'ci',
      ExternalId: 'tenant-7',
      DurationSeconds: 1800,
    };
    expect(world.kms.calls).toMatchObject([
      { operation: 'AssumeRole', accountId: '111122223333', region: 'us-east-1', outcome: 'ok' },
    ]);
    expect(world.kms.calls[0]?.input).toEqual(input);
    expect(JSON.stringify(world.kms.calls)).not.toContain(tag(xml, 'SecretAccessKey'));
  });

  it('is used by the unmodified credential provider of the AWS SDK', async () => {
    const client = new KMSClient({
      endpoint: world.kms.url,
      region: REGION,
      credentials: fromTemporaryCredentials({
        masterCredentials: { accessKeyId: '111122223333', secretAccessKey: 'x' },
        params: { RoleArn: ROLE, RoleSessionName: 'ci', ExternalId: 'tenant-7' },
        clientConfig: { endpoint: world.kms.url, region: REGION },
      }),
    });
    const { KeyMetadata } = await client.send(new CreateKeyCommand({}));
    expect(KeyMetadata).toMatchObject({ AWSAccountId: '444455556666' });
  });

  it.each<[string, Record<string, string>]>([
    ['a role ARN that is none', { RoleArn: 'arn:aws:iam::1:user/somebody' }],
    ['a role ARN that is too short', { RoleArn: 'x' }],
    ['a session name with a space', { RoleSessionName: 'a b' }],
    ['a duration of a second', { DurationSeconds: '1' }],
  ])('refuses %s', async (_what, extras) => {
    const { status, xml } = await assumeRole(extras);
    expect(status).toBe(400);
    expect(tag(xml, 'Code')).toBe('ValidationError');
  });

  it('escapes what it quotes', async () => {
    const { xml } = await assumeRole({ RoleSessionName: '<&>' });
    expect(xml).toContain('&lt;&amp;&gt;');
  });

  it('is subject to faults, and other actions are named and refused', async () => {
    world.kms.inject({ operation: 'AssumeRole', fault: { kind: 'throttle' } });
    expect(tag((await assumeRole()).xml, 'Code')).toBe('ThrottlingException');
    const { status, xml } = await query({ Action: 'GetSessionToken' });
    expect(status).toBe(400);
    expect(tag(xml, 'Message')).toContain('GetSessionToken');
  });
});
