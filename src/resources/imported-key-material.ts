import * as pulumi from '@pulumi/pulumi';
import { PROVIDER } from '../domain/provider-text';
import { IMPORTED_KEY_MATERIAL } from '../domain/type-tokens';
import { ByokError } from '../errors';
import type { SourceReference } from '../material/sources';
import type { ImportedKeyMaterialArgs } from '../provider/args';
import { OUTPUT_NAMES, type ImportReceipt } from '../provider/imported-key-material/state';
import { warnOfConfiguredMaterial } from './configured-material';

/**
 * Key material of your own on one AWS KMS key of origin EXTERNAL. Creating imports it, updating
 * imports it again where its expiration settings or its description change, where it is lost or
 * where its renewal is due, and deleting calls `DeleteImportedKeyMaterial`, which makes the key
 * unusable at once.
 *
 * The material stands in no file that Pulumi writes. State holds a fingerprint of it.
 *
 * It works in Node.js programs: the provider runs from the program's own `node_modules`.
 *
 * @example
 * ```ts
 * import { ImportedKeyMaterial } from 'pulumi-kms-byok';
 *
 * new ImportedKeyMaterial('root-key', {
 *   keyId: '1234abcd-12ab-34cd-56ef-1234567890ab',
 *   material: { file: 'material.bin' },
 *   validFor: '90d',
 *   renewBefore: '30d',
 * });
 * ```
 */
export class ImportedKeyMaterial extends pulumi.CustomResource {
  /** @internal */
  static readonly __pulumiType = IMPORTED_KEY_MATERIAL;

  /** ARN of the key. */
  declare readonly keyArn: pulumi.Output<string>;
  /** Key spec that KMS reports. */
  declare readonly keySpec: pulumi.Output<string>;
  /** State of the key after the last update or refresh, such as `Enabled` or `PendingImport`. */
  declare readonly keyState: pulumi.Output<string>;
  /** `IMPORTED`, or `PENDING_IMPORT` when the last refresh found the material lost or expired. */
  declare readonly importState: pulumi.Output<string>;
  /** The 64 hex digits by which KMS identifies the material; symmetric keys only. */
  declare readonly keyMaterialId: pulumi.Output<string | undefined>;
  /** `CURRENT`, `NON_CURRENT`, `PENDING_ROTATION`, …; symmetric keys only. */
  declare readonly keyMaterialState: pulumi.Output<string | undefined>;
  /** Expiration model that KMS holds. */
  declare readonly expirationModel: pulumi.Output<string | undefined>;
  /** When KMS deletes the material, RFC 3339 in whole seconds UTC; absent when it does not. */
  declare readonly validTo: pulumi.Output<string | undefined>;
  /** `v1:` and 64 hex digits that identify the material within this key. */
  declare readonly materialFingerprint: pulumi.Output<string>;
  /** Where the material came from: a path or a name, never the material. */
  declare readonly materialSource: pulumi.Output<SourceReference>;
  /** How the material reached KMS; absent when it was found there. */
  declare readonly importReceipt: pulumi.Output<ImportReceipt | undefined>;
  /**
   * What marks the material in KMS as that of this resource: 12 hex digits. A resource that imports it later
   * takes it over, and is the one whose deletion deletes it. Symmetric keys only, and no replicas.
   */
  declare readonly materialOwner: pulumi.Output<string | undefined>;
  /**
   * The materials that the key had become dependent on and that KMS lacks, as of the last update or
   * refresh: the key is unusable until each is imported again. Absent when it has all.
   */
  declare readonly missingKeyMaterialIds: pulumi.Output<readonly string[] | undefined>;
  /** True when the key was disabled when it was last seen with all its material. */
  declare readonly wasDisabled: pulumi.Output<boolean | undefined>;
  /** Version of the layout of the state. */
  declare readonly schemaVersion: pulumi.Output<number>;

  /** Whether an object is one of these, also when it comes from another copy of this package. */
  static override isInstance(object: unknown): object is ImportedKeyMaterial {
    return (
      (object as { readonly __pulumiType?: unknown } | null | undefined)?.__pulumiType ===
      ImportedKeyMaterial.__pulumiType
    );
  }

  /**
   * Reads the material of a key that another stack manages.
   *
   * @param name - name of the resource in this program
   * @param id - `<key ARN>/<KeyMaterialId>`, the `id` of the resource in the other stack
   */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    opts?: pulumi.CustomResourceOptions,
  ): ImportedKeyMaterial {
    return new ImportedKeyMaterial(name, {} as ImportedKeyMaterialArgs, { ...opts, id });
  }

  constructor(name: string, args: ImportedKeyMaterialArgs, opts?: pulumi.CustomResourceOptions) {
    if (opts?.import !== undefined) {
      throw new ByokError(
        'IMPORT_OPTION',
        'the engine cannot import dynamic resources (the import option and pulumi import TYPE NAME ID): remove the option, for a create adopts material that is there and the same',
      );
    }
    // A resource that is only read declares nothing.
    const declared: Partial<ImportedKeyMaterialArgs> = opts?.id === undefined ? args : {};
    // Secret on its way to the provider, whatever the program made of it.
    const material = declared.material === undefined ? undefined : pulumi.secret(declared.material);
    // An output that this class does not declare does not compile.
    const outputs: readonly (keyof ImportedKeyMaterial)[] = [...OUTPUT_NAMES, 'materialSource'];
    super(
      ImportedKeyMaterial.__pulumiType,
      name,
      {
        // Outputs are unknown in a preview only if they are named here.
        ...Object.fromEntries(outputs.map((output) => [output, undefined])),
        ...declared,
        ...(material === undefined ? {} : { material }),
        __provider: PROVIDER,
      },
      opts,
    );
    // The SDK makes an output of every input; a program that exports the whole resource would export
    // the material with it.
    Reflect.deleteProperty(this, 'material');
    if (material !== undefined) warnOfConfiguredMaterial(this, material);
  }
}
