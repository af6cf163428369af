import { LAST_USE_ACTIONS, ROLE_ACTIONS } from './role-actions';
import { assert } from '../errors';

/** The principals of a key and what each may do: ARNs of roles, users or accounts, or account IDs. */
export interface KeyAccess {
  /**
   * Principals that manage the key and its policy, and cannot use the key. Name a principal that stays, such as the
   * account: if the last administrator no longer exists, only AWS Support can recover the key.
   */
  readonly administrators: readonly string[];
  /** Principals that import, renew, delete and rotate material, and can neither use nor administer the key. */
  readonly importers: readonly string[];
  /** Principals that use the key, and can neither import material nor administer the key. */
  readonly users: readonly string[];
  /** Default: `ENCRYPT_DECRYPT`. */
  readonly keyUsage?: string | undefined;
  /** Lets importers import only material that expires. Default: false. */
  readonly mustExpire?: boolean | undefined;
}

// Actions are listed one by one, because a wildcard would include actions that AWS adds later. Their
// names and effects: AWS KMS Developer Guide, kms-api-permissions-reference.
const ADMINISTER = [
  'kms:CancelKeyDeletion',
  'kms:CreateAlias',
  'kms:DeleteAlias',
  'kms:DescribeKey',
  'kms:DisableKey',
  'kms:EnableKey',
  'kms:GetKeyPolicy',
  'kms:GetKeyRotationStatus',
  'kms:ListAliases',
  'kms:ListGrants',
  'kms:ListKeyPolicies',
  'kms:ListKeyRotations',
  'kms:ListResourceTags',
  'kms:PutKeyPolicy',
  'kms:ReplicateKey',
  'kms:RevokeGrant',
  'kms:ScheduleKeyDeletion',
  'kms:TagResource',
  'kms:UntagResource',
  'kms:UpdateAlias',
  'kms:UpdateKeyDescription',
  'kms:UpdatePrimaryRegion',
];

// An import of lost material enables its key. The same principal disables it again if it was disabled.
const HANDLE_MATERIAL = [
  ...new Set([...Object.values(ROLE_ACTIONS).flat(), ...LAST_USE_ACTIONS, 'kms:DisableKey']),
]
  .filter((action) => action !== 'kms:ImportKeyMaterial')
  .sort();

const USE: Readonly<Record<string, readonly string[]>> = {
  ENCRYPT_DECRYPT: [
    'kms:Decrypt',
    'kms:Encrypt',
    'kms:GenerateDataKey',
    'kms:GenerateDataKeyPair',
    'kms:GenerateDataKeyPairWithoutPlaintext',
    'kms:GenerateDataKeyWithoutPlaintext',
    'kms:GetPublicKey',
    'kms:ReEncryptFrom',
    'kms:ReEncryptTo',
  ],
  GENERATE_VERIFY_MAC: ['kms:GenerateMac', 'kms:VerifyMac'],
  KEY_AGREEMENT: ['kms:DeriveSharedSecret', 'kms:GetPublicKey'],
  SIGN_VERIFY: ['kms:GetPublicKey', 'kms:Sign', 'kms:Verify'],
};

/**
 * Returns a key policy of least privilege that separates administration, import and use: importers cannot use
 * the key, and users cannot replace or delete its material.
 *
 * IAM policies grant no access to the key unless an account is among the principals.
 *
 * @throws {@link ByokError} `KEY_ACCESS`
 *
 * @example
 * ```ts
 * import { importedKeyPolicy } from 'pulumi-kms-byok';
 *
 * export const policy = importedKeyPolicy({
 *   administrators: ['arn:aws:iam::111122223333:role/key-admin'],
 *   importers: ['arn:aws:iam::111122223333:role/key-ceremony'],
 *   users: ['arn:aws:iam::111122223333:role/app'],
 * });
 * ```
 */
export function importedKeyPolicy(access: KeyAccess): string {
  assertMembers(access);
  const { administrators, importers, users, keyUsage = 'ENCRYPT_DECRYPT', mustExpire } = access;
  const use = USE[keyUsage];
  assert(
    use !== undefined,
    'KEY_ACCESS',
    `keyUsage must be one of ${Object.keys(USE).join(', ')}: it decides what users may do`,
  );
  for (const [name, principals] of Object.entries({ administrators, importers, users })) {
    assert(
      principals.length > 0,
      'KEY_ACCESS',
      `${name} is empty: name at least one principal, or use policy instead of access`,
    );
    assert(
      !principals.includes('*'),
      'KEY_ACCESS',
      `${name} names everybody ("*"): name roles, users or accounts`,
    );
  }
  const both = importers.filter((principal) => users.includes(principal));
  assert(
    both.length === 0,
    'KEY_ACCESS',
    `${both.join(', ')} is among both importers and users: use different principals for import and use`,
  );
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      allow('AdministerKey', administrators, ADMINISTER),
      allow('HandleMaterial', importers, HANDLE_MATERIAL),
      allow(
        'ImportMaterial',
        importers,
        ['kms:ImportKeyMaterial'],
        mustExpire === true
          ? { StringEquals: { 'kms:ExpirationModel': 'KEY_MATERIAL_EXPIRES' } }
          : undefined,
      ),
      allow('UseKey', users, ['kms:DescribeKey', ...use]),
    ],
  });
}

const MEMBERS: Readonly<Record<keyof KeyAccess, 'principals' | 'text' | 'flag'>> = {
  administrators: 'principals',
  importers: 'principals',
  users: 'principals',
  keyUsage: 'text',
  mustExpire: 'flag',
};

// A program in JavaScript has no types, and a policy without a part of what it declares would let more in.
function assertMembers(access: KeyAccess): void {
  const names = Object.keys(MEMBERS) as (keyof KeyAccess)[];
  assert(
    Object.keys(access).every((name) => name in MEMBERS),
    'KEY_ACCESS',
    `access has a member with another name than ${names.join(', ')}: correct it`,
  );
  for (const name of names) {
    const value: unknown = access[name];
    if (MEMBERS[name] === 'principals') {
      assert(
        Array.isArray(value) && value.every((each) => typeof each === 'string'),
        'KEY_ACCESS',
        `${name} must be a list of principals: ARNs of roles, users or accounts, or account IDs`,
      );
    }
    assert(
      MEMBERS[name] !== 'flag' || value === undefined || typeof value === 'boolean',
      'KEY_ACCESS',
      `${name} must be true or false`,
    );
  }
}

function allow(
  Sid: string,
  principals: readonly string[],
  Action: readonly string[],
  Condition?: object,
): object {
  const statement = { Sid, Effect: 'Allow', Principal: { AWS: principals }, Action, Resource: '*' };
  return Condition === undefined ? statement : { ...statement, Condition };
}
