import { CreateKeyCommand, PutKeyPolicyCommand, ReplicateKeyCommand } from '@aws-sdk/client-kms';
import { assertPolicy } from '../../src/keys/key-policy';
import { matchesPattern } from '../../src/keys/policy-pattern';
import { createKey, worldForAll } from '../support/world';

const world = worldForAll();

const ACCOUNT = '111122223333';
const ROOT = `arn:aws:iam::${ACCOUNT}:root`;
const ROLE = `arn:aws:iam::${ACCOUNT}:role/team/Deployer`;
const KEY = `arn:aws:kms:eu-central-1:${ACCOUNT}:key/11111111-2222-3333-4444-555555555555`;
const LOCKOUT = {
  name: 'MalformedPolicyDocumentException',
  message: 'The new key policy will not allow you to update the key policy in the future.',
};

const root = { arn: ROOT, userId: ACCOUNT, accountId: ACCOUNT };
const deployer = {
  arn: `arn:aws:sts::${ACCOUNT}:assumed-role/Deployer/ci`,
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

const isRefused = (policy: unknown, caller = root): boolean => {
  try {
    assertPolicy({ Policy: JSON.stringify(policy) }, caller, KEY);
    return false;
  } catch {
    return true;
  }
};

describe('when a policy would not let its caller change it again', () => {
  it.each<[string, unknown]>([
    ['nothing', {}],
    ['no statement', { Statement: [] }],
    ['a statement that is a text', { Statement: ['allow'] }],
    ['no principal', { Statement: allow({ Principal: undefined }) }],
    [
      'the root of another account',
      { Statement: allow({ Principal: { AWS: 'arn:aws:iam::444455556666:root' } }) },
    ],
    ['a role, and the caller is another', { Statement: allow({ Principal: { AWS: ROLE } }) }],
    ['a service', { Statement: allow({ Principal: { Service: 'logs.amazonaws.com' } }) }],
    [
      'everybody but the caller',
      { Statement: allow({ Principal: undefined, NotPrincipal: { AWS: ROOT } }) },
    ],
    ['use only', { Statement: allow({ Action: ['kms:Encrypt', 'kms:Decrypt'] }) }],
    [
      'everything but this action',
      { Statement: allow({ Action: undefined, NotAction: 'kms:Put*' }) },
    ],
    ['no action', { Statement: allow({ Action: undefined }) }],
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
      'an operator that is not known',
      { Statement: when('DateGreaterThan', 'aws:CurrentTime', '2020-01-01') },
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

  it('an assumed role is known by its role, whose path its ARN does not have, and by its session', () => {
    for (const name of [ROLE, deployer.arn, ROOT]) {
      expect([
        name,
        isRefused({ Statement: allow({ Principal: { AWS: name } }) }, deployer),
      ]).toEqual([name, false]);
    }
    const other = `arn:aws:iam::${ACCOUNT}:role/Deploy`;
    expect(isRefused({ Statement: allow({ Principal: { AWS: other } }) }, deployer)).toBe(true);
    const byArn = when('ArnEquals', 'aws:PrincipalArn', `arn:aws:iam::${ACCOUNT}:role/Deployer`);
    expect(isRefused({ Statement: byArn }, deployer)).toBe(false);
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

  it('they accept it without the safety check', async () => {
    const { client } = world;
    const bypass = { Policy, BypassPolicyLockoutSafetyCheck: true };
    await client.send(new CreateKeyCommand(bypass));
    const { KeyId } = await createKey(world, { MultiRegion: true });
    await client.send(new PutKeyPolicyCommand({ KeyId, ...bypass }));
    await client.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: 'eu-west-1', ...bypass }));
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
