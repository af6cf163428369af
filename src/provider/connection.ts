import { knownPart } from './protocol';
import { parseDuration } from '../domain/duration';
import { assertSecureEndpoint } from '../domain/endpoint';
import { parseKeyReference } from '../domain/identifiers';
import { ByokError, assert } from '../errors';
import type { KmsConnection } from '../aws/connection';
import type { KmsClient } from '../aws/index';
import type { AwsSecrets } from '../material/aws-secrets';
import type { ProviderContext } from './context';
import { timeLimit } from './wait';
import type { ConnectionInputs } from './schema';

/** Reads a key of the stack's configuration, such as `aws:region`. */
export type StackConfig = (key: string) => string | undefined;

/**
 * Decides in which Region the key is, as far as it can be told without the AWS default chain.
 *
 * @throws {@link ByokError} `REGION_MISMATCH`
 */
export function resolveRegion(
  keyId: string,
  declared: string | undefined,
  config: StackConfig,
): string | undefined {
  const ofKey = parseKeyReference(keyId).arn?.region;
  assert(
    ofKey === undefined || declared === undefined || ofKey === declared,
    'REGION_MISMATCH',
    'connection.region is not the Region in the ARN that keyId gives: remove one of them',
  );
  return declared ?? ofKey ?? config('aws:region');
}

/**
 * Decides how to reach KMS: the `connection` input, then the Region in the key's ARN, then the
 * `aws:*` configuration of the stack ({@link AWS_CONFIG} says which of it), then, for what remains absent, the AWS default
 * chain.
 *
 * @throws {@link ByokError} `REGION_MISMATCH`, `ENDPOINT_INSECURE`, `AWS_CONFIG_INVALID`,
 * `AWS_CONFIG_UNSUPPORTED`, `INPUT_TYPE`, `DURATION_FORMAT`
 */
export function resolveConnection(
  keyId: string,
  inputs: ConnectionInputs | undefined,
  config: StackConfig,
): KmsConnection {
  assertConfigSupported(config);
  return {
    ...configuredRetries(config),
    stsRegion: config('aws:stsRegion'),
    useFipsEndpoint: inputs?.useFipsEndpoint ?? configuredFlag(config, 'aws:useFipsEndpoint'),
    useDualstackEndpoint:
      inputs?.useDualstackEndpoint ?? configuredFlag(config, 'aws:useDualstackEndpoint'),
    allowedAccountIds:
      inputs?.allowedAccountIds ?? configuredAccounts(config, 'aws:allowedAccountIds'),
    forbiddenAccountIds:
      inputs?.forbiddenAccountIds ?? configuredAccounts(config, 'aws:forbiddenAccountIds'),
    region: resolveRegion(keyId, inputs?.region, config),
    profile: inputs?.profile ?? config('aws:profile'),
    endpoint: secureEndpoint(inputs?.endpoint) ?? configuredEndpoint(config, 'kms'),
    stsEndpoint: configuredEndpoint(config, 'sts'),
    secretsManagerEndpoint: configuredEndpoint(config, 'secretsmanager'),
    ssmEndpoint: configuredEndpoint(config, 'ssm'),
    credentials: inputs?.profile === undefined ? configuredCredentials(config) : undefined,
    assumeRole: assumedRole(inputs, config),
  };
}

function assumedRole(
  inputs: ConnectionInputs | undefined,
  config: StackConfig,
): KmsConnection['assumeRole'] {
  const declared = inputs?.assumeRole;
  if (declared !== undefined) {
    assert(
      declared.roleArn !== undefined,
      'INPUT_TYPE',
      'connection.assumeRole.roleArn is missing: give the ARN of the role',
    );
    return role({ ...declared, roleArn: declared.roleArn }, 'connection.assumeRole.duration');
  }
  const one = configuredObject(config, 'aws:assumeRole');
  const several = configuredList(config, 'aws:assumeRoles');
  assert(
    several.length <= 1,
    'AWS_CONFIG_INVALID',
    'aws:assumeRoles names a chain of roles, which is not supported: name the last role in connection.assumeRole',
  );
  const configured = one ?? several[0];
  if (configured === undefined) return undefined;
  const { roleArn, externalId, sessionName, duration, ...others } = configured;
  const [other] = Object.keys(others).filter((name) => others[name] != null);
  assert(
    other === undefined,
    'AWS_CONFIG_INVALID',
    'aws:assumeRole has members beside roleArn, externalId, sessionName and duration, which limit the session and are not supported: give the role as connection.assumeRole, or to a KmsByokProvider',
  );
  assert(typeof roleArn === 'string', 'AWS_CONFIG_INVALID', 'aws:assumeRole has no roleArn');
  return role(
    {
      roleArn,
      externalId: asText(externalId),
      sessionName: asText(sessionName),
      duration: asText(duration),
    },
    'aws:assumeRole.duration',
  );
}

function role(
  parts: {
    readonly roleArn: string;
    readonly externalId?: string | undefined;
    readonly sessionName?: string | undefined;
    readonly duration?: string | undefined;
  },
  durationName: string,
): KmsConnection['assumeRole'] {
  const { duration, ...rest } = parts;
  const durationSeconds =
    duration === undefined ? undefined : parseDuration(duration, durationName);
  // AssumeRole, DurationSeconds (AWS STS API Reference).
  assert(
    durationSeconds === undefined || (durationSeconds >= 900 && durationSeconds <= 43_200),
    'DURATION_FORMAT',
    `${durationName} is at least 15m and at most 12h`,
  );
  return { ...rest, durationSeconds };
}

function configuredCredentials(config: StackConfig): KmsConnection['credentials'] {
  const accessKeyId = config('aws:accessKey');
  const secretAccessKey = config('aws:secretKey');
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined;
  return { accessKeyId, secretAccessKey, sessionToken: config('aws:token') };
}

/**
 * Refuses an endpoint in clear on another machine, before anything is called. Where the program and the
 * configuration name none, the client judges what it resolved.
 *
 * @throws {@link ByokError} `ENDPOINT_INSECURE`
 */
export function secureEndpoint(endpoint: string | undefined): string | undefined {
  if (endpoint === undefined) return undefined;
  assertSecureEndpoint(URL.canParse(endpoint) ? new URL(endpoint) : undefined);
  return endpoint;
}

// The aws provider takes a list of objects, each of which maps services to base URLs.
function configuredEndpoint(config: StackConfig, service: string): string | undefined {
  for (const entry of configuredList(config, 'aws:endpoints')) {
    const url = entry[service];
    if (typeof url === 'string' && url !== '') return secureEndpoint(url);
  }
  return undefined;
}

type Members = Readonly<Record<string, unknown>>;

function configuredObject(config: StackConfig, key: string): Members | undefined {
  const value = configuredJson(config, key);
  if (value === undefined) return undefined;
  if (!isMembers(value)) throw invalid(key, 'an object');
  return value;
}

function configuredList(config: StackConfig, key: string): readonly Members[] {
  const value = configuredJson(config, key);
  if (value === undefined) return [];
  const list: unknown[] = Array.isArray(value) ? value : [value];
  if (!list.every(isMembers)) throw invalid(key, 'a list of objects');
  return list;
}

// Objects in stack configuration arrive as JSON text.
function configuredJson(config: StackConfig, key: string): unknown {
  const json = config(key);
  if (json === undefined) return undefined;
  try {
    return JSON.parse(json) as unknown;
  } catch {
    throw invalid(key, 'JSON');
  }
}

function invalid(key: string, expected: string): ByokError {
  return new ByokError('AWS_CONFIG_INVALID', `the stack configuration ${key} is not ${expected}`);
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The Region that inputs lead to, as far as it can be told without a call. */
export function regionOf(
  {
    keyId,
    connection,
  }: { readonly keyId: string; readonly connection?: ConnectionInputs | undefined },
  config: StackConfig,
): string | undefined {
  return resolveRegion(
    keyId,
    (knownPart(connection) as ConnectionInputs | undefined)?.region,
    config,
  );
}

/** What one operation on one resource reaches for. */
export interface OperationContext extends Omit<ProviderContext, 'connectSecrets'> {
  readonly kms: KmsClient;
  readonly connectSecrets: () => Promise<AwsSecrets>;
  /** Ends the operation at its time limit. */
  readonly signal: AbortSignal;
}

/** Connects to the KMS of a resource for one operation. */
export async function connectFor<Operation extends 'create' | 'update' | 'delete'>(
  inputs: {
    readonly keyId: string;
    readonly connection?: ConnectionInputs | undefined;
    readonly timeouts?: Readonly<Partial<Record<Operation, number | undefined>>> | undefined;
  },
  operation: Operation,
  context: ProviderContext,
  config: StackConfig,
): Promise<OperationContext> {
  const connection = resolveConnection(inputs.keyId, inputs.connection, config);
  return {
    ...context,
    kms: await context.connect(connection),
    connectSecrets: () => context.connectSecrets(connection),
    signal: timeLimit(inputs.timeouts, operation),
  };
}

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
