import type { RuleShapes } from './shape-cases';

const ROLE = "'arn:aws:iam::111122223333:role/importer'";
const KEY = "'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab'";
const statements = (text: string): string =>
  `aws.iam.getPolicyDocumentOutput({ statements: [${text}] }).json`;
const policy = (text: string): string => `pulumi.jsonStringify({ Statement: ${text} })`;
const key = (text: string, opts = ''): string =>
  `const key = new aws.kms.ExternalKey('key', { policy: ${text} }, { ...quiet ${opts} });`;
const inComponent = ', parent: new Platform("p")';
const IMPORT = "actions: ['kms:ImportKeyMaterial']";

export const noWildcardImporters: RuleShapes = {
  rule: 'byok-no-wildcard-importers',
  passes: {
    'getPolicyDocument names a role': key(
      statements(
        `{ ${IMPORT}, resources: ['*'], principals: [{ type: 'AWS', identifiers: [${ROLE}] }] }`,
      ),
    ),
    'a statement is an object with a role that is an output': key(
      policy(
        `{ Effect: 'Allow', Principal: { AWS: pulumi.output(${ROLE}) }, Action: 'kms:*', Resource: '*' }`,
      ),
    ),
    'NotAction leaves out all of KMS': `
      new aws.iam.Policy('policy', { policy: ${policy("[{ Effect: 'Allow', NotAction: ['kms:*', 'iam:*'], Resource: '*' }]")} });`,
    'a condition has two operators': key(
      policy(`[{ Effect: 'Allow', Principal: '*', Action: 'kms:ImportKeyMaterial', Resource: '*',
        Condition: { Bool: { 'aws:SecureTransport': true }, StringLike: { 'aws:PrincipalArn': [${ROLE}] } } }]`),
    ),
    'everybody may import into a key that KMS fills': `
      new aws.kms.Key('key', { policy: ${policy("[{ Effect: 'Allow', Principal: '*', Action: 'kms:*', Resource: '*' }]")} });`,
    'the policy is known only in the update': key(
      `later(JSON.stringify({ Statement: { Effect: 'Allow', Principal: { AWS: ${ROLE} }, Action: 'kms:*', Resource: '*' } }))`,
    ),
  },
  fails: {
    'getPolicyDocument is for everybody': [
      key(
        statements(
          `{ ${IMPORT}, resources: ['*'], principals: [{ type: '*', identifiers: ['*'] }] }`,
        ),
      ),
      ['key'],
    ],
    'getPolicyDocument excepts a principal': [
      key(
        statements(
          `{ ${IMPORT}, resources: ['*'], notPrincipals: [{ type: 'AWS', identifiers: [${ROLE}] }] }`,
        ),
        inComponent,
      ),
      ['key'],
    ],
    'the actions are in lower case, in a secret': [
      `new aws.iam.RolePolicy('policy', { role: 'ci', policy:
        pulumi.secret(JSON.stringify({ Statement: { Effect: 'Allow', Action: 'kms:importkeymaterial', Resource: 'arn:aws:kms:*:*:key/*' } })) });`,
      ['policy'],
    ],
    'NotAction leaves in the import': [
      key(
        policy(
          "{ Effect: 'Allow', Principal: { AWS: '*' }, NotAction: 'kms:Schedule*', Resource: '*' }",
        ),
      ),
      ['key'],
    ],
    'NotResource leaves in all keys but one': [
      `new Bare('aws:iam/policy:Policy', 'policy', { policy: ${policy(`[{ Effect: 'Allow', Action: 'kms:*', NotResource: [${KEY}] }]`)} });`,
      ['policy'],
    ],
    'the condition is one of IfExists': [
      key(
        statements(`{ ${IMPORT}, resources: ['*'], principals: [{ type: 'AWS', identifiers: ['*'] }],
          conditions: [{ test: 'ArnLikeIfExists', variable: 'aws:PrincipalArn', values: [${ROLE}] }] }`),
      ),
      ['key'],
    ],
    'the policy is known only in the update': [
      key(
        "later(JSON.stringify({ Statement: { Effect: 'Allow', Principal: '*', Action: 'kms:*', Resource: '*' } }))",
      ),
      ['key'],
    ],
    'an inline policy of a role is on key/?*': [
      `new aws.iam.Role('role', { assumeRolePolicy: '{}', inlinePolicies: [{ name: 'a', policy:
        ${policy("{ Effect: 'Allow', Action: ['kms:Import*'], Resource: ['arn:aws:kms:eu-west-1:111122223333:key/?*'] }")} }] });`,
      ['role'],
    ],
  },
};

const both = `
  const role = new aws.iam.Role('role', { name: 'ci', assumeRolePolicy: '{}' });`;
const imports = `{ Effect: 'Allow', Principal: { AWS: ${ROLE} }, Action: 'kms:ImportKeyMaterial', Resource: '*' }`;

export const separateImportersAndUsers: RuleShapes = {
  rule: 'byok-separate-importers-and-users',
  passes: {
    'getPolicyDocument names two roles': key(
      statements(`{ ${IMPORT}, resources: ['*'], principals: [{ type: 'AWS', identifiers: [${ROLE}] }] },
        { actions: ['kms:Decrypt'], resources: ['*'], principals: [{ type: 'AWS', identifiers: ['arn:aws:iam::111122223333:role/app'] }] }`),
    ),
    'a service uses the key': key(
      policy(
        `[${imports}, { Effect: 'Allow', Principal: { Service: 's3.amazonaws.com' }, Action: ['kms:Decrypt'], Resource: '*' }]`,
      ),
      inComponent,
    ),
    'a grant is for the application': `${key(policy(`[${imports}]`))}
      new aws.kms.Grant('grant', { keyId: key.id, operations: ['Decrypt'], granteePrincipal: 'arn:aws:iam::111122223333:role/app' });`,
    'the key is one that KMS fills': `${both}
      const key = new aws.kms.Key('key', {});
      new aws.iam.RolePolicy('policy', { role: role.id, policy: ${policy("{ Effect: 'Allow', Action: 'kms:*', Resource: '*' }")} });`,
  },
  fails: {
    'a statement is an object with kms:* in upper case': [
      key(
        policy(
          `{ Effect: 'Allow', Principal: { AWS: [${ROLE}] }, Action: 'KMS:*', Resource: '*' }`,
        ),
      ),
      ['key'],
    ],
    'a bare grant gives the use to the importer': [
      `${key(policy(`[${imports}]`), inComponent)}
       new Bare('aws:kms/grant:Grant', 'grant', { keyId: key.id, operations: ['Encrypt', 'Decrypt'], granteePrincipal: pulumi.output(${ROLE}) });`,
      ['grant'],
    ],
    'NotAction leaves both in': [
      `${both} const key = new aws.kms.ExternalKey('key', {}, quiet);
       new aws.iam.RolePolicy('policy', { role: role.name, policy: ${policy("[{ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }]")} });`,
      ['policy'],
    ],
    'a policy is attached to the role by a component': [
      `${both} const key = new aws.kms.ExternalKey('key', {}, quiet);
       const policy = new aws.iam.Policy('policy', { policy: ${policy("{ Effect: 'Allow', Action: ['kms:ImportKeyMaterial', 'kms:Sign'], Resource: pulumi.output('*') }")} });
       new aws.iam.RolePolicyAttachment('attached', { role: role.name, policyArn: policy.arn }, { parent: new Platform('p') });`,
      ['policy'],
    ],
    'the account is limited to a role by two operators': [
      key(
        policy(`[{ Effect: 'Allow', Principal: { AWS: '111122223333' }, Action: 'kms:*', Resource: '*',
        Condition: { Bool: { 'aws:SecureTransport': 'true' }, ArnEquals: { 'aws:PrincipalArn': ${ROLE} } } }]`),
      ),
      ['key'],
    ],
  },
};
