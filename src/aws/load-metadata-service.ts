import { createRequire } from 'node:module';
import type { Endpoint } from '../domain/network';

/** The part of the AWS SDK that finds the instance metadata service. */
export interface MetadataService {
  readonly getInstanceMetadataEndpoint: () => Promise<Endpoint>;
}

/**
 * Loads the module with which the AWS SDK asks the service, so that it finds the same endpoint in the environment and in
 * the profile. It is a dependency of the SDK and not of this package.
 */
export function loadMetadataService(): MetadataService {
  const load = createRequire(require.resolve('@aws-sdk/credential-providers'));
  return load('@smithy/credential-provider-imds') as MetadataService;
}
