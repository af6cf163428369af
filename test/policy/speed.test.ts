import { PolicyProcess, type ShownResource } from '../support/policy-process';
import { ALL_MANDATORY } from './preset-config';
import { alarm, document, externalKey, material } from './shown';

let pack: PolicyProcess;

beforeAll(async () => {
  pack = await PolicyProcess.start();
  await pack.configure(ALL_MANDATORY);
});

afterAll(async () => {
  await pack.stop();
});

const ACCOUNT = 'arn:aws:iam::111122223333';
const PER_KEY = 8;

/** Keys with everything that the rules about the stack compare: material, alarm, policies and grants. */
function stackOf(count: number): ShownResource[] {
  return Array.from({ length: count / PER_KEY }, (_, index) => {
    const id = `${String(index).padStart(8, '0')}-12ab-34cd-56ef-1234567890ab`;
    const arn = `arn:aws:kms:eu-west-1:111122223333:key/${id}`;
    const role = `app-${index}`;
    const named = (name: string) => ({ name: `${name}-${index}`, dependsOn: {} });
    const of = (type: string, name: string, props: object): ShownResource => ({
      ...named(name),
      type,
      props: props as Record<string, unknown>,
    });
    const root = { Principal: { AWS: `${ACCOUNT}:root` }, Resource: '*' };
    return [
      externalKey(
        {
          arn,
          id,
          policy: document(
            {
              ...root,
              Action: 'kms:ImportKeyMaterial',
              Condition: { ArnLike: { 'aws:PrincipalArn': `${ACCOUNT}:role/import-*` } },
            },
            {
              Principal: { AWS: `${ACCOUNT}:role/${role}` },
              Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
              Resource: '*',
            },
          ),
        },
        named('key'),
      ),
      material({ keyId: arn }, named('material')),
      alarm({ dimensions: { KeyId: id } }, named('alarm')),
      of('aws:iam/role:Role', 'role', { name: role, arn: `${ACCOUNT}:role/${role}` }),
      of('aws:iam/rolePolicy:RolePolicy', 'inline', {
        role,
        policy: document({ Action: 'kms:Decrypt', Resource: 'arn:aws:kms:*:*:key/*' }),
      }),
      of('aws:iam/policy:Policy', 'policy', {
        arn: `${ACCOUNT}:policy/${role}`,
        policy: document({ Action: 'kms:Sign', Resource: arn }),
      }),
      of('aws:iam/rolePolicyAttachment:RolePolicyAttachment', 'attachment', {
        role,
        policyArn: `${ACCOUNT}:policy/${role}`,
      }),
      of('aws:kms/grant:Grant', 'grant', {
        keyId: arn,
        granteePrincipal: `${ACCOUNT}:role/${role}`,
        operations: ['Decrypt'],
      }),
    ];
  }).flat();
}

/** The processor time of a review of the stack, the best of three. */
async function timeOf(stack: readonly ShownResource[]): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    const start = pack.cpuTime() ?? performance.now();
    expect(await pack.analyzeStack(stack)).toEqual([]);
    times.push((pack.cpuTime() ?? performance.now()) - start);
  }
  return Math.min(...times);
}

describe('when a stack has 4,000 resources', () => {
  it('the rules about the stack take the time of a stack of 1,000 four times, and not sixteen times', async () => {
    await timeOf(stackOf(160));
    const small = await timeOf(stackOf(1000));
    const large = await timeOf(stackOf(4000));
    expect(large).toBeLessThan(8 * Math.max(small, 50));
  }, 120_000);
});
