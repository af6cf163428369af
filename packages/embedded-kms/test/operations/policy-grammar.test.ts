import { CreateKeyCommand, PutKeyPolicyCommand } from '@aws-sdk/client-kms';
import { clientFor, createKey, worldForAll } from '../support/world';

const world = worldForAll();

const ACCOUNT = '111122223333';
const ROOT = `arn:aws:iam::${ACCOUNT}:root`;
const NAME = 'MalformedPolicyDocumentException';

type Members = Readonly<Record<string, unknown>>;

const base = { Effect: 'Allow', Principal: { AWS: ROOT }, Action: 'kms:*', Resource: '*' };
const also = (members: Members, ...more: Members[]): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [base, { ...base, ...members }, ...more],
  });

const create = (Policy: string) => world.client.send(new CreateKeyCommand({ Policy }));

describe('when a policy breaks the grammar', () => {
  it.each<[string, string]>([
    ['text that is no JSON', '{"Statement": [}'],
    ['a JSON text', '"policy"'],
    ['a wrong Version', JSON.stringify({ Version: '2012-10-18', Statement: base })],
    ['an Id that is no text', JSON.stringify({ Id: 1, Statement: base })],
    ['an unknown element', JSON.stringify({ Statement: base, Comment: 'x' })],
    ['an element in another case', JSON.stringify({ Statement: base, version: '2012-10-17' })],
    ['a statement that is a text', JSON.stringify({ Statement: ['allow', base] })],
    ['a typo in an Effect', also({ Effect: 'allow' })],
    ['no Effect', also({ Effect: undefined })],
    ['an unknown element of a statement', also({ Actions: 'kms:Decrypt' })],
    ['a Sid twice', also({ Sid: 'one' }, { ...base, Sid: 'one' })],
    ['a Sid that is no text', also({ Sid: 1 })],
    ['Action and NotAction', also({ NotAction: 'kms:Decrypt' })],
    ['Resource and NotResource', also({ NotResource: '*' })],
    ['Principal and NotPrincipal', also({ Effect: 'Deny', NotPrincipal: { AWS: ROOT } })],
    ['NotPrincipal with Allow', also({ Principal: undefined, NotPrincipal: { AWS: ROOT } })],
    ['an Action without a service', also({ Action: 'Decrypt' })],
    ['an Action with two colons', also({ Action: 'kms:Decrypt:x' })],
    ['an Action that is no text', also({ Action: [1] })],
    ['a Resource that is no ARN', also({ Resource: 'key/1' })],
    ['a Principal that is a text', also({ Principal: ROOT })],
    ['a Principal of an unknown type', also({ Principal: { Aws: ROOT } })],
    ['a Principal that is no text', also({ Principal: { AWS: [{}] } })],
    ['a Condition that is a list', also({ Condition: [] })],
    ['an unknown operator', also({ Condition: { StringsEqual: { 'kms:KeySpec': 'x' } } })],
    ['Null with IfExists', also({ Condition: { NullIfExists: { 'kms:KeySpec': 'true' } } })],
    ['an unknown set', also({ Condition: { 'ForSome:StringLike': { 'kms:KeySpec': 'x' } } })],
    ['an operator without keys', also({ Condition: { StringEquals: 'x' } })],
    ['a value that is an object', also({ Condition: { StringEquals: { 'kms:KeySpec': {} } } })],
    ['a key twice', also({}).replace('"Effect":"Allow"', '"Effect":"Deny","Effect":"Allow"')],
    ['a key twice, once escaped', also({ Sid: 'a' }).replace('"Sid"', '"S\\u0069d":"b","Sid"')],
  ])('%s is refused', async (_what, policy) => {
    await expect(create(policy)).rejects.toMatchObject({
      name: NAME,
      message: expect.stringMatching(/^Policy contains a syntax error: /) as unknown,
    });
  });

  it.each([
    ['{}', '{}'],
    ['an empty list', '{"Statement":[]}'],
  ])('%s is refused also without the safety check', async (_what, Policy) => {
    const { KeyId } = await createKey(world);
    const command = { KeyId, Policy, BypassPolicyLockoutSafetyCheck: true };
    await expect(world.client.send(new PutKeyPolicyCommand(command))).rejects.toMatchObject({
      name: NAME,
    });
  });

  it.each<[string, Members]>([
    ['none', { Principal: undefined }],
    ['an empty list', { Principal: { AWS: [] } }],
    ['an empty object', { Principal: {} }],
  ])('a statement whose principal is %s is refused beside a right one', async (_what, members) => {
    await expect(create(also(members))).rejects.toMatchObject({
      name: NAME,
      message: 'Policy contains a statement with no principal.',
    });
  });

  it.each([
    'root',
    '1111',
    'arn:aws-cn:iam::111122223333:root',
    'arn:aws:iam::111122223333:role/*',
    'arn:aws:iam::111122223333:group/team',
    'arn:aws:s3:::bucket',
    'AROA0123456789ABCDEFG',
  ])('the principal %s is refused', async (AWS) => {
    await expect(create(also({ Principal: { AWS } }))).rejects.toMatchObject({
      name: NAME,
      message: 'Policy contains a statement with one or more invalid principals.',
    });
  });

  it.each(['aws:ResourceTag/team', 'kms:ResourceAliases', 'KMS:ResourceTag'])(
    'a condition on %s is refused',
    async (key) => {
      await expect(
        create(also({ Condition: { 'ForAnyValue:StringEquals': { [key]: 'x' } } })),
      ).rejects.toMatchObject({
        name: NAME,
        message: `These condition keys are not permitted in a key policy: ${key}`,
      });
    },
  );
});

describe('when a policy is long', () => {
  it('has at most 131,072 characters', async () => {
    const padded = (length: number) => also({}).padEnd(length, ' ');
    await create(padded(131_072));
    await expect(create(padded(131_073))).rejects.toMatchObject({ name: 'LimitExceededException' });
  });
});

describe('when a policy keeps to the grammar', () => {
  it.each<[string, string]>([
    ['no Version', JSON.stringify({ Statement: base })],
    [
      'the older Version and an Id',
      JSON.stringify({ Version: '2008-10-17', Id: '', Statement: base }),
    ],
    [
      'Sids with spaces, and empty ones',
      also({ Sid: 'a b' }, { ...base, Sid: '' }, { ...base, Sid: '' }),
    ],
    ['no Action, which has no effect', also({ Action: undefined })],
    ['no Resource, which has no effect', also({ Resource: undefined })],
    ['NotResource', also({ Resource: undefined, NotResource: 'arn:aws:s3:::a' })],
    ['a CanonicalUser', also({ Principal: { CanonicalUser: '7'.repeat(64) } })],
    ...[
      { BinaryEquals: { 'kms:EncryptionContext:a': 'YQ==' } },
      { NotIpAddress: { 'aws:SourceIp': '10.0.0.0/8' } },
      { StringEqualsIgnoreCase: { 'kms:EncryptionContext:a': 'b' } },
    ].map((Condition): [string, string] => [JSON.stringify(Condition), also({ Condition })]),
    ['actions with wildcards', also({ Action: ['*', 'kms:De?rypt*', 's3:Get*'] })],
    ['an ARN as resource', also({ Resource: ['arn:aws:kms:*:*:key/*'] })],
    [
      'all types of principals',
      also({
        Principal: {
          AWS: [
            '*',
            ACCOUNT,
            'arn:aws:iam::444455556666:user/path/u+=,.@-_',
            'arn:aws:sts::111122223333:assumed-role/r/s@example.com',
          ],
          Service: 'logs.eu-central-1.amazonaws.com',
          Federated: ['cognito-identity.amazonaws.com'],
        },
      }),
    ],
    [
      'NotPrincipal with Deny',
      also({ Effect: 'Deny', Principal: undefined, NotPrincipal: { AWS: ROOT } }),
    ],
    [
      'numbers and booleans',
      also({
        Condition: {
          Bool: { 'aws:SecureTransport': true },
          NumericLessThan: { 'aws:MultiFactorAuthAge': 3600 },
        },
      }),
    ],
    [
      'operators in any case',
      also({
        Condition: {
          stringequals: { 'kms:keyspec': 'x' },
          'foranyvalue:StringLikeIfExists': { 'aws:PrincipalOrgPaths': ['o'] },
        },
      }),
    ],
    [
      'the same key in two objects, and braces in texts',
      also({ Sid: '{"Sid":"\\\\' }, { ...base, Sid: '[:' }),
    ],
  ])('%s is accepted', async (_what, policy) => {
    await create(policy);
  });

  it('principals belong to the partition of the key', async () => {
    const client = clientFor(world.kms, { region: 'cn-north-1' });
    const Policy = also({ Principal: { AWS: 'arn:aws-cn:iam::111122223333:user/u' } }).replaceAll(
      ROOT,
      ROOT.replace('aws', 'aws-cn'),
    );
    await client.send(new CreateKeyCommand({ Policy }));
    client.destroy();
  });
});
