import { parseKeyReference } from '../domain/identifiers';
import type { KmsClient, KmsConnection } from '../aws/index';
import type { KeyInventory } from '../aws/key-inventory';
import type { Pacing } from '../aws/pacing';
import { resolveConnection, secureEndpoint } from '../provider/connection';
import type { Io } from './io';
import type { AwsOptions } from './options';

/**
 * Where KMS is for one key: the options, then the Region in the key's ARN, then what the AWS CLI reads.
 *
 * @throws {@link ByokError} `KEY_ID_FORMAT`, `REGION_MISMATCH`, `ENDPOINT_INSECURE`
 */
export function connectionTo(keyId: string, options: AwsOptions, { env }: Io): KmsConnection {
  const { profile, region, endpointUrl: endpoint } = options;
  const inputs = {
    ...(profile === undefined ? {} : { profile }),
    ...(region === undefined ? {} : { region }),
    ...(endpoint === undefined ? {} : { endpoint }),
  };
  const connection = resolveConnection(keyId, inputs, () => undefined);
  return { ...connection, region: connection.region ?? environmentRegion(env) };
}

/**
 * Where KMS is in one Region.
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

// The AWS CLI reads both names, and the SDK for JavaScript the first alone.
function environmentRegion(env: NodeJS.ProcessEnv): string | undefined {
  return env.AWS_REGION ?? env.AWS_DEFAULT_REGION;
}

/** Opens KMS for a key. The AWS SDK is loaded by this call, so that no offline command loads it. */
export async function openKms(keyId: string, options: AwsOptions, io: Io): Promise<KmsClient> {
  parseKeyReference(keyId);
  const connection = connectionTo(keyId, options, io);
  const { connect } = await import('../aws/index.js');
  return connect(connection);
}

/** Opens KMS for reading a Region. */
export async function openFleet(connection: KmsConnection, pacing?: Pacing): Promise<KeyInventory> {
  const { connectKeyInventory } = await import('../aws/key-inventory.js');
  return connectKeyInventory(connection, pacing);
}
