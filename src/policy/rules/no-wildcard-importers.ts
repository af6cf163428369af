import { z } from 'zod';
import { listOf, memberOf } from '../property';
import { allowsImport, isEveryKey } from '../permissions';
import { statementsOf, type Statement } from '../policy-document';
import { IAM_POLICY_HOLDERS, IAM_ROLE, KEY_POLICY_HOLDERS } from '../resource-types';
import { resourceRule } from '../rule';

interface Accepted {
  readonly principalConditions: readonly string[];
  readonly keyConditions: readonly string[];
  readonly administrators: boolean;
}

/** Refuses permission to replace or destroy material for everybody, or on every key. */
export const noWildcardImporters = resourceRule({
  id: 'byok-no-wildcard-importers',
  sentence: 'Only named principals may import or delete key material, and only of named keys.',
  why: 'A principal that may call ImportKeyMaterial and DeleteImportedKeyMaterial can put a key out of use at once. A key policy for everybody also admits other accounts.',
  fix: 'Name the principals in the key policy. In an IAM policy, name the keys, or restrict the statement by a tag or an alias of the key.',
  severity: 'critical',
  tags: ['permissions'],
  types: [...KEY_POLICY_HOLDERS, ...IAM_POLICY_HOLDERS, IAM_ROLE],
  settings: z.object({
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
  }),
  *check({ type, props }, settings) {
    if (KEY_POLICY_HOLDERS.includes(type)) {
      for (const statement of statementsOf(props.policy)) {
        if (isOpenToEverybody(statement, settings)) {
          yield `Statement ${statement.number} of the key policy lets everybody import or delete material: name the principals.`;
        }
      }
      return;
    }
    const policies: readonly unknown[] =
      type === IAM_ROLE
        ? listOf(props.inlinePolicies).map((inline) => memberOf(inline, 'policy'))
        : [props.policy];
    for (const statement of policies.flatMap(statementsOf)) {
      if (isOnEveryKey(statement, settings)) {
        yield `Statement ${statement.number} of the policy allows importing or deleting the material of every key: name the keys, or restrict it by a condition.`;
      }
    }
  },
});

function isOpenToEverybody(statement: Statement, { principalConditions }: Accepted): boolean {
  return (
    allowsImport(statement) &&
    statement.principals.includes('*') &&
    !isRestricted(statement, principalConditions)
  );
}

function isOnEveryKey(statement: Statement, { keyConditions, administrators }: Accepted): boolean {
  return (
    allowsImport(statement) &&
    !(administrators && statement.coversEverything) &&
    statement.resources.some(isEveryKey) &&
    !isRestricted(statement, keyConditions)
  );
}

function isRestricted({ conditions }: Statement, accepted: readonly string[]): boolean {
  return accepted.some((name) => {
    const wanted = name.toLowerCase();
    return conditions.some((condition) =>
      wanted.endsWith('*') ? condition.startsWith(wanted.slice(0, -1)) : condition === wanted,
    );
  });
}
