import type { PolicyResource } from '@pulumi/policy';
import { powersOf, powersOfGrant, type Powers } from '../iam/actions';
import { statementsOf, type Statement } from '../iam/document';
import { coversKey, isRestricting, PRINCIPAL_ARN } from '../iam/openness';
import { isPattern } from '../iam/pattern';
import { knownValue, listOf, memberOf, propertiesOf } from '../property';
import { IAM_ROLE, KEY_GRANT, KEY_POLICY, KEY_POLICY_HOLDERS } from '../resource-types';
import { isExternalKey, type KeyIdentity, type KeyIndex } from './key-index';
import type { PrincipalIdentity, PrincipalIndex } from './principal-index';

/** To whom a policy gives permissions. */
export type Grantee =
  | { readonly kind: 'one'; readonly identity: PrincipalIdentity }
  /** All whose ARN a pattern matches. */
  | { readonly kind: 'many'; readonly pattern: string }
  /** Some that a condition chooses, on something that no resource of a stack shows. */
  | { readonly kind: 'some' };

/** For which keys a policy gives permissions. */
export type KeyScope =
  | { readonly kind: 'one'; readonly key: KeyIdentity }
  | ({ readonly kind: 'many' } & Pick<Statement, 'resources' | 'exceptResources'>);

/** The permissions on keys that a part of a policy, or a grant, gives. */
export interface Grant {
  readonly grantee: Grantee;
  readonly powers: Powers;
  readonly keys: KeyScope;
  readonly holder: PolicyResource;
  /** The number of the statement in the policy of the holder; undefined for a grant. */
  readonly statement: number | undefined;
}

/** The keys and principals that the grants of a stack refer to. */
export interface GrantContext {
  readonly keys: KeyIndex;
  readonly imported: ReadonlySet<KeyIdentity>;
  readonly principals: PrincipalIndex;
}

/**
 * Returns the permissions on keys with imported material that one resource gives. Ignores every
 * `Deny`, because it can be lifted without a change here. Throws if a preview does not know enough.
 */
export function grantsOf(holder: PolicyResource, context: GrantContext): Grant[] {
  if (holder.type === KEY_GRANT) return ofGrant(holder, context);
  if (KEY_POLICY_HOLDERS.includes(holder.type)) return ofKeyPolicy(holder, context);
  return identityPolicies(holder).flatMap((policy) =>
    statementsOf(policy)
      .filter((statement) => !statement.coversEverything)
      .flatMap((statement) =>
        grants(
          statement,
          holder,
          () => holdersOf(holder, context.principals),
          () => scopesOf(statement, context.keys),
        ),
      ),
  );
}

function ofGrant(holder: PolicyResource, { keys, imported, principals }: GrantContext): Grant[] {
  const key = keyOf(holder, keys);
  if (key === undefined || !imported.has(key)) return [];
  const props = propertiesOf(holder);
  const powers = powersOfGrant(listOf(props.operations).map(String));
  if (powers === undefined) return [];
  return principals.namedBy(holder, [['granteePrincipal', 'role']]).map((identity) => ({
    grantee: { kind: 'one', identity },
    powers,
    keys: { kind: 'one', key },
    holder,
    statement: undefined,
  }));
}

function ofKeyPolicy(holder: PolicyResource, context: GrantContext): Grant[] {
  const key = keyOf(holder, context.keys);
  // Nobody imports into a key whose material KMS generated.
  if (key === undefined || !context.imported.has(key)) return [];
  const { pattern, arn } = context.keys.arnOf(key);
  return statementsOf(policyOfKey(holder))
    .filter((statement) => coversKey(statement, pattern, arn))
    .flatMap((statement) =>
      grants(
        statement,
        holder,
        () => granteesOf(statement, context.principals),
        () => [{ kind: 'one', key }],
      ),
    );
}

// AWS KMS Developer Guide, key-policy-default: the policy of a key that is created without one. Any
// account ID does.
const KMS_DEFAULT = {
  Statement: {
    Effect: 'Allow',
    Principal: { AWS: '000000000000' },
    Action: 'kms:*',
    Resource: '*',
  },
};

// If the program sets no policy, the aws provider computes it, so it is unknown until the key exists.
// Every property that the program sets has an entry among the dependencies, even if it is empty.
function policyOfKey(holder: PolicyResource): unknown {
  const isGiven = Object.hasOwn(holder.propertyDependencies, 'policy');
  const read = (): unknown => propertiesOf(holder).policy;
  return isGiven ? read() : (knownValue(read) ?? KMS_DEFAULT);
}

function keyOf(holder: PolicyResource, keys: KeyIndex): KeyIdentity | undefined {
  if (isExternalKey(holder)) return holder.urn;
  const named = holder.propertyDependencies.keyId ?? [];
  if (named.length > 0 && !named.some(isExternalKey)) return undefined;
  if (holder.type !== KEY_POLICY && holder.type !== KEY_GRANT) return undefined;
  return keys.identify(holder, 'keyId', () => propertiesOf(holder).keyId);
}

function identityPolicies({ type, props }: PolicyResource): readonly unknown[] {
  return type === IAM_ROLE
    ? listOf(props.inlinePolicies).map((inline) => memberOf(inline, 'policy'))
    : [props.policy as unknown];
}

function holdersOf(holder: PolicyResource, principals: PrincipalIndex): Grantee[] {
  const identities = holder.type === IAM_ROLE ? [holder.urn] : principals.holdersOf(holder);
  return identities.map((identity) => ({ kind: 'one', identity }));
}

function grants(
  statement: Statement,
  holder: PolicyResource,
  readGrantees: () => readonly Grantee[],
  scopes: () => readonly KeyScope[],
): Grant[] {
  const powers = powersOf(statement);
  if (powers === undefined) return [];
  const grantees = readGrantees();
  return scopes().flatMap((keys) =>
    grantees.map((grantee) => ({ grantee, powers, keys, holder, statement: statement.number })),
  );
}

function scopesOf({ resources, exceptResources }: Statement, keys: KeyIndex): KeyScope[] {
  const patterns = resources.filter(isPattern);
  return [
    ...resources
      .filter((resource) => !isPattern(resource))
      .map((resource): KeyScope => ({ kind: 'one', key: keys.identifyValue(resource) })),
    ...(patterns.length === 0
      ? []
      : [{ kind: 'many' as const, resources: patterns, exceptResources }]),
  ];
}

const ACCOUNT = /^(?:\d{12}|arn:[^:]*:iam::\d{12}:root)$/;

/** Returns whether a principal is an account, which only lets the IAM policies of the account decide. */
export function isAccount(principal: PrincipalIdentity): boolean {
  return ACCOUNT.test(principal);
}

// Attributes of principals, other than their ARN, that a condition can choose them by.
const CHOOSING = /^(?:aws:principal|aws:userid$|aws:username$)/;

function granteesOf(statement: Statement, principals: PrincipalIndex): Grantee[] {
  const conditions = statement.conditions.filter(({ operator }) => isRestricting(operator));
  const byArn = conditions.find(({ key }) => key === PRINCIPAL_ARN);
  return statement.principals.flatMap((principal): Grantee[] => {
    const isOne = !isAccount(principal) && !isPattern(principal);
    if (isOne) return granteesAt(principal, principals);
    if (byArn !== undefined) return byArn.values.flatMap((value) => granteesAt(value, principals));
    const isChosen = isAccount(principal)
      ? conditions.some(({ key }) => CHOOSING.test(key))
      : statement.conditions.length > 0;
    return isChosen ? [{ kind: 'some' }] : granteesAt(principal, principals);
  });
}

function granteesAt(arn: string, principals: PrincipalIndex): Grantee[] {
  return isAccount(arn) || !isPattern(arn)
    ? principals.identitiesOf(arn).map((identity) => ({ kind: 'one', identity }))
    : [{ kind: 'many', pattern: arn }];
}
