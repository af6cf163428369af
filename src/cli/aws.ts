import { parseKeyReference } from '../domain/identifiers';
import { omitUndefined } from '../domain/omit-undefined';
import type { KmsClient, KmsConnection } from '../aws/index';
import type { KeyInventory } from '../aws/key-inventory';
import { Pacing } from '../aws/pacing';
import { resolveConnection, secureEndpoint } from '../provider/connection';
import { ByokError } from '../errors';
import type { Io } from './io';
import type { AwsOptions } from './options';
import { regionsBeside } from './status/regions';

/**
 * Returns how to connect to KMS for one key: from the options, then from the Region in the key's ARN,
 * then from the variables that the AWS CLI reads.
 *
 * @throws {@link ByokError} `KEY_ID_FORMAT`, `REGION_MISMATCH`, `ENDPOINT_INSECURE`
 */
export function connectionTo(keyId: string, options: AwsOptions, { env }: Io): KmsConnection {
  const { profile, region, endpointUrl: endpoint } = options;
  const inputs = omitUndefined({ profile, region, endpoint });
  const connection = resolveConnection(keyId, inputs, () => undefined);
  return { ...connection, region: connection.region ?? environmentRegion(env) };
}

/**
 * Returns how to connect to KMS in one Region.
 *
 * @throws {@link ByokError} `ENDPOINT_INSECURE`
 */
export function connectionIn(
  region: string | undefined,
  { profile, endpointUrl }: Omit<AwsOptions, 'region'>,
  { env }: Io,
): KmsConnection {
  return {
    region: region ?? environmentRegion(env),
    profile,
    endpoint: secureEndpoint(endpointUrl),
  };
}

// The AWS CLI reads both names, the SDK for JavaScript only the first.
function environmentRegion(env: NodeJS.ProcessEnv): string | undefined {
  return env.AWS_REGION ?? env.AWS_DEFAULT_REGION;
}

/** Connects to KMS for a key. Loads the AWS SDK only now, so that offline commands never load it. */
export async function openKms(keyId: string, options: AwsOptions, io: Io): Promise<KmsClient> {
  parseKeyReference(keyId);
  const connection = connectionTo(keyId, options, io);
  const { connect } = await import('../aws/index.js');
  return connect(connection);
}

/** Connects to KMS to read the keys of a Region. */
export async function openKeyInventory(connection: KmsConnection): Promise<KeyInventory> {
  const { connectKeyInventory } = await import('../aws/key-inventory.js');
  return connectKeyInventory(connection);
}

/** All principals of an account share its quotas, so a quarter is left to the others. */
const SHARE = 0.75;

/** Returns a pacing at three quarters of the quotas of AWS. It does not slow down calls to an emulator. */
export function shareOfQuotas({ now, sleep }: Pick<Io, 'now' | 'sleep'>): Pacing {
  return new Pacing({ now: () => now().getTime(), sleep, share: SHARE });
}

/** The Regions to read: by name, all of the partition, or that of the environment or the profile. */
export interface RegionOptions {
  readonly region?: readonly string[];
  readonly allRegions?: boolean;
}

/**
 * Connects to KMS to read the keys of several Regions.
 *
 * @returns the connections by the names of their Regions
 * @throws {@link ByokError} `ENDPOINT_INSECURE`, `KMS_REGION`
 */
export async function openKeyInventories(
  { region: named, allRegions = false, ...account }: Omit<AwsOptions, 'region'> & RegionOptions,
  io: Io,
): Promise<ReadonlyMap<string, KeyInventory>> {
  const { connectKeyInventory } = await import('../aws/key-inventory.js');
  const pacing = shareOfQuotas(io);
  const connect = (region?: string): KeyInventory =>
    connectKeyInventory(connectionIn(region, account, io), pacing);
  const all = (regions: readonly string[]): ReadonlyMap<string, KeyInventory> =>
    new Map(Array.from(new Set(regions), (region) => [region, connect(region)]));
  if (named !== undefined) return all(named);
  const inventory = connect();
  if (!allRegions) return new Map([[await inventory.region(), inventory]]);
  // Any Region of the account says which partition it is.
  const own = await inventory.region().catch((error: unknown) => {
    if (error instanceof ByokError && error.code === 'KMS_REGION') return undefined;
    throw error;
  });
  inventory.close();
  return all(regionsBeside(own));
}
