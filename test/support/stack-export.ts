import { createHash } from 'node:crypto';

/** The marks of a secret in the state of the engine. */
const SECRET = {
  '4dabf18193072939515e22adb298388d': '1b47061264138c4ac30d75fd1eb44270',
};

/** Stands for the ciphertext of a secret: another one for every text. */
export const ciphertextOf = (text: string): string =>
  `v1:AAAA:${createHash('sha256').update(text).digest('base64')}`;

/** The forms in which an export has a secret. */
export const FORMS = {
  plain: (text: string): unknown => text,
  shown: (text: string): unknown => ({ ...SECRET, plaintext: JSON.stringify(text) }),
  encrypted: (text: string): unknown => ({ ...SECRET, ciphertext: ciphertextOf(text) }),
} as const;

export const KEY = 'aws:kms/externalKey:ExternalKey';
export const REPLICA = 'aws:kms/replicaExternalKey:ReplicaExternalKey';

export interface KeyInState {
  readonly name: string;
  readonly keyArn: string;
  readonly material: Buffer;
  readonly form: keyof typeof FORMS;
  readonly type?: string;
  /** Types of the parents, such as `my:index:Root`. */
  readonly within?: string | undefined;
  /** Other members of the resource. */
  readonly more?: Readonly<Record<string, unknown>>;
}

export const urnOf = (type: string, name: string): string =>
  `urn:pulumi:test::life::${type}::${name}`;

/** A key of the aws provider as an export has it. */
export function keyResource({
  name,
  keyArn,
  material,
  form,
  type = KEY,
  within,
  more,
}: KeyInState) {
  const keyMaterialBase64 = FORMS[form](material.toString('base64'));
  return {
    urn: urnOf(within === undefined ? type : `${within}$${type}`, name),
    custom: true,
    id: keyArn.split('/')[1],
    type,
    inputs: { description: name, keyMaterialBase64, __defaults: [] },
    outputs: { arn: keyArn, description: name, keyMaterialBase64, enabled: true },
    propertyDependencies: { description: null, keyMaterialBase64: null },
    additionalSecretOutputs: ['keyMaterialBase64'],
    ...more,
  };
}

/** A stack export in the form of the Pulumi CLI. */
export function stackExportOf(resources: readonly unknown[], more: Record<string, unknown> = {}) {
  return { version: 3, deployment: { manifest: { time: '' }, resources, ...more } };
}
