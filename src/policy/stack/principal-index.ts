import type { PolicyResource } from '@pulumi/policy';
import { exactly, overlap, shapeOf, type Pattern } from '../iam/pattern';
import { isGiven, knownValue, listOf, propertiesOf, textOf } from '../property';
import { IAM_ROLE } from '../resource-types';

/**
 * Identity of a principal: the URN of its resource. If it is not in this stack, its ARN, or its kind and name, such
 * as `role/ci`, whichever the program gives.
 */
export type PrincipalIdentity = string;

/** Returns whether a principal is not in this stack, and known by its name only. */
export function isName(principal: PrincipalIdentity): boolean {
  return /^(?:role|user|group)\//.test(principal);
}

/**
 * Returns an identity without the path of its ARN. Names are unique in an account, also under other paths (IAM User
 * Guide, reference_identifiers), and neither the ARN of a session nor an attachment has the path.
 */
export function withoutPath(principal: PrincipalIdentity): PrincipalIdentity {
  return principal.replace(/^(arn:[^:]*:iam::\d{12}:(?:role|user|group)\/).*\//, '$1');
}

/** Returns the kind and the name of a principal that is known by its name or its ARN, such as `role/ci`. */
export function kindAndName(principal: PrincipalIdentity): string {
  return withoutPath(principal).replace(/^arn:[^:]*:iam::\d{12}:/, '');
}

const KINDS: Readonly<Record<string, string>> = {
  [IAM_ROLE]: 'role',
  'aws:iam/user:User': 'user',
  'aws:iam/group:Group': 'group',
};
/** A property that names principals, and of which kind they are. */
type Naming = readonly [property: string, kind: string];

const NAMING: readonly Naming[] = Object.values(KINDS).flatMap((kind): Naming[] => [
  [kind, kind],
  [`${kind}s`, kind],
  [`${kind}Name`, kind],
]);
const ATTACHMENT = /^aws:iam\/(?:role|user|group)?policyAttachment(?:sExclusive)?:/i;
// Resources of the aws provider that put users into groups.
const MEMBERSHIPS: Readonly<Record<string, readonly [user: string, group: string]>> = {
  'aws:iam/userGroupMembership:UserGroupMembership': ['user', 'groups'],
  'aws:iam/groupMembership:GroupMembership': ['users', 'group'],
};
const POLICY = 'aws:iam/policy:Policy';
const SESSION = /^arn:([^:]*):sts::(\d{12}):assumed-role\/([^/]+)\//;

/** Finds the principals that a policy names or is attached to. */
export class PrincipalIndex {
  // Names are unique in an account only, so a name may be that of several resources.
  readonly #byName = new Map<string, PolicyResource[]>();
  readonly #byUrn = new Map<string, PolicyResource>();
  readonly #attachmentsByPolicy = new Map<string, PolicyResource[]>();
  readonly #policiesByArn = new Map<string, string[]>();
  readonly #foreign: (readonly [PolicyResource, readonly PrincipalIdentity[]])[] = [];
  readonly #usersOf = new Map<PrincipalIdentity, PrincipalIdentity[]>();

  constructor(resources: readonly PolicyResource[]) {
    for (const resource of resources) {
      const kind = KINDS[resource.type];
      if (kind !== undefined) {
        this.#byUrn.set(resource.urn, resource);
        const arn = arnOfResource(resource);
        const props = propertiesOf(resource);
        const names = [knownValue(() => textOf(props.name)), knownValue(() => textOf(props.id))];
        if (arn !== undefined) append(this.#byName, withoutPath(arn), resource);
        for (const name of new Set(names)) {
          if (name !== undefined) append(this.#byName, `${kind}/${name}`, resource);
        }
      } else if (resource.type === POLICY) {
        const arn = arnOfResource(resource);
        if (arn !== undefined) append(this.#policiesByArn, arn, resource.urn);
      }
    }
    for (const resource of resources) {
      if (ATTACHMENT.test(resource.type)) {
        this.#attach(resource, 'policyArn');
        this.#attach(resource, 'policyArns');
      } else if (resource.type === IAM_ROLE) this.#attach(resource, 'managedPolicyArns');
      else this.#addMembers(resource);
    }
  }

  /** Returns the principal with an ARN, once for each resource of it. A session of a role is the role. */
  identitiesOf(arn: string): readonly PrincipalIdentity[] {
    const [, partition = '', account = '', name] = SESSION.exec(arn) ?? [];
    if (name === undefined) return this.#urnsOf(withoutPath(arn)) ?? [arn];
    const role = `arn:${partition}:iam::${account}:role/${name}`;
    const roles = (this.#byName.get(`role/${name}`) ?? []).filter((resource) =>
      overlap(this.#arnPatternOf(resource), shapeOf(`arn:~:iam::${account}:*`)),
    );
    return [roles.length === 1 && roles[0] !== undefined ? roles[0].urn : role];
  }

  /** Returns the resource of a principal; undefined if it is not in this stack. */
  resourceOf(principal: PrincipalIdentity): PolicyResource | undefined {
    return this.#byUrn.get(principal);
  }

  /** Returns what the ARN of a principal can be, and whether it is known. */
  arnOf(principal: PrincipalIdentity): {
    readonly patterns: readonly Pattern[];
    readonly isKnown: boolean;
  } {
    const resource = this.resourceOf(principal);
    if (resource !== undefined) {
      const isKnown = arnOfResource(resource) !== undefined;
      return { patterns: [this.#arnPatternOf(resource)], isKnown };
    }
    if (principal.startsWith('arn:')) return { patterns: [exactly(principal)], isKnown: true };
    const [kind = '', name = ''] = principal.split('/');
    const paths = ['', '*/'].map((path) => shapeOf(`arn:~:iam::~:${kind}/${path}`));
    return { patterns: paths.map((path) => [...path, ...exactly(name)]), isKnown: false };
  }

  #arnPatternOf(resource: PolicyResource): Pattern {
    const arn = arnOfResource(resource);
    const name = knownValue(() => textOf(propertiesOf(resource).name)) ?? '';
    return arn === undefined
      ? [...shapeOf(`arn:~:iam::~:${String(KINDS[resource.type])}/*`), ...exactly(name)]
      : exactly(arn);
  }

  /** Returns the principals that have an IAM policy. Throws if a preview does not know them yet. */
  holdersOf(policy: PolicyResource): readonly PrincipalIdentity[] {
    const attachments = this.#attachmentsByPolicy.get(policy.urn) ?? [policy];
    return attachments
      .flatMap((attachment) => this.#principalsOf(attachment))
      .flatMap((holder) => [holder, ...(this.#usersOf.get(holder) ?? [])]);
  }

  /** Returns the attachments of policies that are not in this stack, and their principals. */
  foreignPolicies(): readonly (readonly [PolicyResource, readonly PrincipalIdentity[]])[] {
    return this.#foreign;
  }

  /** Returns the principals that the properties of a resource name, by the name of the property. */
  namedBy(resource: PolicyResource, naming: readonly Naming[] = NAMING): PrincipalIdentity[] {
    const props = propertiesOf(resource);
    return naming.flatMap(([property, kind]) => {
      const dependencies = (resource.propertyDependencies[property] ?? []).filter(
        ({ type }) => KINDS[type] !== undefined,
      );
      if (dependencies.length > 0) return dependencies.map(({ urn }) => urn);
      return listOf(props[property])
        .filter((name): name is string => typeof name === 'string')
        .flatMap((name) =>
          name.startsWith('arn:')
            ? this.identitiesOf(name)
            : (this.#urnsOf(`${kind}/${name}`) ?? [`${kind}/${name}`]),
        );
    });
  }

  #urnsOf(name: string): PrincipalIdentity[] | undefined {
    return this.#byName.get(name)?.map(({ urn }) => urn);
  }

  /** Returns the principals to which a resource attaches policies. Throws if a preview does not know them yet. */
  #principalsOf(attachment: PolicyResource): readonly PrincipalIdentity[] {
    return attachment.type === IAM_ROLE ? [attachment.urn] : this.namedBy(attachment);
  }

  #attach(attachment: PolicyResource, property: string): void {
    const dependencies = (attachment.propertyDependencies[property] ?? []).filter(
      ({ type }) => type === POLICY,
    );
    const props = propertiesOf(attachment);
    const arns =
      knownValue(() => listOf(props[property])) ?? (isGiven(props, property) ? [undefined] : []);
    const policies = new Set(dependencies.map(({ urn }) => urn));
    for (const index of arns.keys()) {
      const arn = knownValue(() => textOf(arns[index]));
      const urns = arn === undefined ? undefined : this.#policiesByArn.get(arn);
      if (urns !== undefined) for (const urn of urns) policies.add(urn);
      // A dependency explains an ARN that is unknown, but not one of a policy of AWS.
      else if (dependencies.length === 0 || arn?.includes(':iam::aws:policy/') === true) {
        this.#foreign.push([attachment, knownValue(() => this.#principalsOf(attachment)) ?? []]);
      }
    }
    for (const urn of policies) append(this.#attachmentsByPolicy, urn, attachment);
  }

  #addMembers(membership: PolicyResource): void {
    const [user, group] = MEMBERSHIPS[membership.type] ?? [];
    if (user === undefined || group === undefined) return;
    const users = knownValue(() => this.namedBy(membership, [[user, 'user']])) ?? [];
    const groups = knownValue(() => this.namedBy(membership, [[group, 'group']])) ?? [];
    for (const one of groups) for (const member of users) append(this.#usersOf, one, member);
  }
}

function arnOfResource(resource: PolicyResource): string | undefined {
  return knownValue(() => textOf(propertiesOf(resource).arn));
}

function append<Item>(lists: Map<string, Item[]>, key: string, item: Item): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}
