import type { ShownResource } from '../../support/policy-process';
import { bucket, document, externalKey, KEY_ARN, materialOf, UNKNOWN } from '../shown';
import type { RuleCases } from './rule-cases';

const arnOf = (role: string): string => `arn:aws:iam::111122223333:role/${role}`;
const to = (role: string, ...actions: string[]) => ({
  Principal: { AWS: arnOf(role) },
  Action: actions,
  Resource: '*',
});
const key = (...statements: object[]): ShownResource =>
  externalKey({
    arn: KEY_ARN,
    policy: document(...(statements as Record<string, unknown>[])),
  });
const role = (name: string): ShownResource => ({
  type: 'aws:iam/role:Role',
  name,
  props: { name, arn: arnOf(name) },
});
const rolePolicy = (name: string, ofRole: string, statement: object): ShownResource => ({
  type: 'aws:iam/rolePolicy:RolePolicy',
  name,
  props: { role: ofRole, policy: document(statement as Record<string, unknown>) },
});
const policy: ShownResource = {
  type: 'aws:iam/policy:Policy',
  name: 'policy',
  props: { policy: document({ Action: 'kms:Decrypt', Resource: KEY_ARN }) },
};
const attachment: ShownResource = {
  type: 'aws:iam/rolePolicyAttachment:RolePolicyAttachment',
  name: 'attachment',
  props: { role: UNKNOWN, policyArn: UNKNOWN },
  dependsOn: { role: ['both'], policyArn: ['policy'] },
};
const BOTH = document({ Action: ['kms:ImportKeyMaterial', 'kms:Decrypt'], Resource: KEY_ARN });
const POLICY_ARN = 'arn:aws:iam::111122223333:policy/both';
const managed: ShownResource = {
  type: 'aws:iam/policy:Policy',
  name: 'managed',
  props: { arn: POLICY_ARN, policy: BOTH },
};
const roleWith = (managedPolicyArns: readonly string[], ...policies: string[]): ShownResource => ({
  ...role('ci'),
  props: { ...role('ci').props, managedPolicyArns },
  dependsOn: { managedPolicyArns: policies },
});
const ofUser = (type: string, props: Record<string, unknown>): ShownResource => ({
  type: `aws:iam/${type}`,
  name: type.split(':')[1] ?? '',
  props,
});
const inGroup = (membership: ShownResource): readonly ShownResource[] => [
  key(),
  ofUser('user:User', { name: 'ann', arn: 'arn:aws:iam::111122223333:user/ann' }),
  ofUser('group:Group', { name: 'admins', arn: 'arn:aws:iam::111122223333:group/admins' }),
  membership,
  ofUser('groupPolicy:GroupPolicy', {
    group: 'admins',
    policy: document({ Action: 'kms:ImportKeyMaterial', Resource: KEY_ARN }),
  }),
  ofUser('userPolicy:UserPolicy', {
    user: 'ann',
    policy: document({ Action: 'kms:Decrypt', Resource: KEY_ARN }),
  }),
];
const imports = to('importer', 'kms:GetParametersForImport', 'kms:ImportKeyMaterial');
const uses = to('app', 'kms:Decrypt', 'kms:GenerateDataKey');
const root = {
  Principal: { AWS: 'arn:aws:iam::111122223333:root' },
  Action: 'kms:*',
  Resource: '*',
};

const grantTo = (granteePrincipal: string, operations: readonly string[]): ShownResource => ({
  type: 'aws:kms/grant:Grant',
  name: 'grant',
  props: { keyId: UNKNOWN, granteePrincipal, operations },
  dependsOn: { keyId: ['key'] },
});
const rootFor = (pattern: string | readonly string[], ...actions: string[]) => ({
  ...root,
  Action: actions,
  Condition: { ArnLike: { 'aws:PrincipalArn': pattern } },
});
const named = (name: string, ...statements: object[]): ShownResource => ({
  ...externalKey({ policy: document(...(statements as Record<string, unknown>[])) }),
  name,
});
const admin = to('admin', 'kms:*');
const importing = ['kms:ImportKeyMaterial'];
const using = ['kms:Decrypt'];

export const separateImportersAndUsers: RuleCases = {
  rule: 'byok-separate-importers-and-users',
  violates: {
    'a role has the policy in managedPolicyArns': [
      [key(), managed, roleWith([POLICY_ARN])],
      ['managed'],
    ],
    'a preview does not know yet the ARN of a policy in managedPolicyArns': [
      [
        key(),
        { ...managed, props: { arn: UNKNOWN, policy: BOTH } },
        roleWith([UNKNOWN], 'managed'),
      ],
      ['managed'],
    ],
    'a resource attaches the policy exclusively': [
      [
        key(),
        managed,
        ofUser('rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive', {
          roleName: 'ci',
          policyArns: [POLICY_ARN],
        }),
      ],
      ['managed'],
    ],
    'a user may do one, and a group of the user the other': [
      inGroup(
        ofUser('userGroupMembership:UserGroupMembership', { user: 'ann', groups: ['admins'] }),
      ),
      ['UserPolicy'],
    ],
    'a group names the user': [
      inGroup(ofUser('groupMembership:GroupMembership', { users: ['ann'], group: 'admins' })),
      ['UserPolicy'],
    ],
    'a role may do all with three keys': [
      [named('k1', admin), named('k2', admin), named('k3', admin)],
      ['k1', 'k2', 'k3'],
    ],
    'a grant gives the use to the importer': [
      [key(imports), role('importer'), grantTo(arnOf('importer'), ['Decrypt'])],
      ['grant'],
    ],
    'a grant lets the importer make grants': [
      [key(imports), grantTo(arnOf('importer'), ['DescribeKey', 'CreateGrant'])],
      ['grant'],
    ],
    'the importer may make grants': [[key(to('both', ...importing, 'kms:CreateGrant'))], ['key']],
    'the importer may write the key policy': [
      [key(to('both', ...importing), to('both', 'kms:Put*'))],
      ['key'],
    ],
    'a user may write the key policy': [[key(to('both', ...using, 'kms:PutKeyPolicy'))], ['key']],
    'the account is limited to a role that may do both': [
      [key(rootFor(arnOf('both'), 'kms:*'))],
      ['key'],
    ],
    'the account is limited to a role that has the other permission': [
      [key(rootFor(arnOf('both'), ...importing), to('both', ...using))],
      ['key'],
    ],
    'a pattern for principals matches a role': [
      [key(rootFor(arnOf('app-*'), ...using), to('app-1', ...importing))],
      ['key'],
    ],
    'two patterns for principals overlap': [
      [key(rootFor(arnOf('app-*'), ...using), rootFor(arnOf('*-eu'), ...importing))],
      ['key'],
    ],
    'everybody may use the key': [
      [key(imports, { Principal: '*', Action: using, Resource: '*' })],
      ['key'],
    ],
    'a pattern for the principals of a key matches the role of an IAM policy': [
      [
        key(rootFor(arnOf('b*'), ...importing)),
        role('both'),
        rolePolicy('inline', 'both', { Action: using, Resource: '*' }),
      ],
      ['inline'],
    ],
    'two IAM policies of a role have patterns that overlap': [
      [
        key(),
        role('both'),
        rolePolicy('one', 'both', {
          Action: importing,
          Resource: 'arn:aws:kms:eu-west-1:111122223333:key/1234*',
        }),
        rolePolicy('other', 'both', {
          Action: using,
          Resource: 'arn:aws:kms:*:111122223333:key/*ab',
        }),
      ],
      ['other'],
    ],
    'a session of the importer may use the key': [
      [
        key(imports, {
          Principal: { AWS: 'arn:aws:sts::111122223333:assumed-role/importer/ci' },
          Action: using,
          Resource: '*',
        }),
      ],
      ['key'],
    ],
    'a session of the importer, whose role has a path, may use the key': [
      [
        key(to('team/importer', ...importing), {
          Principal: { AWS: 'arn:aws:sts::111122223333:assumed-role/importer/ci' },
          Action: using,
          Resource: '*',
        }),
      ],
      ['key'],
    ],
    'the role of the importer is in the stack, and a policy has its ARN without the path': [
      [
        key(to('importer', ...importing)),
        { ...role('importer'), props: { name: 'importer', arn: arnOf('team/importer') } },
        rolePolicy('inline', 'importer', { Action: using, Resource: KEY_ARN }),
      ],
      ['inline'],
    ],
    'two statements give the ARN of a role with and without its path': [
      [key(to('team/both', ...importing), to('both', ...using))],
      ['key'],
    ],
    'one statement allows both': [
      [key(to('both', 'kms:ImportKeyMaterial', 'kms:Decrypt')), materialOf('key')],
      ['key'],
    ],
    'two statements of a key policy allow both': [
      [key(imports, uses, to('importer', 'kms:Sign'))],
      ['key'],
    ],
    'kms:* is given to a role': [[key(to('admin', 'kms:*'))], ['key']],
    'a key policy allows the import and the policy of the role the use': [
      [
        key(to('both', 'kms:ImportKeyMaterial')),
        role('both'),
        rolePolicy('inline', 'both', { Action: 'kms:Decrypt', Resource: '*' }),
      ],
      ['inline'],
    ],
    'a key policy allows the import and an attached policy the use': [
      [key(to('both', 'kms:ImportKeyMaterial')), role('both'), policy, attachment],
      ['policy'],
    ],
    'an inline policy allows both on every key': [
      [
        externalKey(),
        {
          ...role('both'),
          props: {
            name: 'both',
            inlinePolicies: [{ policy: document({ Action: 'kms:*', Resource: '*' }) }],
          },
        },
      ],
      ['both'],
    ],
    'a KeyPolicy of the key allows both': [
      [
        externalKey(),
        {
          type: 'aws:kms/keyPolicy:KeyPolicy',
          name: 'key-policy',
          props: { keyId: UNKNOWN, policy: document(to('both', 'kms:*')) },
          dependsOn: { keyId: ['key'] },
        },
      ],
      ['key-policy'],
    ],
    'another policy is unknown': [
      [
        key(to('both', 'kms:*')),
        rolePolicy('inline', UNKNOWN, { Action: 'kms:Decrypt', Resource: '*' }),
      ],
      ['key'],
    ],
  },
  passes: {
    'roles of two accounts have one name and other paths': [
      key(to('team/ci', ...importing), {
        Principal: { AWS: 'arn:aws:iam::444455556666:role/ci' },
        Action: using,
        Resource: '*',
      }),
    ],
    'the name of a role is the end of another name': [
      key(to('team/ci', ...importing)),
      rolePolicy('policy', 'i', { Action: using, Resource: KEY_ARN }),
    ],
    'a pattern has no place for a path before the name': [
      key(rootFor(arnOf('app-?'), ...using)),
      rolePolicy('policy', 'ci', { Action: importing, Resource: KEY_ARN }),
    ],
    'a user is in another group than the one that imports': inGroup(
      ofUser('userGroupMembership:UserGroupMembership', { user: 'ann', groups: ['readers'] }),
    ),
    'a role of another name than that in the ARN uses the key': [
      key(imports),
      rolePolicy('policy', 'app', { Action: 'kms:Decrypt', Resource: KEY_ARN }),
    ],
    'a preview does not know the ARN of the key, and no policy of its partition covers it': [
      { ...key(imports), props: { ...key(imports).props, arn: UNKNOWN } },
      rolePolicy('policy', 'importer', {
        Action: 'kms:Decrypt',
        NotResource: 'arn:aws:kms:*:*:key/*',
      }),
    ],
    'the role of a policy about other services is unknown': [
      key(imports),
      rolePolicy('inline', UNKNOWN, { Action: 's3:*', Resource: '*' }),
    ],
    'an administrator may only write the key policy': [
      key(imports, uses, to('admin', 'kms:PutKeyPolicy', 'kms:CreateGrant')),
    ],
    'a user may make grants': [key(imports, to('app', ...using, 'kms:CreateGrant'))],
    'a grant is for another role': [key(imports), grantTo(arnOf('app'), ['Decrypt'])],
    'a grant is on another key': [
      key(imports),
      {
        ...grantTo(arnOf('importer'), ['Decrypt']),
        props: {
          keyId: KEY_ARN.replace('1234abcd', 'ffffffff'),
          granteePrincipal: arnOf('importer'),
          operations: ['Decrypt'],
        },
        dependsOn: {},
      },
    ],
    'the account is limited to another role': [
      key(rootFor(arnOf('app'), ...using), to('importer', ...importing)),
    ],
    'patterns for principals do not overlap': [
      key(rootFor(arnOf('app-*'), ...using), rootFor(arnOf('ci-*'), ...importing)),
    ],
    'the patterns for keys do not overlap': [
      key(imports),
      role('importer'),
      rolePolicy('inline', 'importer', {
        Action: using,
        Resource: 'arn:aws:kms:us-east-1:111122223333:key/*',
      }),
    ],
    'a user has the name of the importer': [
      key(imports),
      role('importer'),
      {
        type: 'aws:iam/user:User',
        name: 'person',
        props: { name: 'importer', arn: 'arn:aws:iam::111122223333:user/importer' },
      },
      {
        type: 'aws:iam/userPolicy:UserPolicy',
        name: 'of-person',
        props: { user: 'importer', policy: document({ Action: using, Resource: KEY_ARN }) },
      },
    ],
    'two roles share the work': [key(imports, uses), role('importer'), role('app')],
    'the key has the policy that KMS gives it': [externalKey({ policy: UNKNOWN })],
    'the account is left to decide': [key(root, imports, uses)],
    'the other is denied': [key(imports, { ...to('importer', 'kms:*'), Effect: 'Deny' })],
    'the importer uses another key': [
      key(imports),
      role('importer'),
      rolePolicy('inline', 'importer', {
        Action: 'kms:Decrypt',
        Resource: KEY_ARN.replace('1234abcd', 'ffffffff'),
      }),
    ],
    'the key has no imported material': [
      { type: 'aws:kms/key:Key', name: 'key', props: { policy: document(to('admin', 'kms:*')) } },
      { ...bucket, name: 'bucket' },
    ],
  },
  remarks: {
    'the key policy gives the ARN of a role, and another policy the name': [
      [
        key(imports),
        rolePolicy('policy', 'importer', { Action: 'kms:Decrypt', Resource: KEY_ARN }),
      ],
      ['policy'],
    ],
    'the key policy gives the ARN of a role with its path, and another policy the name': [
      [
        key(to('team/importer', ...importing)),
        rolePolicy('policy', 'importer', { Action: 'kms:Decrypt', Resource: KEY_ARN }),
      ],
      ['policy'],
    ],
    'a pattern with a path matches a role that is known by its name': [
      [
        key(rootFor(arnOf('team/*'), ...importing)),
        rolePolicy('policy', 'importer', { Action: 'kms:Decrypt', Resource: KEY_ARN }),
      ],
      ['policy'],
    ],
    'a role that imports has a policy of AWS in managedPolicyArns': [
      [
        key(),
        roleWith(['arn:aws:iam::aws:policy/PowerUserAccess']),
        rolePolicy('policy', 'ci', { Action: 'kms:ImportKeyMaterial', Resource: KEY_ARN }),
      ],
      ['ci'],
    ],
    'a condition chooses who may use the key': [
      [
        key(imports, {
          Principal: '*',
          Action: using,
          Resource: '*',
          Condition: { StringEquals: { 'aws:PrincipalTag/team': 'app' } },
        }),
      ],
      ['key'],
    ],
    'a condition of the account chooses who may do both': [
      [key({ ...root, Condition: { StringLike: { 'aws:PrincipalTag/team': '*' } } })],
      ['key'],
    ],
    'a policy that is not in the stack is attached to the importer': [
      [
        key(to('both', ...importing)),
        role('both'),
        {
          ...attachment,
          props: { role: UNKNOWN, policyArn: 'arn:aws:iam::aws:policy/PowerUserAccess' },
          dependsOn: { role: ['both'], policyArn: [] },
        },
      ],
      ['attachment'],
    ],
    'a pattern may match a role that a preview does not know yet': [
      [
        key(rootFor(arnOf('b*'), ...importing)),
        { ...role('both'), props: { name: UNKNOWN, arn: UNKNOWN } },
        {
          ...rolePolicy('inline', UNKNOWN, { Action: using, Resource: '*' }),
          dependsOn: { role: ['both'] },
        },
      ],
      ['inline'],
    ],
  },
  undecided: {
    'the role of an attachment is unknown': [
      key(to('both', 'kms:ImportKeyMaterial')),
      policy,
      { ...attachment, dependsOn: { policyArn: ['policy'] } },
    ],
    'the operations of a grant are unknown': [
      key(imports),
      { ...grantTo(UNKNOWN, []), props: { operations: UNKNOWN } },
    ],
    'the key policy is unknown': [
      externalKey({ policy: UNKNOWN }, { dependsOn: { policy: ['bucket'] } }),
      bucket,
    ],
    'the key policy is unknown and depends on nothing': [
      externalKey({ policy: UNKNOWN }, { dependsOn: { policy: [] } }),
    ],
    'the role of a policy is unknown': [
      key(imports),
      rolePolicy('inline', UNKNOWN, { Action: 'kms:Decrypt', Resource: '*' }),
    ],
  },
  configured: {
    'one of three keys is excepted': [
      { except: ['k1'] },
      [named('k1', admin), named('k2', admin), named('k3', admin)],
      ['k2', 'k3'],
    ],
    'an IAM policy is on an excepted key and another': [
      { except: ['k1'] },
      [
        named('k1'),
        named('k2'),
        role('both'),
        rolePolicy('inline', 'both', { Action: 'kms:*', Resource: '*' }),
      ],
      ['inline'],
    ],
    'an IAM policy is on the excepted key only': [
      { except: ['key'] },
      [key(), role('both'), rolePolicy('inline', 'both', { Action: 'kms:*', Resource: '*' })],
      [],
    ],
    'a role is excepted': [
      { except: ['both'] },
      [
        key(imports, to('both', 'kms:*')),
        role('both'),
        rolePolicy('inline', 'other', { Action: 'kms:*', Resource: '*' }),
      ],
      ['inline'],
    ],
    'the root principal counts': [{ ignoreAccountRoot: false }, [key(root)], ['key']],
    'the root principal counts in the policy that KMS gives': [
      { ignoreAccountRoot: false },
      [externalKey({ policy: UNKNOWN })],
      ['key'],
    ],
  },
};
