import type { ShownResource } from '../../support/policy-process';
import { document, externalKey, KEY_ARN, UNKNOWN } from '../shown';
import type { RuleCases } from './rule-cases';

const everybody = { Principal: '*', Action: 'kms:*', Resource: '*' };
const importing = { Action: 'kms:ImportKeyMaterial', Resource: '*' };

const key = (...statements: object[]): ShownResource =>
  externalKey({ policy: document(...(statements as Record<string, unknown>[])) });
const iam = (type: string, policy: unknown): ShownResource => ({
  type: `aws:iam/${type}`,
  name: 'policy',
  props: { policy },
});
const role = (inlinePolicies: unknown): ShownResource => ({
  type: 'aws:iam/role:Role',
  name: 'role',
  props: { inlinePolicies, assumeRolePolicy: document({ Principal: '*', Action: '*' }) },
});

export const noWildcardImporters: RuleCases = {
  rule: 'byok-no-wildcard-importers',
  violates: {
    'a key policy allows kms:* to everybody': [[key(everybody)], ['key']],
    'a key policy allows the import to every AWS principal': [
      [key({ ...importing, Principal: { AWS: ['*'] } })],
      ['key'],
    ],
    'a key policy allows the deletion by a pattern': [
      [key({ ...everybody, Action: ['kms:Describe*', 'kms:DeleteImported*'] })],
      ['key'],
    ],
    'a key policy allows everything but something': [
      [key({ Principal: '*', NotAction: 'kms:ScheduleKeyDeletion', Resource: '*' })],
      ['key'],
    ],
    'a key policy allows it to all but one': [
      [key({ ...importing, NotPrincipal: { AWS: 'arn:aws:iam::111122223333:user/eve' } })],
      ['key'],
    ],
    'a condition does not restrict': [
      [
        key({
          ...everybody,
          Condition: { StringNotEquals: { 'aws:PrincipalArn': 'arn:aws:iam::1' } },
        }),
      ],
      ['key'],
    ],
    'a condition is a wildcard itself': [
      [key({ ...everybody, Condition: { ArnLike: { 'aws:PrincipalArn': '*' } } })],
      ['key'],
    ],
    'the policy of another kind of key is open': [
      [{ type: 'aws:kms/key:Key', name: 'key', props: { policy: document(everybody) } }],
      ['key'],
    ],
    'a KeyPolicy is open': [
      [
        {
          type: 'aws:kms/keyPolicy:KeyPolicy',
          name: 'key',
          props: { policy: document(everybody) },
        },
      ],
      ['key'],
    ],
    'the policy is an object': [
      [externalKey({ policy: { Statement: { Effect: 'Allow', ...everybody } } })],
      ['key'],
    ],
    'an IAM policy allows it on every key': [
      [iam('policy:Policy', document({ Action: 'KMS:importkeymaterial', Resource: '*' }))],
      ['policy'],
    ],
    'the policy of a role allows it on every key of an account': [
      [
        iam(
          'rolePolicy:RolePolicy',
          document({ Action: 'kms:*', Resource: 'arn:aws:kms:*:111122223333:key/*' }),
        ),
      ],
      ['policy'],
    ],
    'an inline policy of a role allows it on all but one': [
      [role([{ name: 'inline', policy: document({ Action: 'kms:*', NotResource: KEY_ARN }) }])],
      ['role'],
    ],
  },
  passes: {
    'a role is named': [
      key({ ...importing, Principal: { AWS: 'arn:aws:iam::111122223333:role/importer' } }),
    ],
    'everybody may only look': [key({ ...everybody, Action: 'kms:DescribeKey' })],
    'everybody is denied': [key({ ...everybody, Effect: 'Deny' })],
    'a condition names the principals': [
      key({
        ...everybody,
        Condition: { ArnLike: { 'aws:principalarn': 'arn:aws:iam::111122223333:role/importer' } },
      }),
    ],
    'an IAM policy names a key': [
      iam('policy:Policy', document({ Action: 'kms:*', Resource: KEY_ARN })),
    ],
    'a tag of the key restricts it': [
      iam(
        'userPolicy:UserPolicy',
        document({
          ...importing,
          Condition: { StringEquals: { 'aws:ResourceTag/ManagedBy': 'pulumi' } },
        }),
      ),
    ],
    'an administrator may do everything': [
      iam('policy:Policy', document({ Action: '*', Resource: '*' })),
    ],
    'there is no policy, or none that can be read': [
      externalKey(),
      externalKey({ policy: 'no JSON' }, { name: 'second' }),
      role(undefined),
    ],
  },
  undecided: {
    'the key policy is unknown': [externalKey({ policy: UNKNOWN })],
    'the principal is unknown': [
      externalKey({
        policy: { Statement: [{ Effect: 'Allow', ...importing, Principal: { AWS: UNKNOWN } }] },
      }),
    ],
    'the IAM policy is unknown': [iam('policy:Policy', UNKNOWN)],
    'an inline policy is unknown': [role([{ policy: UNKNOWN }])],
  },
  configured: {
    'administrators are not excepted': [
      { administrators: false },
      [iam('policy:Policy', document({ Action: '*', Resource: '*' }))],
      ['policy'],
    ],
    'another condition is accepted': [
      { principalConditions: ['aws:PrincipalOrgID'] },
      [key({ ...everybody, Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-12345678' } } })],
      [],
    ],
    'no condition is accepted': [
      { keyConditions: [] },
      [
        iam(
          'policy:Policy',
          document({ ...importing, Condition: { StringEquals: { 'aws:ResourceTag/a': 'b' } } }),
        ),
      ],
      ['policy'],
    ],
  },
};
