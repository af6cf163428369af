import type { KMSClient } from '@aws-sdk/client-kms';
import { isThrottling, type Pacing, type Place } from './pacing';

interface Sent {
  readonly constructor: { readonly name: string };
  readonly input: { readonly KeyId?: string };
}

interface SendOptions {
  readonly abortSignal?: AbortSignal;
}

/**
 * Makes a client send each command in its turn. Throttling is left to the pacing; all else that the
 * SDK repeats by its own rules, it goes on repeating.
 */
export function pace(client: KMSClient, pacing: Pacing, endpoint: string | undefined): KMSClient {
  leaveThrottling(client);
  const send = client.send.bind(client) as (sent: Sent, options?: SendOptions) => Promise<unknown>;
  const paced = async (sent: Sent, options: SendOptions = {}): Promise<unknown> => {
    const place = await placeOf(client, endpoint, sent.input.KeyId);
    const operation = sent.constructor.name.replace(/Command$/, '');
    const { abortSignal = new AbortController().signal } = options;
    return pacing.run(place, operation, () => send(sent, options), abortSignal);
  };
  return Object.assign(client, { send: paced as KMSClient['send'] });
}

// Where a key is named by its ID alone, the account is not known: such calls count together.
async function placeOf(
  client: KMSClient,
  endpoint: string | undefined,
  keyId: string | undefined,
): Promise<Place> {
  const arn = /^arn:[^:]*:kms:([^:]+):([0-9]{12}):/.exec(keyId ?? '');
  const region = arn?.[1] ?? (await client.config.region());
  return { endpoint, region, accountId: arn?.[2] };
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
