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
const imports = to('importer', 'kms:GetParametersForImport', 'kms:ImportKeyMaterial');
const uses = to('app', 'kms:Decrypt', 'kms:GenerateDataKey');
const root = {
  Principal: { AWS: 'arn:aws:iam::111122223333:root' },
  Action: 'kms:*',
  Resource: '*',
};

export const separateImportersAndUsers: RuleCases = {
  rule: 'byok-separate-importers-and-users',
  violates: {
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
  undecided: {
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
    'the root principal counts': [{ ignoreAccountRoot: false }, [key(root)], ['key']],
    'the root principal counts in the policy that KMS gives': [
      { ignoreAccountRoot: false },
      [externalKey({ policy: UNKNOWN })],
      ['key'],
    ],
  },
};
