import * as pulumi from '@pulumi/pulumi';

import { omitUndefined } from '../domain/omit-undefined';
import type { ImportedKeyMaterialArgs } from '../provider/args';
import { SHARED_INPUTS, type SharedInput } from '../domain/shared-inputs';
import { otherForm } from '../resources/form';
import { ImportedKeyMaterial } from '../resources/imported-key-material';
import { OnDemandRotation } from '../resources/on-demand-rotation';
import type { ImportedKeyArgs } from './args';
import type { RegionalKey } from './keys';

/** The materials of one key, and the rotations between them. */
export interface MaterialChain {
  /** In the order of the list; in each, the primary key first. */
  readonly materials: readonly (readonly ImportedKeyMaterial[])[];
  readonly rotations: readonly OnDemandRotation[];
  readonly currentKeyMaterialId: pulumi.Output<string | undefined>;
}

interface Chained {
  readonly args: ImportedKeyArgs;
  readonly primary: RegionalKey;
  /** Whether the key has to be a multi-Region key; undefined if it may be either. */
  readonly multiRegion: boolean | undefined;
  /** Called once the first material is declared, because KMS replicates only keys with material. */
  readonly replicate: (first: ImportedKeyMaterial) => readonly RegionalKey[];
  /** Options of materials of the primary key; `replicaOpts` are those of resources that can be created again. */
  readonly opts: pulumi.CustomResourceOptions;
  readonly replicaOpts: pulumi.CustomResourceOptions;
}

/**
 * Declares each material in each Region and each rotation, in the only order that KMS accepts: the first
 * material of the primary key, then the replicas, then each further material. That one is staged on the primary
 * key, imported in every other Region, and only then made current. A Region that is added later gets all of them in
 * order, and earlier rotations do not change.
 */
export function chainMaterials({
  args,
  primary,
  multiRegion,
  replicate,
  opts,
  replicaOpts,
}: Chained): MaterialChain {
  const stay = args.shredOnDestroy === true ? {} : { staysWithKey: true };
  const materials: ImportedKeyMaterial[][] = [];
  const rotations: OnDemandRotation[] = [];
  let replicas: readonly RegionalKey[] = [];
  let currentKeyMaterialId: MaterialChain['currentKeyMaterialId'] = pulumi.output(undefined);

  args.materials.forEach((material, index) => {
    const label = index + 1;
    const before = materials.at(-1) ?? [];
    const rotated = rotations.at(-1);
    const staged = new ImportedKeyMaterial(
      `${primary.name}-${label}`,
      {
        ...materialArgs(args, primary, material),
        ...(index === 0 ? {} : { importType: 'NEW_KEY_MATERIAL' }),
        list: {
          of: primary.name,
          place: index,
          ...omitUndefined({ multiRegion }),
          ...(opts.protect === true ? { keepsKey: true } : {}),
          ...stay,
          earlier: Object.fromEntries(
            materials.map(([earlier], place) => [
              String(place),
              earlier?.materialFingerprint ?? '',
            ]),
          ),
        },
      },
      withKey(args, primary, opts, rotated === undefined ? before : [rotated]),
    );
    if (index === 0) replicas = replicate(staged);
    const copies = replicas.map(
      (replica, region) =>
        new ImportedKeyMaterial(
          `${replica.name}-${label}`,
          {
            ...materialArgs(args, replica, material),
            // Messages name the material by its place in the list of the key.
            list: { of: primary.name, place: index, ...stay },
          },
          // Earlier material of the Region comes first. Its place in the list is that of the replica.
          withKey(args, replica, replicaOpts, [staged, ...before.slice(region + 1, region + 2)]),
        ),
    );
    materials.push([staged, ...copies]);
    if (index === 0) {
      currentKeyMaterialId = staged.keyMaterialId;
      return;
    }
    const rotation = new OnDemandRotation(
      `${primary.name}-${label}`,
      {
        keyId: primary.key.arn,
        keyMaterialId: staged.keyMaterialId,
        stagedBy: staged.urn,
        ...omitUndefined({ connection: args.connection, after: rotated }),
      },
      {
        ...replicaOpts,
        dependsOn: [staged, ...copies],
        aliases: [otherForm('OnDemandRotation')],
      },
    );
    rotations.push(rotation);
    ({ currentKeyMaterialId } = rotation);
  });
  return { materials, rotations, currentKeyMaterialId };
}

function materialArgs(
  args: ImportedKeyArgs,
  { key }: RegionalKey,
  material: ImportedKeyArgs['materials'][number],
): ImportedKeyMaterialArgs {
  const shared = Object.fromEntries(SHARED_INPUTS.map((name) => [name, args[name]]));
  return {
    // The ARN, because it names the Region as well.
    keyId: key.arn,
    material,
    keySpec: args.keySpec ?? 'SYMMETRIC_DEFAULT',
    ...omitUndefined(shared as Pick<ImportedKeyArgs, SharedInput>),
  };
}

// With `deletedWith`, the material of a destroyed key stays until the deletion window ends.
function withKey(
  { shredOnDestroy = false }: ImportedKeyArgs,
  { key }: RegionalKey,
  opts: pulumi.CustomResourceOptions,
  dependsOn: pulumi.Resource[],
): pulumi.CustomResourceOptions {
  const aliases = [otherForm('ImportedKeyMaterial')];
  return { ...opts, dependsOn, aliases, ...(shredOnDestroy ? {} : { deletedWith: key }) };
}
