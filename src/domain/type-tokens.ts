// State contains the type token of every resource, so these never change.

/** The type tokens of one resource: as a dynamic resource, and as one of the native plugin. */
interface TypeTokens {
  readonly dynamic: string;
  readonly native: string;
}

/** The type tokens of every resource, by the name of its class. */
export const TYPE_TOKENS = {
  ImportedKeyMaterial: {
    dynamic: 'pulumi-nodejs:dynamic/kms-byok:ImportedKeyMaterial',
    native: 'kms-byok:index:ImportedKeyMaterial',
  },
  OnDemandRotation: {
    dynamic: 'pulumi-nodejs:dynamic/kms-byok:OnDemandRotation',
    native: 'kms-byok:index:OnDemandRotation',
  },
  // The component registers it for each key.
  MaterialList: {
    dynamic: 'pulumi-nodejs:dynamic/kms-byok:MaterialList',
    native: 'kms-byok:index:MaterialList',
  },
  // A component, which no provider serves in a Node.js program.
  ImportedKey: {
    dynamic: 'pulumi-kms-byok:index:ImportedKey',
    native: 'kms-byok:index:ImportedKey',
  },
} as const satisfies Readonly<Record<string, TypeTokens>>;

/** Name of the class of a resource. */
export type ResourceName = keyof typeof TYPE_TOKENS;

/** Returns both type tokens of a resource. */
export function typesOf(name: ResourceName): readonly string[] {
  return Object.values(TYPE_TOKENS[name]);
}

/** Returns whether a type token is that of a resource, in either form. */
export function isType(type: string, name: ResourceName): boolean {
  return typesOf(name).includes(type);
}
