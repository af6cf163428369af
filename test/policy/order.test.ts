import fc from 'fast-check';
import { PolicyProcess, type ShownResource } from '../support/policy-process';
import { CASES } from './cases';
import { ALL_MANDATORY } from './preset-config';
import { document, externalKey, UNKNOWN } from './shown';

let pack: PolicyProcess;

beforeAll(async () => {
  pack = await PolicyProcess.start();
});

afterAll(async () => {
  await pack.stop();
});

/** Stacks of all rule cases. */
const STACKS: readonly (readonly ShownResource[])[] = CASES.flatMap((cases) => [
  ...Object.values(cases.violates).map(([stack]) => stack),
  ...Object.values(cases.passes),
  ...Object.values(cases.undecided),
  ...Object.values(cases.remarks ?? {}).map(([stack]) => stack),
]);

/** Renames the resources of a stack, so that it can be merged with others. */
function renamed(stack: readonly ShownResource[], prefix: string): ShownResource[] {
  const to = (name: string): string => `${prefix}-${name}`;
  return stack.map((resource) => ({
    ...resource,
    name: to(resource.name),
    dependsOn: Object.fromEntries(
      Object.entries(resource.dependsOn ?? {}).map(([property, names]) => [
        property,
        names.map(to),
      ]),
    ),
  }));
}

const NAMES = ['app', 'app-eu', 'importer'];
const arnOf = (name: string): string => `arn:aws:iam::111122223333:role/${name}`;
const principal = fc.constantFrom('*', ...NAMES.map(arnOf), arnOf('app*'));
const action = fc.constantFrom(
  'kms:*',
  'kms:ImportKeyMaterial',
  'kms:Decrypt',
  'kms:CreateGrant',
  'kms:PutKeyPolicy',
);

/** Keys, roles and policies in which every permission meets every other. */
const permissions = fc
  .array(
    fc.oneof(
      fc.tuple(principal, action).map(([AWS, Action]) => ({
        ...externalKey({
          policy: document({
            Principal: AWS.endsWith('*') ? '*' : { AWS },
            ...(AWS.length > 1 ? { Condition: { ArnLike: { 'aws:PrincipalArn': AWS } } } : {}),
            Action,
            Resource: '*',
          }),
        }),
      })),
      fc.tuple(fc.constantFrom(...NAMES), action).map(([role, Action]): ShownResource => ({
        type: 'aws:iam/rolePolicy:RolePolicy',
        name: 'policy',
        props: { role, policy: document({ Action, Resource: '*' }) },
      })),
      fc.constantFrom(...NAMES).map((name): ShownResource => ({
        type: 'aws:iam/role:Role',
        name: 'role',
        props: { name, arn: UNKNOWN },
      })),
    ),
    { maxLength: 6 },
  )
  .map((resources) =>
    resources.map((resource, index) => ({ ...resource, name: `${resource.name}-${index}` })),
  );

const stacks = fc
  .tuple(fc.array(fc.constantFrom(...STACKS), { maxLength: 4 }), permissions)
  .map(([several, own]) => [
    ...own,
    ...several.flatMap((stack, index) => renamed(stack, String(index))),
  ]);

/** A stack in two orders, and the names of a few of its resources. */
const orders = stacks.chain((stack) =>
  fc.record({
    stack: fc.constant(stack),
    shuffled: fc.shuffledSubarray(stack, { minLength: stack.length }),
    except: fc.subarray(stack.map(({ name }) => name)),
  }),
);

/** Two resources of one role, as by an import, and one of them has a policy of AWS. */
const twice: ShownResource[] = [
  externalKey({
    policy: document({
      Principal: { AWS: arnOf('app') },
      Action: 'kms:ImportKeyMaterial',
      Resource: '*',
    }),
  }),
  ...['one', 'other'].map((name): ShownResource => ({
    type: 'aws:iam/role:Role',
    name,
    props: { name: 'app', arn: arnOf('app') },
  })),
  {
    type: 'aws:iam/rolePolicyAttachment:RolePolicyAttachment',
    name: 'attachment',
    props: { role: UNKNOWN, policyArn: 'arn:aws:iam::aws:policy/PowerUserAccess' },
    dependsOn: { role: ['other'], policyArn: [] },
  },
];

async function said(stack: readonly ShownResource[]): Promise<string[]> {
  const found = await pack.analyzeStack(stack);
  return found
    .map(({ policy, level, resource, message }) => [policy, level, resource, message].join(' '))
    .sort();
}

describe('when the resources of a stack come in another order', () => {
  it('every rule says the same', async () => {
    await fc.assert(
      fc.asyncProperty(orders, async ({ stack, shuffled, except }) => {
        await pack.configure(
          Object.fromEntries(
            Object.entries(ALL_MANDATORY).map(([id, settings]) => [id, { ...settings, except }]),
          ),
        );
        expect(await said(shuffled)).toEqual(await said(stack));
      }),
      {
        numRuns: 200,
        examples: [[{ stack: twice, shuffled: twice.toReversed(), except: [] }]],
      },
    );
  });
});
