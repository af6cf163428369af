import { KMSClient, type KMSClientConfig } from '@aws-sdk/client-kms';
import { fromNodeProviderChain, fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import { omitUndefined } from '../domain/omit-undefined';
import { requestIdText, serviceName, serviceText } from '../domain/service-text';
import { ByokError, type ByokErrorCode } from '../errors';
import type { KmsConnection } from './connection';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { assertSecureEndpoint } from '../domain/endpoint';

// The SDK announces the end of its support for Node 20 with a process warning, which the Pulumi
// engine shows in every update as if something were wrong with the stack.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

/**
 * Creates a client for a connection.
 *
 * Retries are the SDK's own (standard mode: throttling, 5xx and broken connections, with
 * exponential backoff and jitter). Over it stands the pacing of {@link pace}, which takes throttling.
 */
export function createClient(connection: KmsConnection): KMSClient {
  return new KMSClient(clientSettings(connection, connection));
}

/** What the clients of all services have in common, for a Region and an endpoint. */
export function clientSettings(
  connection: KmsConnection,
  { region, endpoint }: Pick<KmsConnection, 'region' | 'endpoint'>,
) {
  return {
    ...omitUndefined({
      region,
      profile: connection.profile,
      endpoint,
      credentials: credentialsFor(connection),
      useFipsEndpoint: connection.useFipsEndpoint,
      useDualstackEndpoint: connection.useDualstackEndpoint,
      retryMode: connection.retryMode,
    }),
    maxAttempts: connection.maxAttempts ?? 6,
    requestHandler: requestHandler(),
  };
}

function credentialsFor(connection: KmsConnection): KMSClientConfig['credentials'] {
  const { region, profile, credentials, assumeRole, stsEndpoint } = connection;
  const own = credentials === undefined ? undefined : omitUndefined(credentials);
  if (assumeRole === undefined) return own;
  return fromTemporaryCredentials({
    masterCredentials:
      own ??
      fromNodeProviderChain({
        ...omitUndefined({ profile }),
        clientConfig: { requestHandler: requestHandler() },
      }),
    params: {
      RoleArn: assumeRole.roleArn,
      RoleSessionName: assumeRole.sessionName ?? 'pulumi-kms-byok',
      ...omitUndefined({
        ExternalId: assumeRole.externalId,
        DurationSeconds: assumeRole.durationSeconds,
      }),
    },
    clientConfig: {
      ...omitUndefined({
        region: connection.stsRegion ?? region,
        endpoint: stsEndpoint,
        useFipsEndpoint: connection.useFipsEndpoint,
        useDualstackEndpoint: connection.useDualstackEndpoint,
      }),
      requestHandler: requestHandler(),
    },
  });
}

const CODES: Readonly<Record<string, ByokErrorCode>> = {
  NotFoundException: 'KEY_NOT_FOUND',
  AccessDeniedException: 'KMS_ACCESS_DENIED',
  AccessDenied: 'KMS_ACCESS_DENIED',
  ThrottlingException: 'KMS_THROTTLED',
  IncorrectKeyMaterialException: 'MATERIAL_REFUSED',
  ExpiredImportTokenException: 'IMPORT_PARAMETERS_REFUSED',
  InvalidImportTokenException: 'IMPORT_PARAMETERS_REFUSED',
  InvalidCiphertextException: 'IMPORT_PARAMETERS_REFUSED',
  CredentialsProviderError: 'KMS_CREDENTIALS',
  UnrecognizedClientException: 'KMS_CREDENTIALS',
  InvalidClientTokenId: 'KMS_CREDENTIALS',
  ExpiredTokenException: 'KMS_CREDENTIALS',
  InvalidSignatureException: 'KMS_CREDENTIALS',
  MissingAuthenticationTokenException: 'KMS_CREDENTIALS',
  AbortError: 'TIMEOUT',
  TimeoutError: 'KMS_UNREACHABLE',
};

/** The codes of the services that keep secrets, where they differ from those of KMS. */
const SOURCE_CODES: typeof CODES = {
  AccessDenied: 'MATERIAL_SOURCE_DENIED',
  AccessDeniedException: 'MATERIAL_SOURCE_DENIED',
  ResourceNotFoundException: 'MATERIAL_SOURCE_ABSENT',
  ParameterNotFound: 'MATERIAL_SOURCE_ABSENT',
  ParameterVersionNotFound: 'MATERIAL_SOURCE_ABSENT',
};

const REMEDIES: Readonly<Partial<Record<ByokErrorCode, string>>> = {
  KEY_NOT_FOUND: 'check keyId, the Region and the account',
  KMS_ACCESS_DENIED: 'allow the call in the key policy or in an IAM policy',
  KMS_THROTTLED: 'run the update again later, or ask AWS for a higher quota',
  KMS_CREDENTIALS: 'check the profile, the environment and the role that the connection names',
  KMS_REGION: 'set connection.region, aws:region or AWS_REGION, or give keyId as an ARN',
  KMS_UNREACHABLE:
    'check the network and the endpoint; what was done is found again by the next run',
  MATERIAL_REFUSED:
    'the key has other material, or these bytes do not fit its key spec; to add new material to a symmetric key, declare a further resource with importType NEW_KEY_MATERIAL',
  IMPORT_PARAMETERS_REFUSED:
    'the wrapping key and the import token must come from one answer of GetParametersForImport, for this key, within its 24 hours: fetch new ones, and check that nothing between here and KMS changes requests',
  MATERIAL_SOURCE_DENIED: 'allow the call, and kms:Decrypt with its key, in an IAM policy',
  MATERIAL_SOURCE_ABSENT: 'check the name, the version, the Region and the account',
  TIMEOUT: 'raise timeouts, or run the update again: it continues where it stopped',
};

/**
 * Turns what the AWS SDK threw into a {@link ByokError} that keeps AWS's error name, its message
 * and the request ID. The code depends on the name alone: KMS answers 400 to nearly everything.
 */
export function translate(error: unknown, operation: string): ByokError {
  if (error instanceof ByokError) return error;
  const thrown = error as Partial<AwsError>;
  const code = codeOf(thrown, CODES) ?? 'KMS_ERROR';
  // Messages of credential providers can quote the output of an external process.
  const fromService = thrown.$metadata?.httpStatusCode !== undefined;
  return translated(thrown, operation, code, { fromService, cause: error });
}

/**
 * The same for the services that keep secrets. An answer that the SDK could not read is quoted in its
 * error, and may be the secret: such an error is not kept.
 */
export function translateSource(error: unknown, operation: string): ByokError {
  if (error instanceof ByokError) return error;
  const thrown = error as Partial<AwsError>;
  const code = codeOf(thrown, { ...CODES, ...SOURCE_CODES }) ?? 'MATERIAL_SOURCE_ERROR';
  const fromService = thrown.$fault !== undefined;
  return translated(thrown, operation, code, fromService ? { fromService, cause: error } : {});
}

function translated(
  { name, message, $metadata, code: system }: Partial<AwsError>,
  operation: string,
  code: ByokErrorCode,
  { fromService = false, ...options }: { readonly fromService?: boolean; readonly cause?: unknown },
): ByokError {
  const requestId = requestIdText($metadata?.requestId);
  const what = [
    `${operation} failed: ${serviceName(system) ?? serviceName(name) ?? 'unknown error'}`,
    ...(fromService && message !== undefined && message !== 'UnknownError'
      ? [`: ${serviceText(message)}`]
      : []),
    ...(requestId === undefined ? [] : [` (request ${requestId})`]),
  ].join('');
  const remedy = REMEDIES[code];
  return new ByokError(code, remedy === undefined ? what : `${what}; ${remedy}`, options);
}

interface AwsError extends Error {
  readonly $metadata: { readonly requestId?: string; readonly httpStatusCode?: number };
  /** Whose fault it is, on what a service answered and on nothing else. */
  readonly $fault: 'client' | 'server';
  readonly code: string;
}

function codeOf(
  { name = '', message, $metadata }: Partial<AwsError>,
  codes: typeof CODES,
): ByokErrorCode | undefined {
  if (message === 'Region is missing') return 'KMS_REGION';
  // An attempt without an HTTP status never had an answer.
  const unanswered = $metadata !== undefined && $metadata.httpStatusCode === undefined;
  return codes[name] ?? (unanswered ? 'KMS_UNREACHABLE' : undefined);
}

type Handle = NodeHttpHandler['handle'];

/**
 * The way of every request of every client of this package, those included that only fetch credentials. It
 * judges what the client has resolved, whatever it came from: an input, the environment, the AWS
 * configuration file.
 */
class GuardedHandler extends NodeHttpHandler {
  override async handle(...[request, options]: Parameters<Handle>): ReturnType<Handle> {
    const { protocol, hostname, username, password } = request;
    assertSecureEndpoint({ protocol, hostname, username, password });
    return super.handle(request, options);
  }
}

/**
 * Makes the request handler of a client. Connections take at most 5 seconds, answers at most 30.
 *
 * @returns a handler whose requests fail with `ENDPOINT_INSECURE` where they would go to another machine in
 * clear
 */
export function requestHandler(): NodeHttpHandler {
  return new GuardedHandler({
    connectionTimeout: 5_000,
    requestTimeout: 30_000,
    throwOnRequestTimeout: true,
  });
}
