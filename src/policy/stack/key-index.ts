import type { PolicyResource } from '@pulumi/policy';
import { exactly, shapeOf, type Pattern } from '../iam/pattern';
import { knownValue, memberOf, propertiesOf, textOf } from '../property';
import { isType } from '../../domain/type-tokens';
import { EXTERNAL_KEYS } from '../resource-types';

// Not as strict as KMS: the tests of a program that run it with mocks make up IDs and accounts.
const KEY_ARN = /^arn:[^:]*:kms:([^:]*):[^:]*:key\/(.+)$/;

/** Identity of a key: the URN of its resource, or its ID if the key is not in this stack. */
export type KeyIdentity = string;

/**
 * Finds the key that a property refers to. In a preview, the ID of a new key is not known yet, so the
 * dependencies of the property identify it. An ID that the program spells out identifies it by value.
 */
export class KeyIndex {
  /** The keys of this stack whose material is imported. */
  readonly keys: readonly PolicyResource[];
  /** The material that this stack imports. */
  readonly materials: readonly PolicyResource[];
  readonly #byId = new Map<string, PolicyResource[]>();
  readonly #byUrn: ReadonlyMap<string, PolicyResource>;

  constructor(resources: readonly PolicyResource[]) {
    this.keys = resources.filter(isExternalKey);
    this.materials = resources.filter(({ type }) => isType(type, 'ImportedKeyMaterial'));
    this.#byUrn = new Map(this.keys.map((key) => [key.urn, key]));
    for (const key of this.keys) {
      const id = idOf(key);
      if (id === undefined) continue;
      const same = this.#byId.get(id);
      if (same === undefined) this.#byId.set(id, [key]);
      else same.push(key);
    }
  }

  /** Returns the key that a material is imported into. Throws if a preview does not know it yet. */
  keyOfMaterial(material: PolicyResource): KeyIdentity {
    return this.identify(
      material,
      'keyId',
      () => propertiesOf(material).keyId,
      () => regionOfMaterial(material),
    );
  }

  /** Returns every key whose material is imported, as far as a preview knows. */
  imported(): ReadonlySet<KeyIdentity> {
    const ofMaterials = this.materials.map((material) =>
      knownValue(() => this.keyOfMaterial(material)),
    );
    return new Set(
      [...this.keys.map(({ urn }) => urn), ...ofMaterials].filter((key) => key !== undefined),
    );
  }

  /** Returns the resource of a key; undefined if the key is not in this stack. */
  resourceOf(key: KeyIdentity): PolicyResource | undefined {
    return this.#byUrn.get(key);
  }

  /** Returns the ARN of a key, or what is known of it. */
  arnOf(key: KeyIdentity): { readonly pattern: Pattern; readonly arn: string | undefined } {
    const resource = this.resourceOf(key);
    if (resource === undefined) return { pattern: shapeOf(`arn:~:kms:~:~:${key}`), arn: undefined };
    const arn = knownValue(() => textOf(propertiesOf(resource).arn));
    const region = regionOf(resource) ?? '~';
    return {
      pattern: arn === undefined ? shapeOf(`arn:~:kms:${region}:~:key/~`) : exactly(arn),
      arn,
    };
  }

  /**
   * Returns the key that a property refers to. Throws if a preview does not know it yet.
   *
   * @param property - name of the top-level property; the engine knows its dependencies
   * @param read - reads the ID or the ARN
   */
  identify(
    resource: PolicyResource,
    property: string,
    read: () => unknown,
    region: () => string | undefined = () => regionOf(resource),
  ): KeyIdentity {
    const dependencies = keysAmong(resource.propertyDependencies[property]);
    const [only] = dependencies;
    if (only !== undefined && dependencies.length === 1) return only.urn;
    return this.identifyValue(textOf(read()) ?? '', region());
  }

  /** Returns the key with an ID or an ARN. */
  identifyValue(idOrArn: string, region?: string): KeyIdentity {
    const [, arnRegion, arnId] = KEY_ARN.exec(idOrArn) ?? [];
    const id = arnId ?? idOrArn;
    const [found, second] = this.#inRegion(this.#byId.get(id) ?? [], arnRegion ?? region);
    // Replicas share an ID, so it identifies none of them without a Region.
    return found !== undefined && second === undefined ? found.urn : `key/${id}`;
  }

  #inRegion(keys: readonly PolicyResource[], region: string | undefined): PolicyResource[] {
    return keys.filter((key) => {
      const own = regionOf(key);
      // Without a Region, a key matches only if it is the only one.
      return own === region || (keys.length === 1 && (own === undefined || region === undefined));
    });
  }
}

/** Returns whether a resource is a key of the aws provider whose material is imported. */
export function isExternalKey({ type }: PolicyResource): boolean {
  return EXTERNAL_KEYS.includes(type);
}

/** Returns the Region of a resource of the aws provider, if it is known. */
export function regionOf(resource: PolicyResource): string | undefined {
  const props = propertiesOf(resource);
  return (
    regionOfArn(knownValue(() => textOf(props.arn)) ?? '') ??
    knownValue(() => textOf(props.region)) ??
    knownValue(() => textOf((resource.provider?.props as Props | undefined)?.region))
  );
}

type Props = Readonly<Record<string, unknown>>;

function regionOfArn(arn: string): string | undefined {
  return /^arn:[^:]*:[^:]*:([^:]+):/.exec(arn)?.[1];
}

/** Returns the Region of the key that a material is imported into, if it is known. */
export function regionOfMaterial(material: PolicyResource): string | undefined {
  const props = propertiesOf(material);
  return (
    regionOfArn(knownValue(() => textOf(props.keyArn)) ?? '') ??
    regionOfArn(knownValue(() => textOf(props.keyId)) ?? '') ??
    knownValue(() => textOf(memberOf(props.connection, 'region')))
  );
}

function idOf(key: PolicyResource): string | undefined {
  const props = propertiesOf(key);
  const [, , id] = KEY_ARN.exec(knownValue(() => textOf(props.arn)) ?? '') ?? [];
  return id ?? knownValue(() => textOf(props.keyId)) ?? knownValue(() => textOf(props.id));
}

function keysAmong(dependencies: readonly PolicyResource[] | undefined): PolicyResource[] {
  return [...new Set(dependencies?.filter(isExternalKey) ?? [])];
}
