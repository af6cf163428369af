import * as pulumi from '@pulumi/pulumi';
import type { OnDemandRotationArgs } from '../provider/on-demand-rotation/args';
import { OUTPUT_NAMES } from '../provider/on-demand-rotation/state';
import { TYPE_TOKENS } from '../domain/type-tokens';
import { providerOf, typeOf } from './form';
import { assertArguments, refuseImport } from './resource-error';

/**
 * The rotation of one symmetric AWS KMS key of origin EXTERNAL to material that was staged for it.
 * A create rotates and waits until the material is current, which takes about a minute. It resumes
 * from any point, and never makes a rotation twice.
 *
 * A rotation cannot be undone: a delete does nothing. KMS allows 25 rotations in the life of a key.
 *
 * @remarks
 * It works in Node.js programs: the provider runs from the program's own `node_modules`.
 *
 * @example
 * ```ts
 * import { ImportedKeyMaterial, OnDemandRotation } from 'pulumi-kms-byok';
 *
 * const keyId = '1234abcd-12ab-34cd-56ef-1234567890ab';
 * const first = new ImportedKeyMaterial('first', { keyId, material: { file: 'first.bin' } });
 * const second = new ImportedKeyMaterial(
 *   'second',
 *   { keyId, material: { file: 'second.bin' }, importType: 'NEW_KEY_MATERIAL' },
 *   { dependsOn: first },
 * );
 * new OnDemandRotation('to-second', { keyId, keyMaterialId: second.keyMaterialId });
 * ```
 */
export class OnDemandRotation extends pulumi.CustomResource {
  /** @internal */
  static readonly __pulumiType = TYPE_TOKENS.OnDemandRotation.dynamic;

  /** ARN of the key. */
  declare readonly keyArn: pulumi.Output<string>;
  /** The material to which the key was rotated. */
  declare readonly keyMaterialId: pulumi.Output<string>;
  /** `CURRENT`, or `NON_CURRENT` after a later rotation. */
  declare readonly keyMaterialState: pulumi.Output<string | undefined>;
  /** Material that the key encrypts with, as of the last update or refresh. */
  declare readonly currentKeyMaterialId: pulumi.Output<string | undefined>;
  /** Number of on-demand rotations of the key so far. */
  declare readonly rotationsUsed: pulumi.Output<number>;
  /** Number of on-demand rotations that are left, of 25 in the life of the key. */
  declare readonly rotationsRemaining: pulumi.Output<number>;
  /** Version of the layout of the state. */
  declare readonly schemaVersion: pulumi.Output<number>;

  /** Whether an object is an `OnDemandRotation`, also of another copy of this package. */
  static override isInstance(object: unknown): object is OnDemandRotation {
    return (
      (object as { readonly __pulumiType?: unknown } | null | undefined)?.__pulumiType ===
      OnDemandRotation.__pulumiType
    );
  }

  /**
   * Reads the current material and the rotations of a key that another stack manages.
   *
   * @param name - name of the resource in this program
   * @param id - ARN of the key
   */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    opts?: pulumi.CustomResourceOptions,
  ): OnDemandRotation {
    return new OnDemandRotation(name, {} as OnDemandRotationArgs, { ...opts, id });
  }

  constructor(name: string, args: OnDemandRotationArgs, opts?: pulumi.CustomResourceOptions) {
    if (opts?.import !== undefined) {
      refuseImport('a create adopts a rotation that was already made');
    }
    assertArguments(args, 'OnDemandRotation');
    const provider = providerOf('OnDemandRotation');
    const { after, ...declared }: Partial<OnDemandRotationArgs> =
      opts?.id === undefined ? args : {};
    // Does not compile if this class lacks one of the outputs.
    const outputs: readonly (keyof OnDemandRotation)[] = [...OUTPUT_NAMES, 'keyMaterialId'];
    super(
      typeOf('OnDemandRotation'),
      name,
      {
        // A preview treats only outputs that are named here as unknown.
        ...Object.fromEntries(outputs.map((output) => [output, undefined])),
        ...declared,
        ...(after === undefined ? {} : { after: rotationsOf(after) }),
        ...provider,
      },
      opts,
    );
    // A copy of outputs of the earlier rotation, which has the current ones itself.
    Reflect.deleteProperty(this, 'after');
  }
}

// A resource as an input arrives as its ID, and a preview needs these outputs.
function rotationsOf({
  currentKeyMaterialId,
  rotationsRemaining,
}: NonNullable<OnDemandRotationArgs['after']>): object {
  return { currentKeyMaterialId, rotationsRemaining };
}
