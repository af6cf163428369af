import type * as Aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';

import { omitUndefined } from '../domain/omit-undefined';
import type { ImportedKeyArgs, ReplicaArgs } from './args';
import { importedKeyPolicy, type KeyAccess } from '../domain/key-policy';
import type { AwsClasses } from './load-aws';
import type { Structure } from './structure';

/** A key in one Region. */
export interface RegionalKey {
  /** Prefix of the names of its resources. */
  readonly name: string;
  readonly key: Aws.kms.ExternalKey | Aws.kms.ReplicaExternalKey;
  /** Undefined in the Region of the aws provider. */
  readonly region: pulumi.Input<string> | undefined;
}

/**
 * Inputs whose changes the aws provider must ignore, because it does not import the material. After a refresh
 * has recorded `validTo`, the provider would import empty material to remove it. `keyMaterialBase64` would
 * replace the key. (`enabled` is false until the import and true after it.)
 */
const IMPORT_DRIFT = ['validTo', 'keyMaterialBase64'];

/** The parts of a key that the component derives from its arguments. */
export interface KeyShape extends Structure {
  /** Absent for that of KMS. */
  readonly policy: pulumi.Input<string | undefined> | undefined;
}

/**
 * Returns the policy of the key: the declared one, or the one that `access` makes.
 *
 * @throws {@link ByokError} `KEY_ACCESS`
 */
export function policyOf(
  { access, policy }: ImportedKeyArgs,
  keyUsage: Structure['keyUsage'],
): KeyShape['policy'] {
  if (access === undefined) return policy;
  const declared = { ...omitUndefined({ keyUsage }), ...omitUndefined(access) };
  if (isPlain(declared)) return importedKeyPolicy(declared as KeyAccess);
  return pulumi.output(declared).apply((known) => {
    try {
      return importedKeyPolicy(omitUndefined(known) as KeyAccess);
    } catch {
      // The provider refuses it with the reason, before the key is registered. An error here would end the program
      // first, without the name of the key.
      return '';
    }
  });
}

function isPlain(value: unknown): boolean {
  if (pulumi.Output.isInstance(value) || value instanceof Promise) return false;
  return typeof value !== 'object' || value === null || Object.values(value).every(isPlain);
}

/** Creates the key, or takes it over. */
export function createPrimaryKey(
  aws: AwsClasses,
  name: string,
  args: ImportedKeyArgs,
  { multiRegion, keyUsage, policy }: KeyShape,
  opts: pulumi.CustomResourceOptions,
): RegionalKey {
  const { adoptKeyId, region } = args;
  const adopts = adoptKeyId !== undefined;
  const key = new aws.kms.ExternalKey(
    name,
    omitUndefined({
      ...sharedArgs(args, policy),
      keySpec: args.keySpec,
      keyUsage,
      multiRegion: adopts && !multiRegion ? undefined : multiRegion,
      region,
    }),
    {
      ...opts,
      ignoreChanges: [
        ...ignoredChanges(args),
        // A change would replace the key. The check of its first material refuses it.
        'multiRegion',
        // The provider does not read them. It would replace the key, or refuse to take it over.
        ...(adopts ? ['keySpec', 'deletionWindowInDays'] : []),
      ],
      ...(adopts ? { import: adoptKeyId } : {}),
    },
  );
  return { name, key, region };
}

/** Creates a replica, which KMS allows once the primary key has material. */
export function createReplicaKey(
  aws: AwsClasses,
  name: string,
  args: ImportedKeyArgs,
  replica: ReplicaArgs,
  shape: KeyShape,
  primary: RegionalKey,
  opts: pulumi.CustomResourceOptions,
): RegionalKey {
  const { region, description, policy, tags } = replica;
  const regional = `${name}-${region}`;
  const key = new aws.kms.ReplicaExternalKey(
    regional,
    omitUndefined({
      ...sharedArgs(args, shape.policy),
      ...omitUndefined({ description, policy, tags }),
      primaryKeyArn: primary.key.arn,
      region,
    }),
    { ...opts, ignoreChanges: ignoredChanges(args) },
  );
  return { name: regional, key, region };
}

/** Gives the key its alias in its Region. */
export function createAlias(
  aws: AwsClasses,
  { name, key, region }: RegionalKey,
  alias: pulumi.Input<string>,
  opts: pulumi.CustomResourceOptions,
): void {
  new aws.kms.Alias(
    name,
    {
      name: pulumi
        .output(alias)
        .apply((text) => `alias/${text}`.replace(/^(?:alias\/){2}/, 'alias/')),
      targetKeyId: key.id,
      ...(region === undefined ? {} : { region }),
    },
    opts,
  );
}

function ignoredChanges({ enabled }: ImportedKeyArgs): string[] {
  return enabled === undefined ? [...IMPORT_DRIFT, 'enabled'] : IMPORT_DRIFT;
}

// Callers leave out the members that are undefined.
function sharedArgs(args: ImportedKeyArgs, policy: KeyShape['policy']) {
  const { description, deletionWindowInDays, enabled, tags } = args;
  return { description, deletionWindowInDays, enabled, tags, policy };
}
