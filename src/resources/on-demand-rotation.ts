import * as pulumi from '@pulumi/pulumi';
import { ByokError } from '../errors';
import type { ConnectionArgs } from '../provider/args';
import { ROTATION_PROVIDER } from '../domain/provider-text';
import { ON_DEMAND_ROTATION } from '../domain/type-tokens';

/** Time limits in whole seconds, 1 to 86,400. */
export interface RotationTimeoutsArgs {
  /** Default: 600. */
  readonly create?: pulumi.Input<number | undefined>;
  /** Default: 600. */
  readonly update?: pulumi.Input<number | undefined>;
}

/** The inputs of `OnDemandRotation`. */
export interface OnDemandRotationArgs {
  /**
   * Key ID or key ARN of a symmetric KMS key of origin EXTERNAL; of a multi-Region key, its primary.
   * An alias is refused. Another key replaces the resource.
   */
  readonly keyId: pulumi.Input<string>;

  /**
   * The material to rotate to: the `keyMaterialId` of an `ImportedKeyMaterial` of `importType`
   * `NEW_KEY_MATERIAL`. Another one rotates again.
   */
  readonly keyMaterialId: pulumi.Input<string | undefined>;

  /**
   * URN of the resource that stages the material. With it a preview knows that a rotation that was made stays,
   * although it does not know the ID of material that is renewed.
   */
  readonly stagedBy?: pulumi.Input<string | undefined>;

  /**
   * The rotation of the same key before this one. Puts them in order, and lets a preview refuse
   * this one when the key has none left.
   */
  readonly after?: OnDemandRotation | undefined;

  /** How long `create` and `update` may take, in seconds. Default: 600. */
  readonly timeouts?: pulumi.Input<RotationTimeoutsArgs | undefined>;

  /** Where KMS is and as whom to call it, as for `ImportedKeyMaterial`. */
  readonly connection?: pulumi.Input<ConnectionArgs | undefined>;
}

/**
 * The rotation of one symmetric AWS KMS key of origin EXTERNAL to material that was staged for it.
 * Creating it rotates and waits until the material is current, which takes about a minute. It resumes
 * from any point, and a rotation that has been made is not made again.
 *
 * A rotation cannot be undone: deleting the resource does nothing. KMS allows 25 in the life of a key.
 *
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
  static readonly __pulumiType = ON_DEMAND_ROTATION;

  /** ARN of the key. */
  declare readonly keyArn: pulumi.Output<string>;
  /** The material to which the key was rotated. */
  declare readonly keyMaterialId: pulumi.Output<string>;
  /** `CURRENT`, or `NON_CURRENT` once the key was rotated further. */
  declare readonly keyMaterialState: pulumi.Output<string | undefined>;
  /** The material that the key encrypts with, as of the last update or refresh. */
  declare readonly currentKeyMaterialId: pulumi.Output<string | undefined>;
  /** On-demand rotations that the key has had. */
  declare readonly rotationsUsed: pulumi.Output<number>;
  /** On-demand rotations that the key has left, of 25 in its life. */
  declare readonly rotationsRemaining: pulumi.Output<number>;
  /** Version of the layout of the state. */
  declare readonly schemaVersion: pulumi.Output<number>;

  /** Whether an object is one of these, also when it comes from another copy of this package. */
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
      throw new ByokError(
        'IMPORT_OPTION',
        'the engine cannot import dynamic resources (the import option and pulumi import TYPE NAME ID): remove the option, for a create adopts a rotation that has been made',
      );
    }
    const { after, ...declared }: Partial<OnDemandRotationArgs> =
      opts?.id === undefined ? args : {};
    super(
      OnDemandRotation.__pulumiType,
      name,
      {
        ...declared,
        ...(after === undefined ? {} : { after: rotationsOf(after) }),
        // Outputs are unknown in a preview only if they are named here.
        keyArn: undefined,
        keyMaterialId: declared.keyMaterialId,
        keyMaterialState: undefined,
        currentKeyMaterialId: undefined,
        rotationsUsed: undefined,
        rotationsRemaining: undefined,
        schemaVersion: undefined,
        __provider: ROTATION_PROVIDER,
      },
      opts,
    );
    // A copy of what the earlier rotation said; its own outputs are the truth.
    Reflect.deleteProperty(this, 'after');
  }
}

// A resource as an input would arrive as its ID: what a preview is to compare are these.
function rotationsOf({ currentKeyMaterialId, rotationsRemaining }: OnDemandRotation): object {
  return { currentKeyMaterialId, rotationsRemaining };
}
