import { KMSClient, type KMSClientConfig } from '@aws-sdk/client-kms';
import { fromNodeProviderChain, fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import { parseKeyReference } from '../domain/identifiers';
import { omitUndefined } from '../domain/omit-undefined';
import { environmentRegion } from '../domain/region';
import { assert, cancellationOf } from '../errors';
import type { KmsConnection } from './connection';
import { judgeMetadataService } from './metadata-service';
import { isThrottling, type Pacing } from './pacing';
import { requestHandler, type GuardedHandler } from './request-handler';
import { translate, translateAssumeRole } from './service-error';

// The SDK announces the end of its support for Node 20 with a process warning, which the Pulumi
// engine shows in every update as if something were wrong with the stack.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

/**
 * Creates a client of KMS. Each of its calls fails if it names a key in an account that the connection
 * excludes, waits for its turn, and throws nothing but {@link ByokError}.
 *
 * The SDK retries 5xx answers and broken connections (standard mode, exponential backoff and jitter). It also
 * retries throttled calls, except that a pacing repeats them itself.
 *
 * @param pacing - default: calls are sent at once
 * @param identity - that of another client, so that its credentials are resolved once for both; default: an own one
 */
export function createClient(
  connection: KmsConnection,
  pacing?: Pacing,
  identity?: KmsIdentity,
): KMSClient {
  const settings = {
    ...clientSettings(connection, connection),
    ...omitUndefined({ credentials: identity }),
  };
  const client = new KMSClient(settings);
  if (pacing !== undefined) leaveThrottling(client);
  const send = client.send.bind(client) as (sent: Sent, options?: SendOptions) => Promise<unknown>;
  const guarded = async (sent: Sent, options: SendOptions = {}): Promise<unknown> => {
    const { KeyId: keyId } = sent.input;
    const arn = keyId === undefined ? undefined : parseKeyReference(keyId).arn;
    assertAllowedAccount(arn?.accountId, connection);
    const operation = sent.constructor.name.replace(/Command$/, '');
    try {
      if (pacing === undefined) return await send(sent, options);
      const { abortSignal = new AbortController().signal } = options;
      const place = {
        endpoint: connection.endpoint ?? (await client.config.serviceConfiguredEndpoint?.()),
        region: arn?.region ?? (await client.config.region()),
        // Unknown if a key is named by its ID. Such calls count together.
        accountId: arn?.accountId,
      };
      return await pacing.run(place, operation, () => send(sent, options), abortSignal);
    } catch (error) {
      const { AWS_PROFILE } = process.env;
      const translated = translate(error, operation, connection.profile ?? AWS_PROFILE);
      const isLate = translated.code === 'TIMEOUT';
      throw (isLate ? cancellationOf(options.abortSignal) : undefined) ?? translated;
    }
  };
  return Object.assign(client, { send: guarded as KMSClient['send'] });
}

/** Provides the credentials of a client, and keeps them until they expire. */
export type KmsIdentity = KMSClient['config']['credentials'];

interface Sent {
  readonly constructor: { readonly name: string };
  readonly input: { readonly KeyId?: string };
}

interface SendOptions {
  readonly abortSignal?: AbortSignal;
}

/**
 * Refuses a key in an account that the configuration excludes, as the aws provider does. KMS imports only
 * within an account, so the account of the key is the account that is called.
 *
 * @throws {@link ByokError} `ACCOUNT_NOT_ALLOWED`
 */
export function assertAllowedAccount(
  accountId: string | undefined,
  { allowedAccountIds, forbiddenAccountIds }: KmsConnection,
): void {
  if (accountId === undefined) return;
  assert(
    // An empty list allows all accounts, as in the aws provider.
    (!allowedAccountIds?.length || allowedAccountIds.includes(accountId)) &&
      forbiddenAccountIds?.includes(accountId) !== true,
    'ACCOUNT_NOT_ALLOWED',
    `the key is in account ${accountId}, which allowedAccountIds or forbiddenAccountIds (in the connection or in aws:*) excludes: check the credentials, the profile and the stack`,
  );
}

function leaveThrottling(client: KMSClient): void {
  const { config } = client;
  const standard = config.retryStrategy;
  config.retryStrategy = async () => {
    const strategy = await standard();
    if (!('refreshRetryTokenForRetry' in strategy)) return strategy;
    return {
      acquireInitialRetryToken: (scope) => strategy.acquireInitialRetryToken(scope),
      refreshRetryTokenForRetry: (token, failure) =>
        isThrottling(failure.error)
          ? Promise.reject(new Error('left to the pacing'))
          : strategy.refreshRetryTokenForRetry(token, failure),
      recordSuccess: (token) => {
        strategy.recordSuccess(token);
      },
    };
  };
}

/** Returns the settings that the clients of all services share, for a Region and an endpoint. */
export function clientSettings(
  connection: KmsConnection,
  { region, endpoint }: Pick<KmsConnection, 'region' | 'endpoint'>,
) {
  return {
    ...omitUndefined({
      region: region ?? environmentRegion(process.env),
      profile: connection.profile,
      endpoint,
      credentials: credentialsFor(connection),
      useFipsEndpoint: connection.useFipsEndpoint,
      useDualstackEndpoint: connection.useDualstackEndpoint,
      retryMode: connection.retryMode,
    }),
    maxAttempts: connection.maxAttempts ?? 6,
    requestHandler: requestHandler(connection.proxy, connection.transport),
  };
}

function credentialsFor(connection: KmsConnection): KMSClientConfig['credentials'] {
  const { profile, credentials, assumeRole, stsEndpoint } = connection;
  const own = credentials === undefined ? undefined : omitUndefined(credentials);
  const region = connection.region ?? environmentRegion(process.env);
  const identity = own ?? credentialsOfProfile(profile, requestHandler(connection.proxy));
  if (assumeRole === undefined) return identity;
  const assume = fromTemporaryCredentials({
    masterCredentials: identity,
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
      requestHandler: requestHandler(connection.proxy),
    },
  });
  return async (caller) => {
    try {
      return await assume(caller);
    } catch (error) {
      throw translateAssumeRole(error);
    }
  };
}

/** The default chain of the SDK. Its clients take no settings from the client that needs the credentials. */
function credentialsOfProfile(
  profile: string | undefined,
  handler: GuardedHandler,
): ReturnType<typeof fromNodeProviderChain> {
  const provide = fromNodeProviderChain({
    ...omitUndefined({ profile }),
    clientConfig: { requestHandler: handler },
  });
  return async (caller) => {
    await judgeMetadataService(profile, process.env);
    try {
      return await provide(caller);
    } catch (error) {
      throw handler.refusal ?? error;
    }
  };
}
