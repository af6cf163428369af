import * as z from 'zod';
import { allowsImport } from '../iam/actions';
import { statementsOf, type Statement } from '../iam/document';
import { ANY_KEY, coversKey, coversUnnamedKeys, isOpenPrincipal, restricts } from '../iam/openness';
import { listOf, memberOf } from '../property';
import { IAM_POLICY_HOLDERS, IAM_ROLE, KEY_POLICY_HOLDERS } from '../resource-types';
import { resourceRule } from '../rule';

interface Accepted {
  readonly principalConditions: readonly string[];
  readonly keyConditions: readonly string[];
  readonly administrators: boolean;
}

/** Refuses permission to replace or destroy material for principals or on keys that nobody named. */
export const noWildcardImporters = resourceRule({
  id: 'byok-no-wildcard-importers',
  sentence: 'Only named principals may import or delete key material, and only of named keys.',
  why: 'A principal that may call ImportKeyMaterial and DeleteImportedKeyMaterial can put a key out of use at once. A key policy for everybody also admits other accounts.',
  fix: 'Name the principals in the key policy. In an IAM policy, name the keys, or restrict the statement by a tag or an alias of the key. A pattern names a principal if it spells out the account and a part of the name, and a key if it spells out the whole ID.',
  severity: 'critical',
  tags: ['permissions'],
  types: [...KEY_POLICY_HOLDERS, ...IAM_POLICY_HOLDERS, IAM_ROLE],
  settings: {
    principalConditions: z
      .array(z.string())
      .default(['aws:PrincipalArn'])
      .describe('Condition keys that make a wildcard principal in a key policy acceptable.'),
    keyConditions: z
      .array(z.string())
      .default(['aws:ResourceTag/*', 'kms:ResourceAliases', 'kms:RequestAlias'])
      .describe('Condition keys that make a wildcard resource in an IAM policy acceptable.'),
    administrators: z
      .boolean()
      .default(true)
      .describe('Whether an IAM policy may allow every action of every service (Action: "*").'),
  },
  *check({ type, props }, settings) {
    if (KEY_POLICY_HOLDERS.includes(type)) {
      for (const statement of statementsOf(props.policy)) {
        if (isOpenToOthers(statement, settings)) {
          yield `Statement ${statement.number} of the key policy lets principals that it does not name import or delete material: name them, with their account.`;
        }
      }
      return;
    }
    const policies: readonly unknown[] =
      type === IAM_ROLE
        ? listOf(props.inlinePolicies).map((inline) => memberOf(inline, 'policy'))
        : [props.policy];
    for (const statement of policies.flatMap(statementsOf)) {
      if (isOnUnnamedKeys(statement, settings)) {
        yield `Statement ${statement.number} of the policy allows importing or deleting the material of keys that it does not name: spell out their IDs, or restrict it by a condition.`;
      }
    }
  },
});

function isOpenToOthers(statement: Statement, { principalConditions }: Accepted): boolean {
  return (
    allowsImport(statement) &&
    statement.principals.some(isOpenPrincipal) &&
    // In a key policy, a statement about anything but a key has no effect.
    coversKey(statement, ANY_KEY) &&
    !isRestricted(statement, principalConditions)
  );
}

function isOnUnnamedKeys(
  statement: Statement,
  { keyConditions, administrators }: Accepted,
): boolean {
  return (
    allowsImport(statement) &&
    !(administrators && statement.coversEverything) &&
    coversUnnamedKeys(statement) &&
    !isRestricted(statement, keyConditions)
  );
}

function isRestricted({ conditions }: Statement, accepted: readonly string[]): boolean {
  return conditions.some(
    (condition) => restricts(condition) && accepted.some((name) => isNamed(condition.key, name)),
  );
}

function isNamed(key: string, name: string): boolean {
  const wanted = name.toLowerCase();
  return wanted.endsWith('*') ? key.startsWith(wanted.slice(0, -1)) : key === wanted;
}
