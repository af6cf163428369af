import * as pulumi from '@pulumi/pulumi';
import type { ImportReceipt } from '../domain/import-receipt';
import { TYPE_TOKENS } from '../domain/type-tokens';
import type { SourceReference } from '../material/references';
import type { ImportedKeyMaterialArgs } from '../provider/args';
import { OUTPUT_NAMES } from '../provider/imported-key-material/state';
import { warnOfConfiguredMaterial } from './configured-material';
import { providerOf, typeOf } from './form';
import { assertArguments, refuseImport } from './resource-error';
import { warnOfDeletion } from './scheduled-deletion';

/**
 * Your own key material in one AWS KMS key of origin EXTERNAL. A create imports it. An update imports it again if
 * its expiration settings or its description change, if KMS has lost it, or if its renewal is due. A delete calls
 * `DeleteImportedKeyMaterial`, which makes the key unusable immediately.
 *
 * Pulumi does not write the material to any file. State has a fingerprint of it.
 *
 * @remarks
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
  static readonly __pulumiType = TYPE_TOKENS.ImportedKeyMaterial.dynamic;

  /** ARN of the key. */
  declare readonly keyArn: pulumi.Output<string>;
  /** Key spec of the key in KMS. */
  declare readonly keySpec: pulumi.Output<string>;
  /** State of the key after the last update or refresh, such as `Enabled` or `PendingImport`. */
  declare readonly keyState: pulumi.Output<string>;
  /** `IMPORTED`, or `PENDING_IMPORT` if the last refresh found the material deleted or expired. */
  declare readonly importState: pulumi.Output<string>;
  /** ID of the material in KMS: 64 hex digits. Symmetric keys only. */
  declare readonly keyMaterialId: pulumi.Output<string | undefined>;
  /** `CURRENT`, `NON_CURRENT`, `PENDING_ROTATION` and others. Symmetric keys only. */
  declare readonly keyMaterialState: pulumi.Output<string | undefined>;
  /** Expiration model of the material in KMS. */
  declare readonly expirationModel: pulumi.Output<string | undefined>;
  /** When KMS deletes the material: RFC 3339 in whole seconds UTC. Absent if it does not expire. */
  declare readonly validTo: pulumi.Output<string | undefined>;
  /**
   * `v1:` for a secret, `v2:` for a private key, `v3:` for a command that wraps or `v4:` for a secret that an HSM does
   * not hash, and 64 hex digits, which identify the material within this key. That of a command does not depend on the
   * material.
   */
  declare readonly materialFingerprint: pulumi.Output<string>;
  /** Source of the material: a path or a name, never the material. */
  declare readonly materialSource: pulumi.Output<SourceReference>;
  /** The last import. Absent if the material was already there. */
  declare readonly importReceipt: pulumi.Output<ImportReceipt | undefined>;
  /**
   * Mark in KMS that the material belongs to this resource: 12 hex digits. If another resource imports the
   * material later, it becomes the owner, and only its deletion deletes the material. Symmetric keys only, not
   * replicas.
   */
  declare readonly materialOwner: pulumi.Output<string | undefined>;
  /**
   * Permanent materials of the key that KMS lacks, as of the last update or refresh. The key cannot be used
   * until each of them is imported again. Absent if KMS has all of them.
   */
  declare readonly missingKeyMaterialIds: pulumi.Output<readonly string[] | undefined>;
  /** True if the key was disabled when it was last seen with all its material. */
  declare readonly wasDisabled: pulumi.Output<boolean | undefined>;
  /** Version of the layout of the state. */
  declare readonly schemaVersion: pulumi.Output<number>;

  /** Whether an object is an `ImportedKeyMaterial`, also of another copy of this package. */
  static override isInstance(object: unknown): object is ImportedKeyMaterial {
    return (
      (object as { readonly __pulumiType?: unknown } | null | undefined)?.__pulumiType ===
      ImportedKeyMaterial.__pulumiType
    );
  }

  /**
   * Reads the outputs of material that another stack manages.
   *
   * @param name - name of the resource in this program
   * @param id - the `id` of the resource in the other stack: `<key ARN>/<KeyMaterialId>`
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
      refuseImport('a create adopts the same material if it is already there');
    }
    assertArguments(args, 'ImportedKeyMaterial');
    const provider = providerOf('ImportedKeyMaterial');
    // A resource that is only read declares nothing.
    const declared: Partial<ImportedKeyMaterialArgs> = opts?.id === undefined ? args : {};
    // A secret on its way to the provider, even if the program did not make it one.
    const material = declared.material === undefined ? undefined : pulumi.secret(declared.material);
    // Does not compile if this class lacks one of the outputs.
    const outputs: readonly (keyof ImportedKeyMaterial)[] = [...OUTPUT_NAMES, 'materialSource'];
    super(
      typeOf('ImportedKeyMaterial'),
      name,
      {
        // A preview treats only outputs that are named here as unknown.
        ...Object.fromEntries(outputs.map((output) => [output, undefined])),
        ...declared,
        ...(material === undefined ? {} : { material }),
        ...provider,
      },
      opts,
    );
    // The SDK makes an output of every input, so a program that exports the whole resource would export
    // the material too.
    Reflect.deleteProperty(this, 'material');
    // The provider of dynamic resources gets the whole configuration, and the native plugin does not.
    if (material !== undefined && provider.__provider !== undefined) {
      warnOfConfiguredMaterial(this, material);
    }
    warnOfDeletion(this);
  }
}
