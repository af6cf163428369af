import type { PolicyResource } from '@pulumi/policy';
import { knownValue, listOf, memberOf, propertiesOf } from '../property';
import { allowsImport, allowsUse, isEveryKey } from '../permissions';
import { statementsOf, type Statement } from '../policy-document';
import { IAM_ROLE, KEY_POLICY_HOLDERS } from '../resource-types';
import type { PrincipalIdentity, PrincipalIndex } from './principal-index';
import { isExternalKey, type KeyIdentity, type KeyIndex } from './key-index';

/** The permissions on keys that a statement gives to one principal. */
export interface Grant {
  readonly principal: PrincipalIdentity;
  readonly imports: boolean;
  readonly uses: boolean;
  /** Identities of keys; `*` for all. */
  readonly keys: readonly string[];
  readonly holder: PolicyResource;
  /** The number of the statement in the policy of the holder. */
  readonly statement: number;
}

type Attached = readonly [policy: unknown, principals: readonly PrincipalIdentity[]];

/** The keys and principals that the grants of a stack refer to. */
export interface GrantContext {
  readonly keys: KeyIndex;
  readonly imported: ReadonlySet<KeyIdentity>;
  readonly principals: PrincipalIndex;
}

/**
 * Returns the permissions on keys that the policies in one resource grant. Ignores every `Deny`,
 * because it can be lifted without a change here. Throws if a preview does not know enough.
 */
export function grantsOf(holder: PolicyResource, context: GrantContext): Grant[] {
  if (KEY_POLICY_HOLDERS.includes(holder.type)) return keyPolicyGrants(holder, context);
  return identityPolicies(holder, context.principals).flatMap(([policy, principals]) =>
    statementsOf(policy)
      .filter((statement) => !statement.coversEverything)
      .flatMap((statement) =>
        grants(statement, holder, principals, () => keysOf(statement, context.keys)),
      ),
  );
}

function keyPolicyGrants(holder: PolicyResource, context: GrantContext): Grant[] {
  const key = keyOfPolicy(holder, context.keys);
  // Nobody imports into a key whose material KMS generated.
  if (key === undefined || !context.imported.has(key)) return [];
  return statementsOf(policyOfKey(holder)).flatMap((statement) =>
    grants(
      statement,
      holder,
      statement.principals.map((principal) => context.principals.identityOf(principal)),
      () => [key],
    ),
  );
}

// AWS KMS Developer Guide, key-policy-default: the policy of a key that is created without one. Any
// account ID does.
const KMS_DEFAULT = {
  Statement: { Effect: 'Allow', Principal: { AWS: '000000000000' }, Action: 'kms:*' },
};

// If the program sets no policy, the aws provider computes it, so it is unknown until the key exists.
// Every property that the program sets has an entry among the dependencies, even if it is empty.
function policyOfKey(holder: PolicyResource): unknown {
  const isGiven = Object.hasOwn(holder.propertyDependencies, 'policy');
  const read = (): unknown => propertiesOf(holder).policy;
  return isGiven ? read() : (knownValue(read) ?? KMS_DEFAULT);
}

function keyOfPolicy(holder: PolicyResource, keys: KeyIndex): KeyIdentity | undefined {
  if (isExternalKey(holder)) return holder.urn;
  const named = holder.propertyDependencies.keyId ?? [];
  if (named.length > 0 && !named.some(isExternalKey)) return undefined;
  if (!holder.type.endsWith(':KeyPolicy')) return undefined;
  return keys.identify(holder, 'keyId', () => propertiesOf(holder).keyId);
}

function identityPolicies(holder: PolicyResource, principals: PrincipalIndex): Attached[] {
  const props = propertiesOf(holder);
  if (holder.type === IAM_ROLE) {
    return listOf(props.inlinePolicies).map((inline) => [memberOf(inline, 'policy'), [holder.urn]]);
  }
  return [[props.policy, principals.holdersOf(holder)]];
}

function grants(
  statement: Statement,
  holder: PolicyResource,
  principals: readonly PrincipalIdentity[],
  keys: () => readonly string[],
): Grant[] {
  const imports = allowsImport(statement);
  const uses = allowsUse(statement);
  if (!imports && !uses) return [];
  const covered = keys();
  return principals.map((principal) => ({
    principal,
    imports,
    uses,
    keys: covered,
    holder,
    statement: statement.number,
  }));
}

function keysOf({ resources }: Statement, keys: KeyIndex): string[] {
  return resources.map((resource) =>
    isEveryKey(resource) || resource.includes('*') ? '*' : keys.identifyValue(resource),
  );
}
