import {
  CreateKeyCommand,
  KMSClient,
  PutKeyPolicyCommand,
  ReplicateKeyCommand,
} from '@aws-sdk/client-kms';
import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import { assertPolicy } from '../../src/keys/key-policy';
import type { PolicyKey } from '../../src/keys/policy-request';
import { matchesArn, matchesPattern } from '../../src/keys/policy-pattern';
import { createKey, REGION, worldForAll } from '../support/world';

const world = worldForAll();

const ACCOUNT = '111122223333';
const ROOT = `arn:aws:iam::${ACCOUNT}:root`;
const ROLE = `arn:aws:iam::${ACCOUNT}:role/team/Deployer`;
const KEY = `arn:aws:kms:eu-central-1:${ACCOUNT}:key/11111111-2222-3333-4444-555555555555`;
const LOCKOUT = {
  name: 'MalformedPolicyDocumentException',
  message: 'The new key policy will not allow you to update the key policy in the future.',
};

const root = { arn: ROOT, principalArn: ROOT, userId: ACCOUNT, accountId: ACCOUNT };
const deployer = {
  arn: `arn:aws:sts::${ACCOUNT}:assumed-role/Deployer/ci`,
  principalArn: ROLE,
  userId: 'AROA:ci',
  accountId: ACCOUNT,
};

type Statement = Readonly<Record<string, unknown>>;

const allow = (members: Statement = {}): Statement => ({
  Effect: 'Allow',
  Principal: { AWS: ROOT },
  Action: 'kms:*',
  Resource: '*',
  ...members,
});
const deny = (members: Statement = {}): Statement => allow({ Effect: 'Deny', ...members });
const when = (operator: string, key: string, values: unknown): Statement =>
  allow({ Condition: { [operator]: { [key]: values } } });

const KEY_RECORD = {
  arn: KEY,
  accountId: ACCOUNT,
  region: 'eu-central-1',
  origin: 'EXTERNAL',
  keySpec: 'SYMMETRIC_DEFAULT',
  keyUsage: 'ENCRYPT_DECRYPT',
} as const;

const isRefused = (policy: unknown, caller = root, key: PolicyKey = KEY_RECORD): boolean => {
  try {
    const now = Date.parse('2030-01-01T00:00:00Z');
    assertPolicy({ Policy: JSON.stringify(policy) }, { caller, key, now });
    return false;
  } catch (error) {
    expect((error as Error).message).toBe(LOCKOUT.message);
    return true;
  }
};

describe('when a policy would not let its caller change it again', () => {
  it.each<[string, unknown]>([
    ['nothing', {}],
    ['no statement', { Statement: [] }],
    ['no principal', { Statement: allow({ Principal: undefined }) }],
    [
      'the root of another account',
      { Statement: allow({ Principal: { AWS: 'arn:aws:iam::444455556666:root' } }) },
    ],
    ['a role, and the caller is another', { Statement: allow({ Principal: { AWS: ROLE } }) }],
    ['a service', { Statement: allow({ Principal: { Service: 'logs.amazonaws.com' } }) }],
    ['use only', { Statement: allow({ Action: ['kms:Encrypt', 'kms:Decrypt'] }) }],
    [
      'everything but this action',
      { Statement: allow({ Action: undefined, NotAction: 'kms:Put*' }) },
    ],
    ['no action', { Statement: allow({ Action: undefined }) }],
    ['no resource', { Statement: allow({ Resource: undefined }) }],
    ['another key', { Statement: allow({ Resource: KEY.replace('1111', '9999') }) }],
    ['only a Deny', { Statement: deny() }],
    ['an Allow and a Deny', { Statement: [allow(), deny({ Action: 'kms:PutKeyPolicy' })] }],
    [
      'a Deny of everything else',
      { Statement: [allow(), deny({ Action: undefined, NotAction: 'kms:Decrypt' })] },
    ],
    [
      'another account by condition',
      { Statement: when('StringEquals', 'kms:CallerAccount', '444455556666') },
    ],
    [
      'another principal by condition',
      { Statement: when('ArnLike', 'aws:PrincipalArn', 'arn:aws:iam::*:role/*') },
    ],
    ['calls of a service', { Statement: when('StringLike', 'kms:ViaService', '*') }],
    [
      'calls without the check',
      { Statement: when('Bool', 'kms:BypassPolicyLockoutSafetyCheck', true) },
    ],
  ])('%s is refused', (_what, policy) => {
    expect(isRefused(policy)).toBe(true);
  });
});

describe('when a policy lets its caller change it again', () => {
  it.each<[string, unknown]>([
    ['the root of the account', { Statement: [allow()] }],
    ['the id of the account', { Statement: allow({ Principal: { AWS: ACCOUNT } }) }],
    ['everybody', { Statement: allow({ Principal: '*' }) }],
    ['everybody as a list', { Statement: allow({ Principal: { AWS: ['*'] } }) }],
    ['the action by a pattern, in any case', { Statement: allow({ Action: 'KMS:put?eyPol*' }) }],
    ['everything', { Statement: allow({ Action: '*' }) }],
    [
      'everything but another action',
      { Statement: allow({ Action: undefined, NotAction: 'kms:Decrypt' }) },
    ],
    ['keys by a pattern', { Statement: allow({ Resource: ['arn:aws:kms:*:*:key/*'] }) }],
    ['a Deny for others', { Statement: [allow(), deny({ Principal: { AWS: ROLE } })] }],
    ['a Deny of use', { Statement: [allow(), deny({ Action: 'kms:Decrypt' })] }],
    [
      'a Deny by a condition that does not hold',
      {
        Statement: [
          allow(),
          { ...when('StringNotEquals', 'kms:CallerAccount', [ACCOUNT]), Effect: 'Deny' },
        ],
      },
    ],
    [
      'the account by condition',
      { Statement: when('StringEquals', 'kms:CallerAccount', ['1', ACCOUNT]) },
    ],
    [
      'a condition that may be absent',
      { Statement: when('StringEqualsIfExists', 'kms:ViaService', 'x') },
    ],
    [
      'a condition that the request does not decide',
      { Statement: when('StringEquals', 'aws:PrincipalOrgID', 'o-1') },
    ],
    [
      'a variable',
      { Statement: when('StringEquals', 'kms:CallerAccount', '${aws:PrincipalAccount}') },
    ],
    [
      'a Deny that the request does not decide',
      {
        Statement: [
          allow(),
          { ...when('Bool', 'aws:MultiFactorAuthPresent', 'false'), Effect: 'Deny' },
        ],
      },
    ],
  ])('%s is accepted', (_what, policy) => {
    expect(isRefused(policy)).toBe(false);
  });

  it('an assumed role is known by its role with its path, and by its session', () => {
    for (const name of [ROLE, deployer.arn, ROOT]) {
      expect([
        name,
        isRefused({ Statement: allow({ Principal: { AWS: name } }) }, deployer),
      ]).toEqual([name, false]);
    }
    for (const other of ['role/Deploy', 'role/Deployer', 'role/other/Deployer']) {
      const AWS = `arn:aws:iam::${ACCOUNT}:${other}`;
      expect([other, isRefused({ Statement: allow({ Principal: { AWS } }) }, deployer)]).toEqual([
        other,
        true,
      ]);
    }
    const byArn = (arn: string) => ({ Statement: when('ArnEquals', 'aws:PrincipalArn', arn) });
    expect(isRefused(byArn(ROLE), deployer)).toBe(false);
    expect(isRefused(byArn(`arn:aws:iam::${ACCOUNT}:role/Deployer`), deployer)).toBe(true);
    expect(isRefused(byArn(deployer.arn), deployer)).toBe(true);
  });
});

describe('when a Deny spares principals', () => {
  const SESSION = deployer.arn;
  const OTHER = `arn:aws:iam::${ACCOUNT}:role/Other`;

  it.each<[string, typeof root, readonly string[], boolean]>([
    ['root', root, [ROOT], false],
    ['root', root, [ACCOUNT], false],
    ['root', root, ['*'], false],
    ['root', root, [ROLE], true],
    ['root', root, ['arn:aws:iam::444455556666:root'], true],
    ['a role', deployer, [ROLE, ROOT], false],
    ['a role', deployer, [SESSION, ACCOUNT], false],
    ['a role', deployer, ['*'], false],
    ['a role', deployer, [ROLE], true],
    ['a role', deployer, [SESSION], true],
    ['a role', deployer, [ROOT], true],
    ['a role', deployer, [OTHER, ROOT], true],
  ])('%s needs its own name and that of its account (%#)', (_who, caller, AWS, expected) => {
    const spare = deny({ Principal: undefined, NotPrincipal: { AWS } });
    expect(isRefused({ Statement: [allow(), spare] }, caller)).toBe(expected);
  });

  it('nobody is spared by a service', () => {
    const NotPrincipal = { Service: 'logs.amazonaws.com' };
    const spare = deny({ Principal: undefined, NotPrincipal });
    expect(isRefused({ Statement: [allow(), spare] })).toBe(true);
  });
});

describe('when a condition is about the key or the request', () => {
  const primary = {
    ...KEY_RECORD,
    origin: 'AWS_KMS',
    keySpec: 'RSA_2048',
    keyUsage: 'SIGN_VERIFY',
    multiRegion: { primaryRegion: 'eu-central-1', replicaRegions: [] },
  } as const;
  const replica = { ...primary, region: 'eu-west-1' };

  it.each<[string, unknown, unknown, PolicyKey]>([
    ['kms:KeyOrigin', 'EXTERNAL', 'AWS_KMS', KEY_RECORD],
    ['kms:KeyOrigin', 'AWS_KMS', 'EXTERNAL', primary],
    ['kms:KeySpec', 'SYMMETRIC_DEFAULT', 'RSA_2048', KEY_RECORD],
    ['kms:CustomerMasterKeySpec', 'SYMMETRIC_DEFAULT', 'RSA_2048', KEY_RECORD],
    ['kms:KeyUsage', 'ENCRYPT_DECRYPT', 'SIGN_VERIFY', KEY_RECORD],
    ['kms:KeyUsage', 'SIGN_VERIFY', 'ENCRYPT_DECRYPT', primary],
    ['KMS:MULTIREGION', 'false', 'true', KEY_RECORD],
    ['kms:MultiRegion', true, false, primary],
    ['kms:MultiRegionKeyType', 'PRIMARY', 'REPLICA', primary],
    ['kms:MultiRegionKeyType', 'REPLICA', 'PRIMARY', replica],
    ['aws:RequestedRegion', 'eu-central-1', 'eu-west-1', KEY_RECORD],
    ['aws:RequestedRegion', 'eu-west-1', 'eu-central-1', replica],
    ['kms:CustomerMasterKeyUsage', 'ENCRYPT_DECRYPT', 'SIGN_VERIFY', KEY_RECORD],
    ['kms:BypassPolicyLockoutSafetyCheck', 'false', 'true', KEY_RECORD],
    ['kms:CallerAccount', ACCOUNT, '444455556666', KEY_RECORD],
    ['aws:PrincipalAccount', ACCOUNT, '444455556666', KEY_RECORD],
    ['aws:PrincipalArn', ROOT, ROLE, KEY_RECORD],
    ['aws:ResourceAccount', ACCOUNT, '444455556666', KEY_RECORD],
    ['aws:PrincipalType', 'Account', 'AssumedRole', KEY_RECORD],
    ['aws:userid', ACCOUNT, 'AROA:ci', KEY_RECORD],
    ['aws:SecureTransport', 'true', 'false', KEY_RECORD],
    ['aws:ViaAWSService', 'false', 'true', KEY_RECORD],
    ['aws:PrincipalIsAWSService', 'false', 'true', KEY_RECORD],
  ])('%s is %s and not %s', (key, value, other, record) => {
    const refusal = (operator: string, expected: unknown) =>
      isRefused({ Statement: when(operator, key, expected) }, root, record);
    expect(refusal('StringEquals', value)).toBe(false);
    expect(refusal('StringEquals', other)).toBe(true);
    expect(refusal('StringNotEquals', value)).toBe(true);
    expect(refusal('ForAnyValue:StringEquals', [other, value])).toBe(false);
    expect(refusal('ForAllValues:StringLike', other)).toBe(true);
    expect(refusal('Null', 'false')).toBe(false);
    expect(refusal('Null', true)).toBe(true);
  });

  it.each([
    ['DateGreaterThan', 'aws:CurrentTime', '2029-12-31T23:59:59Z', false],
    ['DateGreaterThan', 'aws:CurrentTime', '2030-01-01T00:00:00Z', true],
    ['DateGreaterThanEquals', 'aws:CurrentTime', '2030-01-01T00:00:00Z', false],
    ['DateLessThan', 'aws:CurrentTime', '2030-01-02', false],
    ['DateLessThan', 'aws:CurrentTime', '2029-12-31', true],
    ['DateLessThanEquals', 'aws:EpochTime', '1893456000', false],
    ['DateNotEquals', 'aws:EpochTime', '1893456000', true],
    ['NumericEquals', 'aws:EpochTime', 1_893_456_000, false],
    ['NumericLessThan', 'aws:EpochTime', '1893456000', true],
    ['NumericGreaterThan', 'aws:EpochTime', '1893455999', false],
  ])('%s of %s and %s is decided by the clock', (operator, key, value, expected) => {
    expect(isRefused({ Statement: when(operator, key, value) })).toBe(expected);
  });

  it.each([
    ['StringEquals', true],
    ['StringEqualsIfExists', false],
    ['StringNotLike', false],
    ['ForAnyValue:StringNotLike', true],
    ['ForAllValues:StringEquals', false],
    ['IpAddress', true],
  ])('%s of a key that the request does not have is decided', (operator, expected) => {
    for (const key of [
      'kms:ViaService',
      'kms:MultiRegionKeyType',
      'kms:EncryptionContext:a',
      'aws:CalledVia',
      'aws:CalledViaFirst',
      'aws:CalledViaLast',
      'aws:PrincipalServiceName',
      'aws:PrincipalServiceNamesList',
      'aws:RequestTag/a',
      'aws:SourceAccount',
      'aws:SourceArn',
      'aws:SourceOrgID',
      'aws:SourceOrgPaths',
      'aws:TagKeys',
      'aws:username',
    ]) {
      expect([key, isRefused({ Statement: when(operator, key, 'x') })]).toEqual([key, expected]);
      expect(isRefused({ Statement: when('Null', key, 'true') })).toBe(false);
      expect(isRefused({ Statement: when('Null', key, 'false') })).toBe(true);
    }
  });
});

describe('when a client sends such a policy', () => {
  const Policy = JSON.stringify({ Statement: allow({ Principal: { AWS: ROLE } }) });

  it('CreateKey, PutKeyPolicy and ReplicateKey refuse it in the words of AWS', async () => {
    const { client } = world;
    const { KeyId } = await createKey(world);
    await expect(client.send(new CreateKeyCommand({ Policy }))).rejects.toMatchObject(LOCKOUT);
    await expect(client.send(new PutKeyPolicyCommand({ KeyId, Policy }))).rejects.toMatchObject(
      LOCKOUT,
    );
    const primary = await createKey(world, { MultiRegion: true });
    const replicate = { KeyId: primary.KeyId, ReplicaRegion: 'eu-west-1', Policy };
    await expect(client.send(new ReplicateKeyCommand(replicate))).rejects.toMatchObject(LOCKOUT);
  });

  it('they decide conditions on the key by the key that they make or change', async () => {
    const { client } = world;
    const by = (conditions: Readonly<Record<string, string>>) =>
      JSON.stringify({ Statement: allow({ Condition: { StringEquals: conditions } }) });
    const external = by({ 'kms:KeyOrigin': 'EXTERNAL', 'aws:RequestedRegion': 'eu-central-1' });
    await client.send(new CreateKeyCommand({ Policy: external, Origin: 'EXTERNAL' }));
    await expect(client.send(new CreateKeyCommand({ Policy: external }))).rejects.toMatchObject(
      LOCKOUT,
    );
    const { KeyId } = await createKey(world, { MultiRegion: true });
    const isPrimary = by({ 'kms:MultiRegionKeyType': 'PRIMARY' });
    await client.send(new PutKeyPolicyCommand({ KeyId, Policy: isPrimary }));
    const replicate = (policy: string) =>
      client.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: 'eu-west-1', Policy: policy }));
    await expect(replicate(isPrimary)).rejects.toMatchObject(LOCKOUT);
    await replicate(
      by({ 'kms:MultiRegionKeyType': 'REPLICA', 'aws:RequestedRegion': 'eu-west-1' }),
    );
  });

  it('they know an assumed role by its path', async () => {
    const client = new KMSClient({
      endpoint: world.kms.url,
      region: REGION,
      credentials: fromTemporaryCredentials({
        params: { RoleArn: ROLE, RoleSessionName: 'ci' },
        masterCredentials: { accessKeyId: ACCOUNT, secretAccessKey: 'x' },
        clientConfig: { endpoint: world.kms.url, region: REGION },
      }),
    });
    const named = (AWS: string) => JSON.stringify({ Statement: allow({ Principal: { AWS } }) });
    await client.send(new CreateKeyCommand({ Policy: named(ROLE) }));
    await expect(
      client.send(new CreateKeyCommand({ Policy: named(ROLE.replace('team/', '')) })),
    ).rejects.toMatchObject(LOCKOUT);
    client.destroy();
  });

  it('they accept it without the safety check', async () => {
    const { client } = world;
    const bypass = { Policy, BypassPolicyLockoutSafetyCheck: true };
    await client.send(new CreateKeyCommand(bypass));
    const { KeyId } = await createKey(world, { MultiRegion: true });
    await client.send(new PutKeyPolicyCommand({ KeyId, ...bypass }));
    await client.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: 'eu-west-1', ...bypass }));
  });
});

describe('when a pattern of an ARN is compared', () => {
  it.each([
    ['*', true],
    [KEY, true],
    ['arn:aws:kms:*:*:key/*', true],
    ['arn:*:k?s:eu-*:111122223333:key/1111*', true],
    ['arn:aws:kms:*', true],
    ['arn:aws:*:111122223333:key/*', false],
    ['arn:*:111122223333:key/*', false],
    ['arn:aws:s3:*', false],
    ['arn:aws:kms:*:*:alias/*', false],
    ['arn:aws:kms:eu-central-1:111122223333:key/1:*', false],
  ])('%s is compared by its segments', (pattern, expected) => {
    expect(matchesArn(pattern, KEY)).toBe(expected);
  });

  it('resources and ARN operators are compared so, and other operators are not', () => {
    const wide = 'arn:aws:*:111122223333:key/*';
    expect(isRefused({ Statement: allow({ Resource: wide }) })).toBe(true);
    const principal = 'arn:*:111122223333:root';
    expect(isRefused({ Statement: when('ArnLike', 'aws:PrincipalArn', principal) })).toBe(true);
    expect(isRefused({ Statement: when('StringLike', 'aws:PrincipalArn', principal) })).toBe(false);
  });
});

describe('when a pattern of IAM is compared', () => {
  it.each<[string, string, boolean]>([
    ['', '', true],
    ['*', '', true],
    ['?', '', false],
    ['a*c', 'abbc', true],
    ['a*c', 'abbcd', false],
    ['a?c', 'abc', true],
    ['*a*b', 'xaxaxb', true],
    ['a.c', 'abc', false],
    ['**', 'x', true],
    ['x**', 'x', true],
    ['*x', 'xy', false],
  ])('%j and %j', (pattern, text, expected) => {
    expect(matchesPattern(pattern, text)).toBe(expected);
  });
});
