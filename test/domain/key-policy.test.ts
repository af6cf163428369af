import * as sdk from '@aws-sdk/client-kms';
import { importedKeyPolicy, type KeyAccess } from '../../src/domain/key-policy';

const ACCESS: KeyAccess = {
  administrators: ['arn:aws:iam::111122223333:role/admin'],
  importers: ['arn:aws:iam::111122223333:role/ceremony'],
  users: ['arn:aws:iam::111122223333:role/app'],
};

interface Statement {
  readonly Sid: string;
  readonly Principal: { readonly AWS: readonly string[] };
  readonly Action: readonly string[];
  readonly Condition?: object;
}

const statements = (access: Partial<KeyAccess> = {}): Statement[] =>
  (JSON.parse(importedKeyPolicy({ ...ACCESS, ...access })) as { Statement: Statement[] }).Statement;
const actionsOf = (principal: string | undefined, access?: Partial<KeyAccess>): string[] =>
  statements(access)
    .filter(({ Principal }) => Principal.AWS.includes(principal ?? ''))
    .flatMap(({ Action }) => Action);

describe('when a key policy is made', () => {
  it('administration, import and use have no action in common but to look and to disable', () => {
    const roles = [ACCESS.administrators, ACCESS.importers, ACCESS.users].map(([principal]) =>
      actionsOf(principal),
    );
    const shared = roles.flatMap((actions, index) =>
      actions.filter((action) => roles.some((other, at) => at !== index && other.includes(action))),
    );
    expect(new Set(shared)).toEqual(
      new Set([
        'kms:DescribeKey',
        'kms:DisableKey',
        'kms:GetKeyRotationStatus',
        'kms:ListKeyRotations',
      ]),
    );
  });

  it('importers cannot use the key, and users cannot import', () => {
    expect(actionsOf(ACCESS.importers[0])).toEqual(
      expect.arrayContaining(['kms:GetParametersForImport', 'kms:ImportKeyMaterial']),
    );
    expect(actionsOf(ACCESS.importers[0]).join()).not.toMatch(/crypt|Sign|Mac|Policy/);
    expect(actionsOf(ACCESS.users[0]).join()).not.toMatch(/Import|Policy|Delet|Rotate/);
  });

  it('no action is a wildcard', () => {
    expect(
      statements()
        .flatMap(({ Action }) => Action)
        .join(),
    ).not.toContain('*');
  });

  it.each([
    [
      'ENCRYPT_DECRYPT',
      [
        'Decrypt',
        'Encrypt',
        'GenerateDataKey',
        'GenerateDataKeyPair',
        'GenerateDataKeyPairWithoutPlaintext',
        'GenerateDataKeyWithoutPlaintext',
        'GetPublicKey',
        'ReEncryptFrom',
        'ReEncryptTo',
      ],
    ],
    ['GENERATE_VERIFY_MAC', ['GenerateMac', 'VerifyMac']],
    ['KEY_AGREEMENT', ['DeriveSharedSecret', 'GetPublicKey']],
    ['SIGN_VERIFY', ['GetPublicKey', 'Sign', 'Verify']],
  ])('a key for %s can be used for that, and for nothing else', (keyUsage, actions) => {
    const granted = ['DescribeKey', ...actions].map((action) => `kms:${action}`);
    expect(actionsOf(ACCESS.users[0], { keyUsage })).toEqual(granted);
  });

  it.each(['administrators', 'importers', 'users'] as const)('%s may look at the key', (role) => {
    expect(actionsOf(ACCESS[role][0])).toContain('kms:DescribeKey');
  });

  it('somebody may call every operation of KMS that is for such a key, and nobody any other', () => {
    const granted = ['SIGN_VERIFY', 'GENERATE_VERIFY_MAC', 'KEY_AGREEMENT', 'ENCRYPT_DECRYPT']
      .flatMap((keyUsage) => statements({ keyUsage }).flatMap(({ Action }) => Action))
      .map((action) => action.replace(/^kms:/, '').replace(/^ReEncrypt(From|To)$/, 'ReEncrypt'));
    const operations = Object.keys(sdk).flatMap((name) => /^(\w+)Command$/.exec(name)?.[1] ?? []);
    expect(operations.filter((operation) => !granted.includes(operation)).sort()).toEqual([
      'ConnectCustomKeyStore',
      'CreateCustomKeyStore',
      'CreateGrant',
      'CreateKey',
      'Decapsulate',
      'DeleteCustomKeyStore',
      'DescribeCustomKeyStores',
      'DisableKeyRotation',
      'DisconnectCustomKeyStore',
      'EnableKeyRotation',
      'Encapsulate',
      'GenerateRandom',
      'ListKeys',
      'ListRetirableGrants',
      'RetireGrant',
      'UpdateCustomKeyStore',
    ]);
    expect(granted.filter((operation) => !operations.includes(operation))).toEqual([]);
  });

  it('material may be forced to expire', () => {
    const [importing] = statements({ mustExpire: true }).filter(({ Action }) =>
      Action.includes('kms:ImportKeyMaterial'),
    );
    expect(importing?.Condition).toEqual({
      StringEquals: { 'kms:ExpirationModel': 'KEY_MATERIAL_EXPIRES' },
    });
  });

  it.each([
    ['nobody to administer', { administrators: [] }],
    ['everybody', { users: ['*'] }],
    ['one principal that imports and uses', { users: ACCESS.importers }],
    ['a usage that does not exist', { keyUsage: 'EVERYTHING' }],
    // Programs in other languages, and in JavaScript, can do both.
    ['a list that is left out', { users: undefined as never }],
    ['a list that is text', { users: ACCESS.users[0] as never }],
  ])('%s is refused', (_what, access) => {
    expect(() => importedKeyPolicy({ ...ACCESS, ...access })).toThrowWithCode('KEY_ACCESS');
  });

  it.each([
    ['nothing', undefined],
    ['text', 'arn:aws:iam::111122223333:role/app'],
    ['a list of other values', [5]],
  ])('principals that are %s are refused', (_what, users) => {
    expect(() => importedKeyPolicy({ ...ACCESS, users: users as never })).toThrowWithCode(
      'KEY_ACCESS',
    );
  });

  it('a member that does not exist is refused, for the policy would let more in', () => {
    const access = { ...ACCESS, mustExpires: true };
    expect(() => importedKeyPolicy(access)).toThrowWithCode('KEY_ACCESS');
    const text = { ...ACCESS, mustExpire: 'true' as never };
    expect(() => importedKeyPolicy(text)).toThrowWithCode('KEY_ACCESS');
  });
});
