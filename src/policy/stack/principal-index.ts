import type { PolicyResource } from '@pulumi/policy';
import { knownValue, listOf, propertiesOf, textOf } from '../property';
import { IAM_ROLE } from '../resource-types';

/** Identity of a principal: the URN of its resource, or its ARN if it is not in this stack. */
export type PrincipalIdentity = string;

const PRINCIPALS: readonly string[] = [IAM_ROLE, 'aws:iam/user:User', 'aws:iam/group:Group'];
// The properties of policies and attachments that name their principals.
const HOLDERS = ['role', 'roles', 'user', 'users', 'group', 'groups'];
const ATTACHMENT = /^aws:iam\/(?:role|user|group)?policyAttachment:/i;

/** Finds the principals that a policy names or is attached to. */
export class PrincipalIndex {
  readonly #byName = new Map<string, PolicyResource>();
  readonly #holdersByPolicy = new Map<string, PrincipalIdentity[]>();
  readonly #policiesByArn = new Map<string, string>();

  constructor(resources: readonly PolicyResource[]) {
    for (const resource of resources) {
      const props = propertiesOf(resource);
      if (PRINCIPALS.includes(resource.type)) {
        for (const name of [
          knownValue(() => textOf(props.arn)),
          knownValue(() => textOf(props.name)),
          knownValue(() => textOf(props.id)),
        ]) {
          if (name !== undefined) this.#byName.set(name, resource);
        }
      } else if (resource.type === 'aws:iam/policy:Policy') {
        const arn = knownValue(() => textOf(props.arn));
        if (arn !== undefined) this.#policiesByArn.set(arn, resource.urn);
      }
    }
    for (const resource of resources) {
      if (ATTACHMENT.test(resource.type)) this.#attach(resource);
    }
  }

  /** Returns the principal with an ARN or a name. */
  identityOf(arnOrName: string): PrincipalIdentity {
    return this.#byName.get(arnOrName)?.urn ?? arnOrName;
  }

  /** Returns the principals that have an IAM policy. Throws if a preview does not know them yet. */
  holdersOf(policy: PolicyResource): readonly PrincipalIdentity[] {
    return this.#holdersByPolicy.get(policy.urn) ?? this.#namedBy(policy);
  }

  #attach(attachment: PolicyResource): void {
    const [dependency] = attachment.propertyDependencies.policyArn ?? [];
    const arn = knownValue(() => textOf(propertiesOf(attachment).policyArn));
    const policy = dependency?.urn ?? this.#policiesByArn.get(arn ?? '');
    const holders = knownValue(() => this.#namedBy(attachment)) ?? [];
    if (policy === undefined) return;
    const before = this.#holdersByPolicy.get(policy);
    if (before === undefined) this.#holdersByPolicy.set(policy, [...holders]);
    else before.push(...holders);
  }

  #namedBy(resource: PolicyResource): PrincipalIdentity[] {
    const props = propertiesOf(resource);
    return HOLDERS.flatMap((property) => {
      const dependencies = (resource.propertyDependencies[property] ?? []).filter(({ type }) =>
        PRINCIPALS.includes(type),
      );
      if (dependencies.length > 0) return dependencies.map(({ urn }) => urn);
      return listOf(props[property])
        .filter((name): name is string => typeof name === 'string')
        .map((name) => this.identityOf(name));
    });
  }
}
