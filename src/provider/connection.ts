import * as z from 'zod';
import { parseDuration } from '../domain/duration';
import { assertSecureEndpoint, configuredProxy, declaredProxy } from '../domain/network';
import { parseKeyReference } from '../domain/identifiers';
import { environmentRegion } from '../domain/region';
import { TRANSPORTS, type Transport } from '../domain/transport';
import { ByokError, type ByokErrorCode, assert } from '../errors';
import type { KmsConnection } from '../aws/connection';
import type { KmsClient } from '../aws/index';
import type { ProviderContext } from './context';
import { guarded, knownPart, type DynamicProvider } from './protocol';
import { timeLimit, type Step, type Timeouts } from './wait';
import { configuredAccountIds, type ConnectionInputs } from './schema';

/** Reads a key of the stack's configuration, such as `aws:region`. */
export type StackConfig = (key: string) => string | undefined;

/**
 * Returns the Region of the key, if it is known without the AWS default chain.
 *
 * @throws {@link ByokError} `REGION_MISMATCH`
 */
export function resolveRegion(
  keyId: string | undefined,
  declared: string | undefined,
  config: StackConfig,
): string | undefined {
  const ofKey = keyId === undefined ? undefined : parseKeyReference(keyId).arn?.region;
  assert(
    ofKey === undefined || declared === undefined || ofKey === declared,
    'REGION_MISMATCH',
    'connection.region differs from the Region in the ARN of keyId: remove one of them',
  );
  return declared ?? ofKey ?? config('aws:region');
}

/** Returns the Region that applies to a key that is not known yet, or whose ID does not name a Region. */
export function regionWithoutKey(
  declared: string | undefined,
  config: StackConfig,
  env: NodeJS.ProcessEnv,
): string | undefined {
  return declared ?? config('aws:region') ?? environmentRegion(env);
}

/**
 * Decides how to connect to KMS. In this order: the input `connection`, the Region in the ARN of the key, the
 * `aws:*` configuration of the stack (see {@link AWS_CONFIG}). The AWS default chain fills in what is absent.
 *
 * @param keyId - undefined for a key that does not exist yet
 * @throws {@link ByokError} `REGION_MISMATCH`, `ENDPOINT_INSECURE`, `AWS_CONFIG_INVALID`, `INPUT_INVALID`
 */
export function resolveConnection(
  keyId: string | undefined,
  inputs: ConnectionInputs | undefined,
  config: StackConfig,
): KmsConnection {
  assertConfigSupported(config);
  return {
    ...resolveRetries(inputs, config),
    stsRegion: inputs?.stsRegion ?? config('aws:stsRegion'),
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
    stsEndpoint: secureEndpoint(inputs?.endpoints?.sts) ?? configuredEndpoint(config, 'sts'),
    secretsManagerEndpoint:
      secureEndpoint(inputs?.endpoints?.secretsmanager) ??
      configuredEndpoint(config, 'secretsmanager'),
    ssmEndpoint: secureEndpoint(inputs?.endpoints?.ssm) ?? configuredEndpoint(config, 'ssm'),
    credentials: inputs?.profile === undefined ? configuredCredentials(config) : undefined,
    assumeRole: assumedRole(inputs, config),
    transport: inputs?.transport ?? configuredTransport(config),
    proxy: declaredProxy(inputs) ?? configuredProxy(config),
  };
}

// Only a KmsByokProvider has it, as its other inputs in the form of a configuration.
function configuredTransport(config: StackConfig): Transport | undefined {
  const configured = config('aws:transport');
  if (configured === undefined) return undefined;
  const transport = TRANSPORTS.find((known) => known === configured);
  if (transport === undefined) throw invalid('aws:transport', `one of ${TRANSPORTS.join(', ')}`);
  return transport;
}

function assumedRole(
  inputs: ConnectionInputs | undefined,
  config: StackConfig,
): KmsConnection['assumeRole'] {
  const declared = inputs?.assumeRole;
  if (declared !== undefined) {
    assert(
      declared.roleArn !== undefined,
      'INPUT_INVALID',
      'connection.assumeRole.roleArn is missing: give the ARN of the role',
    );
    return role(
      { ...declared, roleArn: declared.roleArn },
      'connection.assumeRole.duration',
      'INPUT_INVALID',
    );
  }
  const one = configuredJson(config, 'aws:assumeRole', members, 'a JSON object');
  const several = configuredList(config, 'aws:assumeRoles');
  assert(
    several.length <= 1,
    'AWS_CONFIG_INVALID',
    'aws:assumeRoles names a chain of roles, which is not supported: name the last role in connection.assumeRole',
  );
  assert(
    one === undefined || several.length === 0,
    'AWS_CONFIG_INVALID',
    'the stack configuration has aws:assumeRole and aws:assumeRoles, and the aws provider uses only one of them: remove aws:assumeRole',
  );
  const configured = one ?? several[0];
  if (configured === undefined) return undefined;
  const { roleArn, externalId, sessionName, duration, ...others } = configured;
  const [other] = Object.keys(others).filter((name) => others[name] != null);
  assert(
    other === undefined,
    'AWS_CONFIG_INVALID',
    'aws:assumeRole has other members than roleArn, externalId, sessionName and duration, which limit the session and are not supported: give the role as connection.assumeRole, or to a KmsByokProvider',
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
    'AWS_CONFIG_INVALID',
  );
}

function role(
  { duration, ...rest }: NonNullable<ConnectionInputs['assumeRole']> & { roleArn: string },
  durationName: string,
  code: ByokErrorCode,
): KmsConnection['assumeRole'] {
  const durationSeconds =
    duration === undefined ? undefined : parseDuration(duration, durationName, code);
  // AssumeRole, DurationSeconds (AWS STS API Reference).
  assert(
    durationSeconds === undefined || (durationSeconds >= 900 && durationSeconds <= 43_200),
    code,
    `${durationName} is at least 15m and at most 12h`,
  );
  return { ...rest, durationSeconds };
}

// The aws provider fails with a part of them. With the default chain instead, somebody else would import.
function configuredCredentials(config: StackConfig): KmsConnection['credentials'] {
  const [accessKeyId, secretAccessKey, sessionToken] = ['accessKey', 'secretKey', 'token'].map(
    (name) => asText(config(`aws:${name}`)),
  );
  if ((accessKeyId ?? secretAccessKey ?? sessionToken) === undefined) return undefined;
  assert(
    accessKeyId !== undefined && secretAccessKey !== undefined,
    'AWS_CONFIG_INVALID',
    'the stack configuration has only a part of aws:accessKey, aws:secretKey and aws:token: set both keys, or none of the three',
  );
  return { accessKeyId, secretAccessKey, sessionToken };
}

/**
 * Refuses an unencrypted endpoint on another machine, before anything is called. If neither the program nor the
 * configuration names an endpoint, the client checks the one that it resolves.
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

const members = z.record(z.string(), z.unknown());
// The aws provider also takes a single object for a list of one.
const memberList = z.union([z.array(members), members.transform((one) => [one])]);

function configuredList(config: StackConfig, key: string): z.infer<typeof memberList> {
  return configuredJson(config, key, memberList, 'a JSON list of objects') ?? [];
}

// Objects in stack configuration arrive as JSON text.
function configuredJson<T>(
  config: StackConfig,
  key: string,
  schema: z.ZodType<T>,
  expected: string,
): T | undefined {
  const json = config(key);
  if (json === undefined) return undefined;
  const parsed = schema.safeParse(parseJson(json));
  if (!parsed.success) throw invalid(key, expected);
  return parsed.data;
}

/** Returns undefined for text that is not JSON: no JSON text means undefined. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function invalid(key: string, expected: string): ByokError {
  return new ByokError('AWS_CONFIG_INVALID', `the stack configuration ${key} is not ${expected}`);
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The inputs that identify the key. */
export interface KeyInputs {
  readonly keyId: string;
  readonly connection?: ConnectionInputs | undefined;
}

/** Returns the Region of the key that inputs identify, if it is known without a call. */
export function regionOf(
  { keyId, connection }: KeyInputs,
  config: StackConfig,
): string | undefined {
  const known = knownPart(connection) as ConnectionInputs | undefined;
  return resolveRegion(keyId, known?.region, config);
}

/** A connection to the KMS of one resource, for one step of the engine. */
interface Connected {
  readonly connection: KmsConnection;
  readonly kms: KmsClient;
  /** Aborts at the time limit of the step. */
  readonly signal: AbortSignal;
}

/** Connects to the KMS of a resource for one step. */
export async function connectFor(
  inputs: KeyInputs & { readonly timeouts?: Timeouts | undefined },
  step: Step,
  { connect, cancelled }: Pick<ProviderContext, 'connect' | 'cancelled'>,
  config: StackConfig,
): Promise<Connected> {
  const connection = resolveConnection(inputs.keyId, inputs.connection, config);
  const limit = timeLimit(inputs.timeouts, step);
  const signal = cancelled === undefined ? limit : AbortSignal.any([limit, cancelled]);
  return { connection, kms: await connect(connection), signal };
}

/**
 * Keeps the stack configuration that the host hands over.
 *
 * @returns the method `configure` of a provider, and what reads the configuration after it
 */
export function stackConfiguration(): Pick<DynamicProvider, 'configure'> & {
  readonly config: StackConfig;
} {
  // The host may call other methods before `configure` has returned, so nothing is awaited in it.
  let read: StackConfig = () => undefined;
  return {
    configure: guarded((request) => {
      read = (key) => request.config.get(key);
      return Promise.resolve();
    }),
    config: (key) => read(key),
  };
}

/**
 * Every input of the aws provider, which is also its configuration, and how this package treats it.
 * `honoured`: as the aws provider does. `refused`: it decides where calls go, as whom, or to which account, and is
 * not implemented, so it is an error. `irrelevant`: it decides none of that.
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
  httpProxy: 'honoured',
  httpsProxy: 'honoured',
  ignoreTags: 'irrelevant',
  insecure: 'refused',
  maxRetries: 'honoured',
  noProxy: 'honoured',
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

type Refused = {
  [Name in keyof typeof AWS_CONFIG]: (typeof AWS_CONFIG)[Name] extends 'refused' ? Name : never;
}[keyof typeof AWS_CONFIG];

// Variables of the AWS SDK with the same effect.
const REMEDIES: Readonly<Record<Refused, string | undefined>> = {
  assumeRoleWithWebIdentity: 'set AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE',
  customCaBundle: 'set NODE_EXTRA_CA_CERTS',
  ec2MetadataServiceEndpoint: 'set AWS_EC2_METADATA_SERVICE_ENDPOINT',
  ec2MetadataServiceEndpointMode: 'set AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE',
  insecure: undefined,
  sharedConfigFiles: 'set AWS_CONFIG_FILE',
  sharedCredentialsFiles: 'set AWS_SHARED_CREDENTIALS_FILE',
  skipMetadataApiCheck: 'set AWS_EC2_METADATA_DISABLED',
};

function assertConfigSupported(config: StackConfig): void {
  for (const [name, remedy] of Object.entries(REMEDIES)) {
    const isSet = !['', 'false', '[]', undefined].includes(config(`aws:${name}`));
    assert(
      !isSet,
      'AWS_CONFIG_INVALID',
      `the stack configuration aws:${name} decides where calls go or as whom, and is not implemented for key material: remove it${remedy === undefined ? '' : ` and ${remedy}`}, or give the resources a KmsByokProvider, which does not use the configuration of the stack`,
    );
  }
}

function configuredFlag(config: StackConfig, key: string): boolean | undefined {
  const text = config(key);
  if (text === undefined || text === '') return undefined;
  if (text !== 'true' && text !== 'false') throw invalid(key, 'true or false');
  return text === 'true';
}

function configuredAccounts(config: StackConfig, key: string): readonly string[] | undefined {
  if (config(key) === '') return undefined;
  return configuredJson(
    config,
    key,
    configuredAccountIds,
    'a list of account IDs, each of 12 digits in quotes',
  );
}

function resolveRetries(
  inputs: ConnectionInputs | undefined,
  config: StackConfig,
): Pick<KmsConnection, 'maxAttempts' | 'retryMode'> {
  const [configured, configuredMode] = [config('aws:maxRetries'), config('aws:retryMode')];
  if (configured !== undefined && !/^\d{1,3}$/.test(configured)) {
    throw invalid('aws:maxRetries', 'a whole number below 1000');
  }
  if (
    configuredMode !== undefined &&
    configuredMode !== 'standard' &&
    configuredMode !== 'adaptive'
  ) {
    throw invalid('aws:retryMode', 'standard or adaptive');
  }
  const retries = inputs?.maxRetries ?? (configured === undefined ? undefined : Number(configured));
  return {
    // Attempts include the first one.
    maxAttempts: retries === undefined ? undefined : retries + 1,
    retryMode: inputs?.retryMode ?? configuredMode,
  };
}
