import type { Input, Output } from '@pulumi/pulumi';
import type { ConnectionArgs } from '../args';

/** Time limits in whole seconds, 1 to 86,400. */
export interface RotationTimeoutsArgs {
  /** Default: 600. */
  readonly create?: Input<number | undefined>;
  /** Default: 600. */
  readonly update?: Input<number | undefined>;
}

/** The inputs of `OnDemandRotation`. */
export interface OnDemandRotationArgs {
  /**
   * Key ID or key ARN of a symmetric KMS key of origin EXTERNAL. For a multi-Region key, that of the primary.
   * An alias is refused. Another key replaces the resource.
   */
  readonly keyId: Input<string>;

  /**
   * Material to rotate to: the `keyMaterialId` of an `ImportedKeyMaterial` with `importType`
   * `NEW_KEY_MATERIAL`. A change rotates again.
   */
  readonly keyMaterialId: Input<string | undefined>;

  /**
   * URN of the resource that stages the material. It lets a preview see that the rotation was already made, even
   * if the ID of the material is unknown because the material is renewed.
   */
  readonly stagedBy?: Input<string | undefined>;

  /**
   * The previous `OnDemandRotation` of the same key, which is made first. It lets a preview refuse this one if the key
   * has no rotations left.
   */
  readonly after?:
    | {
        readonly currentKeyMaterialId: Output<string | undefined>;
        readonly rotationsRemaining: Output<number>;
      }
    | undefined;

  /** How long `create` and `update` may take, in seconds. Default: 600. */
  readonly timeouts?: Input<RotationTimeoutsArgs | undefined>;

  /** Region and endpoint of KMS, and the identity that calls it, as for `ImportedKeyMaterial`. */
  readonly connection?: Input<ConnectionArgs | undefined>;
}
