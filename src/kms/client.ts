import { KMSClient, type KMSClientConfig } from '@aws-sdk/client-kms';
import { fromNodeProviderChain, fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import { omitUndefined } from '../domain/omit-undefined';
import { ByokError, type ByokErrorCode } from '../errors';
import type { KmsConnection } from './connection';

// The SDK announces the end of its support for Node 20 with a process warning, which the Pulumi
// engine shows in every update as if something were wrong with the stack.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

/**
 * Creates a client for a connection.
 *
 * Retries are the SDK's own (standard mode: throttling, 5xx and broken connections, with
 * exponential backoff and jitter).
 */
export function createClient(connection: KmsConnection): KMSClient {
  return new KMSClient({
    ...omitUndefined({
      region: connection.region,
      profile: connection.profile,
      endpoint: connection.endpoint,
      credentials: credentialsFor(connection),
    }),
    maxAttempts: 6,
    requestHandler: {
      connectionTimeout: 5_000,
      requestTimeout: 30_000,
      throwOnRequestTimeout: true,
    },
  });
}

function credentialsFor(connection: KmsConnection): KMSClientConfig['credentials'] {
  const { region, profile, credentials, assumeRole, stsEndpoint } = connection;
  const own = credentials === undefined ? undefined : omitUndefined(credentials);
  if (assumeRole === undefined) return own;
  return fromTemporaryCredentials({
    masterCredentials: own ?? fromNodeProviderChain(omitUndefined({ profile })),
    params: {
      RoleArn: assumeRole.roleArn,
      RoleSessionName: assumeRole.sessionName ?? 'pulumi-kms-byok',
      ...omitUndefined({
        ExternalId: assumeRole.externalId,
        DurationSeconds: assumeRole.durationSeconds,
      }),
    },
    clientConfig: omitUndefined({ region, endpoint: stsEndpoint }),
  });
}

const CODES: Readonly<Record<string, ByokErrorCode>> = {
  NotFoundException: 'KEY_NOT_FOUND',
  AccessDeniedException: 'KMS_ACCESS_DENIED',
  AccessDenied: 'KMS_ACCESS_DENIED',
  ThrottlingException: 'KMS_THROTTLED',
  IncorrectKeyMaterialException: 'MATERIAL_REFUSED',
  CredentialsProviderError: 'KMS_CREDENTIALS',
  UnrecognizedClientException: 'KMS_CREDENTIALS',
  InvalidClientTokenId: 'KMS_CREDENTIALS',
  ExpiredTokenException: 'KMS_CREDENTIALS',
  InvalidSignatureException: 'KMS_CREDENTIALS',
  MissingAuthenticationTokenException: 'KMS_CREDENTIALS',
  AbortError: 'TIMEOUT',
  TimeoutError: 'KMS_UNREACHABLE',
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
  TIMEOUT: 'raise timeouts, or run the update again: it continues where it stopped',
};

/**
 * Turns what the AWS SDK threw into a {@link ByokError} that keeps AWS's error name, its message
 * and the request ID. The code depends on the name alone: KMS answers 400 to nearly everything.
 */
export function translate(error: unknown, operation: string): ByokError {
  if (error instanceof ByokError) return error;
  const { name, message, $metadata, code: system } = error as Partial<AwsError>;
  const code = codeOf(error as Partial<AwsError>);
  // Messages of credential providers can quote the output of an external process.
  const fromService = $metadata?.httpStatusCode !== undefined;
  const what = [
    `${operation} failed: ${system ?? name ?? 'unknown error'}`,
    ...(fromService && message !== undefined && message !== 'UnknownError' ? [`: ${message}`] : []),
    ...($metadata?.requestId === undefined ? [] : [` (request ${$metadata.requestId})`]),
  ].join('');
  const remedy = REMEDIES[code];
  return new ByokError(code, remedy === undefined ? what : `${what}; ${remedy}`, { cause: error });
}

interface AwsError extends Error {
  readonly $metadata: { readonly requestId?: string; readonly httpStatusCode?: number };
  readonly code: string;
}

function codeOf({ name = '', message, $metadata }: Partial<AwsError>): ByokErrorCode {
  if (message === 'Region is missing') return 'KMS_REGION';
  // An attempt without an HTTP status never had an answer.
  const unanswered = $metadata !== undefined && $metadata.httpStatusCode === undefined;
  return CODES[name] ?? (unanswered ? 'KMS_UNREACHABLE' : 'KMS_ERROR');
}
