import { randomBytes } from 'node:crypto';
import type { Declared } from '../support/project-folder';

/** Lifetime of material in a program, in days. */
export type Expiry =
  | { readonly kind: 'never' }
  | { readonly kind: 'fixed'; readonly validTo: Date }
  | { readonly kind: 'rolling'; readonly days: number };

/** Source of material in a program. */
export const SOURCES = ['base64', 'hex', 'file', 'env'] as const;

/** A material that a program declares, or declared. */
export interface ModelMaterial {
  /** Name of its resource. */
  name: string;
  bytes: Buffer;
  source: (typeof SOURCES)[number];
  expiry: Expiry;
  description: string | undefined;
  /** Whether the program declares it now. */
  isDeclared: boolean;
  /** Whether the key was not rotated to it. */
  isStaged: boolean;
}

/** A key that something else owns, with the declarations of its materials. */
export class ModelKey {
  /** In the order of their declaration. */
  materials: ModelMaterial[] = [];
  isDisabled = false;
  isNamedById = false;
  rotations = 0;
  /** Whether the next update rotates. A resource rotates at most once in an update. */
  isRotating = false;
  /** Whether the staged material goes in the next update, or gets another name or other bytes: one at a time. */
  isRestaged = false;
  #named = 0;

  constructor(
    readonly name: string,
    readonly keyArn: string,
    readonly isSymmetric: boolean,
  ) {
    this.add();
  }

  get permanent(): readonly ModelMaterial[] {
    return this.materials.filter(({ isStaged }) => !isStaged);
  }

  get staged(): ModelMaterial | undefined {
    return this.materials.find(({ isStaged }) => isStaged);
  }

  /** Whether KMS can use the key, according to the program. */
  get isComplete(): boolean {
    return this.permanent.every(({ isDeclared }) => isDeclared);
  }

  /** Declares a further material. */
  add(): void {
    this.materials.push({
      name: this.newName(),
      bytes: randomBytes(32),
      source: 'base64',
      expiry: { kind: 'never' },
      description: undefined,
      isDeclared: true,
      isStaged: this.materials.length > 0,
    });
  }

  newName(): string {
    this.#named += 1;
    return `${this.name}${this.#named}`;
  }

  /** The resources of this key, and what they read. */
  program(): Declared {
    const resources = (materials: readonly ModelMaterial[]): Declared =>
      Object.fromEntries(
        materials
          .filter(({ isDeclared }) => isDeclared)
          .map((material) => [material.name, { args: this.#argumentsOf(material) }]),
      );
    const current = this.permanent.at(-1)!;
    const rotation = {
      class: 'OnDemandRotation',
      args: { keyId: this.#keyId, keyMaterialId: { $output: [current.name, 'keyMaterialId'] } },
    };
    return {
      ...resources(this.permanent),
      ...(this.rotations > 0 ? { [`${this.name}-rotation`]: rotation } : {}),
      // Behind the rotation, because KMS stages one at a time.
      ...resources(this.materials.filter(({ isStaged }) => isStaged)),
    };
  }

  get #keyId(): string {
    return this.isNamedById ? this.keyArn.split('/')[1]! : this.keyArn;
  }

  #argumentsOf(material: ModelMaterial): Record<string, unknown> {
    const { description, expiry } = material;
    const isFirst = material === this.materials[0];
    return {
      keyId: this.#keyId,
      material: sourceOf(material),
      ...(isFirst ? {} : { importType: 'NEW_KEY_MATERIAL' }),
      ...(description === undefined ? {} : { keyMaterialDescription: description }),
      ...(expiry.kind === 'fixed' ? { validTo: instantOf(expiry.validTo) } : {}),
      ...(expiry.kind === 'rolling' ? { validFor: `${expiry.days}d` } : {}),
    };
  }
}

/** The names of the file and of the variable that hold a material. */
export const fileOf = ({ name }: ModelMaterial): string => `${name}.bin`;
export const variableOf = ({ name }: ModelMaterial): string => `MATERIAL_${name}`;

/** RFC 3339 in whole seconds. */
export const instantOf = (date: Date): string => date.toISOString().replace(/\.\d+Z$/, 'Z');

function sourceOf(material: ModelMaterial): Record<string, unknown> {
  const { bytes, source } = material;
  switch (source) {
    case 'base64':
      return { inline: bytes.toString('base64') };
    case 'hex':
      return { inline: bytes.toString('hex'), encoding: 'hex' };
    case 'file':
      return { file: fileOf(material) };
    case 'env':
      return { env: variableOf(material), encoding: 'base64' };
  }
}
