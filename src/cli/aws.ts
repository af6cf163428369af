import { parseKeyReference } from '../domain/identifiers';
import { omitUndefined } from '../domain/omit-undefined';
import { environmentRegion } from '../domain/region';
import type { KmsClient, KmsConnection } from '../aws/index';
import type { KeyInventory } from '../aws/key-inventory';
import { resolveConnection, secureEndpoint, type StackConfig } from '../provider/connection';
import type { Io } from './io';
import type { AwsOptions } from './options';

/**
 * Returns how to connect to KMS for one key: from the options, then from the Region in the key's ARN and from the
 * configuration of a stack, then from the variables that the AWS CLI reads.
 *
 * @param config - default: no stack
 * @throws {@link ByokError} `INPUT_INVALID`, `REGION_MISMATCH`, `ENDPOINT_INSECURE`; for a configuration also the other
 * codes of {@link resolveConnection}
 */
export function connectionTo(
  keyId: string | undefined,
  options: AwsOptions,
  { env }: Io,
  config: StackConfig = () => undefined,
): KmsConnection {
  const { profile, region, endpointUrl: endpoint } = options;
  const inputs = omitUndefined({ profile, region, endpoint });
  const connection = resolveConnection(keyId, inputs, config);
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
