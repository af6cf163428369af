import type * as Aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';

import { ROTATION_LIMIT } from '../domain/rotation';
import { otherForm, typeOf } from '../resources/form';
import { ofResource } from '../resources/resource-error';
import type { ImportedKeyArgs } from './args';
import { checkedArgs } from './checked-args';
import { announceExpiration, watchExpiry } from './expiry-watch';
import {
  createAlias,
  createPrimaryKey,
  createReplicaKey,
  policyOf,
  type RegionalKey,
} from './keys';
import { loadAws, type AwsClasses } from './load-aws';
import { chainMaterials } from './material-chain';
import { MaterialList } from './material-list';
import { sourceIdentity } from './source-identity';
import { structureOf } from './structure';

/**
 * A complete KMS key with your own material: the key, its alias and policy, every material in every Region,
 * the rotations, and the alarm on material that expires soon. It needs `@pulumi/aws`.
 *
 * Appending to `materials` rotates the key. The key and its materials have the option `protect`, unless the
 * options of this component set it to false.
 *
 * @throws {@link ByokError} `INPUT_INVALID`, `KEY_ARGS`, `KEY_ACCESS`, `PACKAGE_MISSING`, `PACKAGE_VERSION`
 *
 * @example
 * ```ts
 * import { ImportedKey } from 'pulumi-kms-byok';
 *
 * const rootKey = new ImportedKey('root', {
 *   alias: 'app/root',
 *   materials: [{ file: '2026.bin' }, { file: '2027.bin' }],
 *   validFor: '90d',
 *   renewBefore: '30d',
 *   replicas: [{ region: 'us-east-1' }],
 *   alarm: { daysBefore: 14, actions: ['arn:aws:sns:eu-central-1:111122223333:keys'] },
 * });
 *
 * export const keyArns = rootKey.keyArns;
 * ```
 */
export class ImportedKey extends pulumi.ComponentResource {
  /** The `aws.kms.ExternalKey`. Its outputs about material are out of date until a refresh. */
  readonly key: pulumi.CustomResource;
  /** Key ID, the same in every Region. */
  readonly keyId: pulumi.Output<string>;
  /** ARN of the key. For a multi-Region key, that of the primary. */
  readonly keyArn: pulumi.Output<string>;
  /** ARNs of the key in its Regions, by Region. */
  readonly keyArns: pulumi.Output<Readonly<Record<string, string>>>;
  /** Material that the key encrypts with. Symmetric keys only. */
  readonly currentKeyMaterialId: pulumi.Output<string | undefined>;
  /** When the first material in any Region expires: RFC 3339, UTC. Undefined if none does. */
  readonly earliestExpiry: pulumi.Output<string | undefined>;
  /** Number of on-demand rotations left, of 25 in the life of the key. 0 for keys that never rotate. */
  readonly rotationsRemaining: pulumi.Output<number>;

  constructor(name: string, args: ImportedKeyArgs, opts?: pulumi.ComponentResourceOptions) {
    const moved = pulumi.mergeOptions(opts, { aliases: [otherForm('ImportedKey')] });
    super(typeOf('ImportedKey'), name, {}, moved);
    const { shape, aws } = ofResource(this, () => {
      const structure = structureOf(args);
      const policy = policyOf(args, structure.keyUsage);
      return { shape: { ...structure, policy }, aws: loadAws() };
    });
    const child = { parent: this };
    // Resources that cannot be created again are protected, unless the program sets protect to false.
    const kept = { parent: this, protect: opts?.protect ?? true };

    const identities = args.materials.map(sourceIdentity);
    // Recorded first, because its errors are to come before all others, and again once it is permanent.
    const recorded = new MaterialList(
      name,
      identities,
      false,
      child,
      checkedArgs(args, args.region ?? regionOfProvider(this, aws)),
    );
    const primary = createPrimaryKey(aws, name, args, shape, { ...kept, dependsOn: recorded });
    let replicas: readonly RegionalKey[] = [];
    const { materials, rotations, currentKeyMaterialId } = chainMaterials({
      args,
      primary,
      multiRegion: shape.needsMultiRegion,
      replicate: (dependsOn) =>
        (replicas = shape.replicas.map((replica) =>
          createReplicaKey(aws, name, args, replica, shape, primary, { ...child, dependsOn }),
        )),
      opts: kept,
      replicaOpts: child,
    });
    new MaterialList(`${name}-lasting`, identities, true, {
      ...child,
      dependsOn: [...materials.flat(), ...rotations],
    });

    for (const [index, regional] of [primary, ...replicas].entries()) {
      const replica = shape.replicas[index - 1];
      const usable = materials.flatMap((copies) => copies.slice(index, index + 1)).slice(0, 1);
      if (args.alias !== undefined) {
        createAlias(aws, regional, args.alias, { ...child, dependsOn: usable });
      }
      if (args.alarm !== undefined) {
        const actions = index === 0 ? args.alarm.actions : replica?.alarmActions;
        watchExpiry(aws, regional, args.alarm, actions ?? [], child);
      }
      const targets = index === 0 ? args.expirationEventTargets : replica?.expirationEventTargets;
      announceExpiration(aws, regional, targets ?? [], child);
    }

    this.key = primary.key;
    this.keyId = primary.key.id;
    this.keyArn = primary.key.arn;
    this.keyArns = byRegion([primary, ...replicas].map(({ key }) => key.arn));
    this.currentKeyMaterialId = currentKeyMaterialId;
    this.earliestExpiry = earliest(materials.flat().map(({ validTo }) => validTo));
    const rotates = (args.keySpec ?? 'SYMMETRIC_DEFAULT') === 'SYMMETRIC_DEFAULT';
    this.rotationsRemaining =
      rotations.at(-1)?.rotationsRemaining ?? pulumi.output(rotates ? ROTATION_LIMIT : 0);
    this.registerOutputs({
      keyId: this.keyId,
      keyArn: this.keyArn,
      keyArns: this.keyArns,
      currentKeyMaterialId: this.currentKeyMaterialId,
      earliestExpiry: this.earliestExpiry,
      rotationsRemaining: this.rotationsRemaining,
    });
  }
}

// A profile of the AWS configuration files can still name another one, which only AWS shows.
function regionOfProvider(
  key: ImportedKey,
  { config }: AwsClasses,
): pulumi.Input<string | undefined> | undefined {
  const provider = key.getProvider('aws:kms/externalKey:ExternalKey') as Aws.Provider | undefined;
  return provider === undefined ? config.region : provider.region;
}

function byRegion(
  arns: pulumi.Output<string | undefined>[],
): pulumi.Output<Readonly<Record<string, string>>> {
  return pulumi.all(arns).apply((known) =>
    Object.fromEntries(
      // In a unit test with mocks, a key has only the outputs that the mocks give it.
      known.flatMap((arn) => (arn === undefined ? [] : [[arn.split(':')[3] ?? '', arn]])),
    ),
  );
}

// All are whole seconds in UTC, so sorting the texts sorts the instants.
function earliest(
  instants: pulumi.Output<string | undefined>[],
): pulumi.Output<string | undefined> {
  return pulumi
    .all(instants)
    .apply((known) => known.filter((instant) => instant !== undefined).sort()[0]);
}
