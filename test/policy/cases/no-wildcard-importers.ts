import type { ShownResource } from '../../support/policy-process';
import { document, externalKey, KEY_ARN, replicaKey, UNKNOWN } from '../shown';
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

const ACCOUNT = '111122223333';

// Resources of an IAM policy that match keys nobody named.
const ON_UNNAMED_KEYS = [
  '*',
  '**',
  '?*',
  'arn:*',
  'arn:aws:*',
  'arn:aws:kms',
  'arn:aws:kms:*',
  'arn:aws:kms:*:*',
  `arn:aws:kms:*:${ACCOUNT}`,
  'arn:aws:kms:*:*:*',
  'arn:*:kms:*:*:key/*',
  'arn:aws:kms:eu-west-1:111122223333:key*',
  'arn:aws:kms:eu-west-1:111122223333:key/?*',
  'arn:aws:kms:eu-west-1:111122223333:key/**',
  'arn:aws:kms:eu-west-1:111122223333:*/*',
  'arn:aws:kms:eu-west-1:111122223333:k?y/*',
  'arn:aws:kms:eu-west-1:111122223333:key/mrk-*',
  'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-12345678????',
  'arn:aws:kms:eu-west-1:111122223333:key/${aws:PrincipalTag/key}',
  'key/?*',
];

const ON_NAMED_KEYS = [
  KEY_ARN,
  KEY_ARN.replace('eu-west-1', '*').replace(ACCOUNT, '*'),
  `arn:aws:kms:eu-west-1:${ACCOUNT}:alias/*`,
  'arn:aws:s3:::bucket/*',
];

// Conditions on the key that are true of keys that nobody named.
const OPEN_KEY_CONDITIONS = [
  { StringLike: { 'aws:ResourceTag/x': '?*' } },
  { StringLike: { 'aws:ResourceTag/x': ['pulumi', '*'] } },
  { 'ForAnyValue:StringLike': { 'kms:ResourceAliases': 'alias/*' } },
  { 'ForAnyValue:StringLike': { 'kms:ResourceAliases': 'a*' } },
  { StringLike: { 'kms:RequestAlias': 'alias/?*' } },
  { 'ForAllValues:StringLike': { 'kms:ResourceAliases': 'alias/root' } },
  { StringEqualsIfExists: { 'aws:ResourceTag/x': 'pulumi' } },
  { Null: { 'aws:ResourceTag/x': 'false' } },
  { StringNotEquals: { 'aws:ResourceTag/x': 'pulumi' } },
];

const CLOSED_KEY_CONDITIONS = [
  { StringLike: { 'aws:ResourceTag/x': 'team-*' } },
  { 'ForAnyValue:StringLike': { 'kms:ResourceAliases': 'alias/root-*' } },
  { StringEquals: { 'aws:ResourceTag/team': '${aws:PrincipalTag/team}' } },
  { StringLike: { 'aws:ResourceTag/x': '*', 'aws:ResourceTag/y': 'pulumi' } },
  { Bool: { 'aws:MultiFactorAuthPresent': 'true' }, stringequals: { 'AWS:RESOURCETAG/x': 'y' } },
];

// Patterns for the principal that match principals that nobody named.
const OPEN_PRINCIPALS = [
  '*',
  '?*',
  'arn:*',
  'arn:aws:iam',
  'arn:aws:iam::*',
  'arn:aws:iam::*:*',
  'arn:aws:iam::*:role/importer',
  'arn:aws:iam::1111????3333:role/importer',
  'arn:aws:iam::${aws:PrincipalAccount}:role/importer',
  `arn:aws:iam::${ACCOUNT}:*`,
  `arn:aws:iam::${ACCOUNT}:role/*`,
  `arn:aws:iam::${ACCOUNT}:user/?*`,
  `arn:aws:iam::${ACCOUNT}:role/aws-reserved/*`,
  `arn:aws:iam::${ACCOUNT}:role/aws-res*`,
  `arn:aws:iam::${ACCOUNT}:role/aws-reserved/sso.amazonaws.com/*`,
  `arn:aws:iam::${ACCOUNT}:role/aws-reserved/sso.amazonaws.com/eu-west-1/*`,
  `arn:aws:iam::${ACCOUNT}:role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_*`,
  `arn:aws:iam::${ACCOUNT}:role/aws-reserved/*/AWSReservedSSO_*`,
  `arn:aws:iam::${ACCOUNT}:role/service-role/*`,
];

const CLOSED_PRINCIPALS = [
  `arn:aws:iam::${ACCOUNT}:role/importer`,
  `arn:aws:iam::${ACCOUNT}:role/importer-*`,
  `arn:*:iam::${ACCOUNT}:role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_Keys_*`,
  `arn:aws:iam::${ACCOUNT}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Keys_*`,
  `arn:aws:iam::${ACCOUNT}:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Keys_*`,
  `arn:aws:iam::${ACCOUNT}:role/aws-service-role/keys.amazonaws.com/*`,
  `arn:aws:iam::${ACCOUNT}:role/team/*`,
  `arn:aws:iam::${ACCOUNT}:root`,
];

const titled = <Case>(
  title: string,
  values: readonly unknown[],
  make: (value: never) => Case,
): Record<string, Case> =>
  Object.fromEntries(
    values.map((value) => [`${title} ${JSON.stringify(value)}`, make(value as never)]),
  );

export const noWildcardImporters: RuleCases = {
  rule: 'byok-no-wildcard-importers',
  violates: {
    ...titled('an IAM policy is on', ON_UNNAMED_KEYS, (resource: string) => [
      [iam('policy:Policy', document({ ...importing, Resource: resource }))],
      ['policy'],
    ]),
    ...titled('an IAM policy is restricted only by', OPEN_KEY_CONDITIONS, (Condition: object) => [
      [iam('policy:Policy', document({ ...importing, Condition }))],
      ['policy'],
    ]),
    ...titled('everybody is restricted only to', OPEN_PRINCIPALS, (pattern: string) => [
      [key({ ...everybody, Condition: { StringLike: { 'aws:PrincipalArn': pattern } } })],
      ['key'],
    ]),
    'an IAM policy excepts only keys of one Region': [
      [
        iam(
          'policy:Policy',
          document({ Action: 'kms:*', NotResource: 'arn:aws:kms:us-east-1:*:key/*' }),
        ),
      ],
      ['policy'],
    ],
    'everybody is restricted only if the key exists': [
      [
        key({
          ...everybody,
          Condition: { ArnLikeIfExists: { 'aws:PrincipalArn': CLOSED_PRINCIPALS[0] } },
        }),
      ],
      ['key'],
    ],
    'the elements of a policy are in lower case': [
      [
        externalKey({
          policy: JSON.stringify({
            statement: [{ effect: 'Allow', principal: '*', action: 'kms:*', resource: '*' }],
          }),
        }),
      ],
      ['key'],
    ],
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
    'the policy of a replica is open': [[replicaKey({ policy: document(everybody) })], ['replica']],
    ...titled(
      'the policy is a',
      [
        'policy:Policy',
        'rolePolicy:RolePolicy',
        'userPolicy:UserPolicy',
        'groupPolicy:GroupPolicy',
      ],
      (type: string) => [[iam(type, document({ Action: 'kms:*', Resource: '*' }))], ['policy']],
    ),
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
    ...titled('an IAM policy is on', ON_NAMED_KEYS, (resource: string) => [
      iam('policy:Policy', document({ ...importing, Resource: resource })),
    ]),
    ...titled('an IAM policy is restricted by', CLOSED_KEY_CONDITIONS, (Condition: object) => [
      iam('policy:Policy', document({ ...importing, Condition })),
    ]),
    ...titled('everybody is restricted to', CLOSED_PRINCIPALS, (pattern: string) => [
      key({ ...everybody, Condition: { ArnLike: { 'aws:PrincipalArn': [pattern] } } }),
    ]),
    'nobody can import into the key': [
      { type: 'aws:kms/key:Key', name: 'key', props: { policy: document(everybody) } },
      {
        type: 'aws:kms/replicaKey:ReplicaKey',
        name: 'copy',
        props: { policy: document(everybody) },
      },
    ],
    'an IAM policy excepts every key': [
      iam('policy:Policy', document({ Action: '*:*', NotResource: 'arn:aws*:kms:*:*:key/*' })),
      iam('policy:Policy', document({ Action: 'kms:*', NotResource: 'arn:*:kms:*' })),
      iam('policy:Policy', document({ Action: 'kms:*', NotResource: 'arn:aws:kms:*:*:key/*' })),
      iam('policy:Policy', document({ NotAction: 'iam:*', NotResource: ['arn:aws-us-gov:kms:*'] })),
    ],
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
