import { importedKeyPolicy } from '../../src/domain/key-policy';
import { powersOf, USE_ACTIONS } from '../../src/policy/iam/actions';
import { statementsOf } from '../../src/policy/iam/document';
import { keyPolicyAccess, PERMISSION_NAMES } from '../../src/policy/iam/key-access';

const KEY_ARN = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const ROLE = 'arn:aws:iam::111122223333:role/app';

const allowing = (Action: string): string =>
  JSON.stringify({ Statement: [{ Effect: 'Allow', Principal: ROLE, Action, Resource: '*' }] });

/** The actions that users get on keys of all usages. */
function actionsOfUsers(): string[] {
  const usages = ['ENCRYPT_DECRYPT', 'GENERATE_VERIFY_MAC', 'KEY_AGREEMENT', 'SIGN_VERIFY'];
  return usages.flatMap((keyUsage) => {
    const policy = importedKeyPolicy({
      administrators: ['a'],
      importers: ['b'],
      users: [ROLE],
      keyUsage,
    });
    const { Statement } = JSON.parse(policy) as {
      Statement: { Sid: string; Action: string[] }[];
    };
    return Statement.filter(({ Sid }) => Sid === 'UseKey').flatMap(({ Action }) => Action);
  });
}

describe('when a statement allows one action', () => {
  it('to use a key is all that its users may do, but to look and to verify', () => {
    const others = ['kms:DescribeKey', 'kms:GetPublicKey', 'kms:Verify', 'kms:VerifyMac'];
    const uses = [...new Set(actionsOfUsers())].filter((action) => !others.includes(action));
    expect([...USE_ACTIONS].sort()).toEqual(uses.sort());
  });

  it.each([
    ['kms:ImportKeyMaterial', ['imports']],
    ['kms:DeleteImportedKeyMaterial', ['imports']],
    ['kms:Decrypt', ['uses']],
    ['kms:CreateGrant', ['grantsUse']],
    ['kms:PutKeyPolicy', ['grantsUse', 'grantsImport']],
    ['kms:DescribeKey', []],
  ])('%s gives the powers %j', (action, powers) => {
    const [statement] = statementsOf(allowing(action));
    const given = Object.entries(powersOf(statement!) ?? {}).filter(([, has]) => has as boolean);
    expect(given.map(([power]) => power)).toEqual(powers);
  });

  it.each([
    ['kms:ImportKeyMaterial', ['importMaterial']],
    ['kms:DeleteImportedKeyMaterial', ['deleteMaterial']],
    ['kms:RotateKeyOnDemand', ['rotate']],
    ['kms:Decrypt', ['useKey']],
    ['kms:ScheduleKeyDeletion', ['scheduleDeletion']],
    ['kms:CreateGrant', ['createGrants']],
    ['kms:PutKeyPolicy', ['changePolicy']],
    ['kms:DescribeKey', []],
  ])('the evidence of a key lists %s under %j', (action, permissions) => {
    const access = keyPolicyAccess(allowing(action), KEY_ARN)!;
    const listed = PERMISSION_NAMES.filter((name) => access[name].allowed.length > 0);
    expect(listed).toEqual(permissions);
  });
});
