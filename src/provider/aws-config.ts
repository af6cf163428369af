import { assert, ByokError } from '../errors';
import type { StackConfig } from './connection';

/**
 * Every input of the aws provider, which is its configuration as well, and what this package does with it.
 * `honoured`: the same as the aws provider. `refused`: it would decide where calls go, as whom, or into which
 * account, and is not implemented, so a stack that sets it is told. `irrelevant`: it decides none of that.
 */
export const AWS_CONFIG = {
  accessKey: 'honoured',
  allowedAccountIds: 'honoured',
  assumeRoleWithWebIdentity: 'refused',
  assumeRoles: 'honoured',
  customCaBundle: 'refused',
  defaultTags: 'irrelevant',
  ec2MetadataServiceEndpoint: 'refused',
  ec2MetadataServiceEndpointMode: 'refused',
  endpoints: 'honoured',
  forbiddenAccountIds: 'honoured',
  httpProxy: 'refused',
  httpsProxy: 'refused',
  ignoreTags: 'irrelevant',
  insecure: 'refused',
  maxRetries: 'honoured',
  // Without a proxy it says nothing.
  noProxy: 'irrelevant',
  profile: 'honoured',
  region: 'honoured',
  retryMode: 'honoured',
  s3UsEast1RegionalEndpoint: 'irrelevant',
  s3UsePathStyle: 'irrelevant',
  secretKey: 'honoured',
  sharedConfigFiles: 'refused',
  sharedCredentialsFiles: 'refused',
  skipCredentialsValidation: 'irrelevant',
  skipMetadataApiCheck: 'refused',
  skipRegionValidation: 'irrelevant',
  skipRequestingAccountId: 'irrelevant',
  stsRegion: 'honoured',
  tagPolicyCompliance: 'irrelevant',
  token: 'honoured',
  tokenBucketRateLimiterCapacity: 'irrelevant',
  useDualstackEndpoint: 'honoured',
  useFipsEndpoint: 'honoured',
  userAgents: 'irrelevant',
} as const satisfies Readonly<Record<string, 'honoured' | 'refused' | 'irrelevant'>>;

// How the same is said to the AWS SDK, where it can be.
const REMEDIES: Readonly<Partial<Record<keyof typeof AWS_CONFIG, string>>> = {
  assumeRoleWithWebIdentity: 'set AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE',
  customCaBundle: 'set NODE_EXTRA_CA_CERTS',
  ec2MetadataServiceEndpoint: 'set AWS_EC2_METADATA_SERVICE_ENDPOINT',
  ec2MetadataServiceEndpointMode: 'set AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE',
  sharedConfigFiles: 'set AWS_CONFIG_FILE',
  sharedCredentialsFiles: 'set AWS_SHARED_CREDENTIALS_FILE',
  skipMetadataApiCheck: 'set AWS_EC2_METADATA_DISABLED',
};

/**
 * Refuses configuration of the stack that decides where calls go, as whom, or into which account, and that
 * this package does not implement.
 *
 * @throws {@link ByokError} `AWS_CONFIG_UNSUPPORTED`
 */
export function assertConfigSupported(config: StackConfig): void {
  for (const [name, what] of Object.entries(AWS_CONFIG)) {
    const isSet =
      what === 'refused' && !['', 'false', '[]', undefined].includes(config(`aws:${name}`));
    const remedy = REMEDIES[name as keyof typeof AWS_CONFIG];
    assert(
      !isSet,
      'AWS_CONFIG_UNSUPPORTED',
      `the stack configuration aws:${name} is not implemented for key material, and it decides where calls go or as whom: remove it${remedy === undefined ? '' : ` and ${remedy}`}, or give the resources a KmsByokProvider, which does not see the configuration of the stack`,
    );
  }
}

/**
 * Reads a flag of the configuration.
 *
 * @throws {@link ByokError} `AWS_CONFIG_INVALID`
 */
export function configuredFlag(config: StackConfig, key: string): boolean | undefined {
  const text = config(key);
  if (text === undefined || text === '') return undefined;
  if (text !== 'true' && text !== 'false') throw invalid(key, 'true or false');
  return text === 'true';
}

/**
 * Reads account IDs of the configuration.
 *
 * @throws {@link ByokError} `AWS_CONFIG_INVALID`
 */
export function configuredAccounts(
  config: StackConfig,
  key: string,
): readonly string[] | undefined {
  const text = config(key);
  if (text === undefined || text === '') return undefined;
  let list: unknown;
  try {
    list = JSON.parse(text, (_key, value, context?: { readonly source?: string }) =>
      typeof value === 'number' ? (context?.source ?? String(value)) : (value as unknown),
    );
  } catch {
    list = undefined;
  }
  const isList =
    Array.isArray(list) && list.every((id) => typeof id === 'string' && /^\d{12}$/.test(id));
  if (!isList) throw invalid(key, 'a list of account IDs, each of 12 digits in quotes');
  return list as readonly string[];
}

/**
 * Reads how often and in which way calls are retried.
 *
 * @returns attempts, the first one included
 * @throws {@link ByokError} `AWS_CONFIG_INVALID`
 */
export function configuredRetries(config: StackConfig): {
  readonly maxAttempts: number | undefined;
  readonly retryMode: 'standard' | 'adaptive' | undefined;
} {
  const [retries, mode] = [config('aws:maxRetries'), config('aws:retryMode')];
  if (retries !== undefined && !/^\d{1,3}$/.test(retries)) {
    throw invalid('aws:maxRetries', 'a whole number below 1000');
  }
  if (mode !== undefined && mode !== 'standard' && mode !== 'adaptive') {
    throw invalid('aws:retryMode', 'standard or adaptive');
  }
  return { maxAttempts: retries === undefined ? undefined : Number(retries) + 1, retryMode: mode };
}

function invalid(key: string, expected: string): ByokError {
  return new ByokError('AWS_CONFIG_INVALID', `the stack configuration ${key} is not ${expected}`);
}
