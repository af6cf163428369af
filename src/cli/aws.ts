import { parseKeyReference } from '../domain/identifiers';
import { omitUndefined } from '../domain/omit-undefined';
import { environmentRegion } from '../domain/region';
import type { KmsClient, KmsConnection } from '../aws/index';
import type { KeyInventory } from '../aws/key-inventory';
import { Pacing } from '../aws/pacing';
import { resolveConnection, secureEndpoint } from '../provider/connection';
import type { Io } from './io';
import type { AwsOptions } from './options';

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

/**
 * Connects to KMS to read the keys of several Regions, at three quarters of the quotas of AWS.
 *
 * @returns the connections by the names of their Regions
 * @throws {@link ByokError} `ENDPOINT_INSECURE`, `KMS_REGION`
 */
export async function openKeyInventories(
  { region: regions = [], ...account }: Omit<AwsOptions, 'region'> & { region?: readonly string[] },
  io: Io,
): Promise<ReadonlyMap<string, KeyInventory>> {
  const { connectKeyInventory } = await import('../aws/key-inventory.js');
  const pacing = new Pacing({
    now: () => io.now().getTime(),
    sleep: io.sleep,
    hasQuotas: () => true,
    share: SHARE,
  });
  const inventories = new Map<string, KeyInventory>();
  for (const region of regions.length === 0 ? [undefined] : new Set(regions)) {
    const connection = connectionIn(region, account, io);
    const inventory = connectKeyInventory(connection, pacing);
    inventories.set(connection.region ?? (await inventory.region()), inventory);
  }
  return inventories;
}
