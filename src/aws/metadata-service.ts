import { assertSecureMetadataService } from '../domain/network';
import { ByokError } from '../errors';
import { loadMetadataService } from './load-metadata-service';

/**
 * Judges the instance metadata service before the default chain may ask it for credentials. The SDK sends those
 * requests without the request handler that judges all others.
 *
 * @throws {@link ByokError} `ENDPOINT_INSECURE`, `AWS_CONFIG_INVALID`
 */
export async function judgeMetadataService(
  profile: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  if (!mayAskMetadataService(profile, env)) return;
  const { getInstanceMetadataEndpoint } = loadMetadataService();
  const endpoint = await getInstanceMetadataEndpoint().catch((cause: unknown) => {
    throw new ByokError(
      'AWS_CONFIG_INVALID',
      'the settings of the instance metadata service cannot be used: AWS_EC2_METADATA_SERVICE_ENDPOINT is a URL, and AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE is IPv4 or IPv6, also in the AWS configuration file',
      { cause },
    );
  });
  assertSecureMetadataService(endpoint);
}

// In the order of the chain: variables with keys come first if no profile is named, and the service comes last.
function mayAskMetadataService(profile: string | undefined, env: NodeJS.ProcessEnv): boolean {
  const hasKeys = isSet(env.AWS_ACCESS_KEY_ID) && isSet(env.AWS_SECRET_ACCESS_KEY);
  const isNamed = isSet(profile ?? env.AWS_PROFILE);
  const isDisabled =
    isSet(env.AWS_EC2_METADATA_DISABLED) && env.AWS_EC2_METADATA_DISABLED !== 'false';
  // A profile can name the service as its credential_source, even if it is disabled for the end of the chain.
  return isNamed || !(hasKeys || isDisabled);
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '';
}
