import type { PolicyResource } from '@pulumi/policy';
import { nameOf, type ExportedResource } from '../adoption/stack-export';
import { withoutSecrets } from './exported-value';
import type { GivenExport } from './given-exports';

/** A resource of a stack export, as the policy rules read resources. */
export interface ShownResource {
  /** As a rule about one resource gets it: with its inputs. */
  readonly checked: Pick<PolicyResource, 'type' | 'name' | 'urn' | 'props' | 'opts' | 'provider'>;
  /** As a rule about a stack gets it: with its outputs. */
  readonly whole: PolicyResource;
}

/** Turns the resources of a stack into those that policy rules read. Secrets are like values that are unknown. */
export function shownResources({
  resources,
  recordsIgnoreChanges,
}: Pick<GivenExport, 'resources' | 'recordsIgnoreChanges'>): readonly ShownResource[] {
  const staying = resources.filter((resource) => resource.delete !== true);
  const shown = staying.map((resource) => show(resource, recordsIgnoreChanges));
  const byUrn = new Map(shown.map(({ whole }) => [whole.urn, whole]));
  staying.forEach((resource, index) => {
    const one = shown[index];
    if (one === undefined) return;
    for (const [property, urns] of Object.entries(resource.propertyDependencies ?? {})) {
      one.whole.propertyDependencies[property] = listed(urns).flatMap(
        (urn) => byUrn.get(urn) ?? [],
      );
    }
    one.whole.dependencies.push(
      ...listed(resource.dependencies).flatMap((urn) => byUrn.get(urn) ?? []),
    );
    const parent = byUrn.get(resource.parent ?? '');
    if (parent !== undefined) one.whole.parent = parent;
    // A reference is the URN and the ID of the provider.
    const provider = byUrn.get((resource.provider ?? '').split('::').slice(0, -1).join('::'));
    if (provider !== undefined) {
      const { type, name, urn, props } = provider;
      one.checked.provider = one.whole.provider = { type, name, urn, props };
    }
  });
  return shown;
}

function show(resource: ExportedResource, recordsIgnoreChanges: boolean): ShownResource {
  const { type, urn, protect, inputs, outputs } = resource;
  const opts: PolicyResource['opts'] = {
    protect: protect === true,
    ignoreChanges: [],
    aliases: [],
    additionalSecretOutputs: [],
    customTimeouts: { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 },
  };
  const { ignoreChanges } = resource;
  Object.defineProperty(opts, 'ignoreChanges', {
    enumerable: true,
    get: () => {
      if (Array.isArray(ignoreChanges)) return listed(ignoreChanges);
      if (recordsIgnoreChanges) return [];
      throw new Error('the stack export does not have the option ignoreChanges');
    },
  });
  const name = nameOf(urn);
  return {
    checked: { type, urn, name, opts, props: withoutSecrets(inputs ?? {}) },
    whole: {
      type,
      urn,
      name,
      opts,
      props: withoutSecrets({ ...inputs, ...outputs }),
      dependencies: [],
      propertyDependencies: {},
      isType: () => false,
      asType: () => undefined,
    },
  };
}

function listed(urns: unknown): readonly string[] {
  return Array.isArray(urns) ? urns.filter((urn) => typeof urn === 'string') : [];
}
