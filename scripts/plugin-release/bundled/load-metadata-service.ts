import { getInstanceMetadataEndpoint } from '@smithy/credential-provider-imds';
import type { MetadataService } from '../../../src/aws/load-metadata-service';

/** Returns the module with which the AWS SDK asks the service. */
export function loadMetadataService(): MetadataService {
  return { getInstanceMetadataEndpoint };
}
