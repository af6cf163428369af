import { setTimeout as delay } from 'node:timers/promises';
import { isLoopback } from '../domain/network';
import { ByokError } from '../errors';
import { Queue, type QueueContext, TokenBucket, quotaOf, shareOf } from './rate-limit';

/** The account, Region and endpoint of a call. Each has its own request quotas. */
export interface Place {
  /** Base URL of KMS; default: that of the Region. */
  readonly endpoint?: string | undefined;
  readonly region: string;
  /** Absent if the key is not named by an ARN. */
  readonly accountId?: string | undefined;
}

/** Dependencies of {@link Pacing}. */
export interface PacingContext extends QueueContext {
  /** A number from 0 to 1. */
  readonly random: () => number;
  /** Shows one line to the user. */
  readonly say: (line: string) => void;
  /** Returns whether to keep to the quotas of AWS before any call was refused. */
  readonly hasQuotas: (place: Place) => boolean;
  /** The part of the quotas of AWS to use, below 1. Default: all, and more if KMS accepts more. */
  readonly share?: number | undefined;
}

/** The shortest wait that the user is shown, in seconds. */
const LONG_WAIT = 5;

interface Lane {
  readonly bucket: TokenBucket;
  readonly queue: Queue;
  announced: boolean;
}

/**
 * Paces calls to the rates that KMS allows for each account, Region, endpoint and operation, and repeats the
 * calls that KMS refuses with a ThrottlingException. One object serves all connections of a process, because
 * their calls count together.
 */
export class Pacing {
  readonly #context: PacingContext;
  readonly #lanes = new Map<string, Lane>();

  constructor(context: Partial<PacingContext> = {}) {
    this.#context = { ...DEFAULT_CONTEXT, ...context };
  }

  /**
   * Makes a call when its turn comes, and repeats it while KMS throttles it.
   *
   * @throws {@link ByokError} `TIMEOUT` if the signal ends the wait, and what the call throws
   */
  async run<T>(
    place: Place,
    operation: string,
    call: () => Promise<T>,
    signal: AbortSignal,
  ): Promise<T> {
    const { now, random } = this.#context;
    const lane = this.#lane(place, operation);
    for (let repeated = false; ; repeated = true) {
      const grant = await lane.queue.turn(
        repeated,
        signal,
        () => {
          this.#announce(lane, place, operation);
        },
        (ahead) => timeUp(lane, place, operation, ahead),
      );
      try {
        const answer = await call();
        lane.bucket.accepted(grant);
        return answer;
      } catch (error) {
        if (!isThrottling(error)) throw error;
        lane.bucket.refused(grant, now(), random());
      }
    }
  }

  #lane(place: Place, operation: string): Lane {
    const { endpoint = '', region, accountId = '' } = place;
    const name = [endpoint, region, accountId, operation].join(' ');
    const found = this.#lanes.get(name);
    if (found !== undefined) return found;
    const { now, hasQuotas, share } = this.#context;
    const quota = quotaOf(operation);
    const limited = quota.documented && hasQuotas(place);
    const kept = share === undefined ? quota : shareOf(quota, share);
    const bucket = new TokenBucket(kept, limited, now());
    const lane = { bucket, queue: new Queue(bucket, this.#context), announced: false };
    this.#lanes.set(name, lane);
    return lane;
  }

  #announce(lane: Lane, place: Place, operation: string): void {
    const seconds = lane.queue.milliseconds / 1000;
    if (lane.announced || seconds < LONG_WAIT) return;
    lane.announced = true;
    const { length } = lane.queue;
    const hundred = shownDuration(100 / lane.bucket.perSecond);
    this.#context.say(
      `${paceOf(lane, place, operation)}: ${length} ${length === 1 ? 'call waits' : 'calls wait'}, about ${shownDuration(seconds)}; a hundred take about ${hundred}`,
    );
  }
}

interface ServiceException {
  readonly name: string;
  readonly $metadata: { readonly httpStatusCode?: number };
}

/** Returns whether KMS, or a proxy before it, refused a call because of its rate. */
export function isThrottling(error: unknown): boolean {
  const thrown = error as Partial<ServiceException> | undefined;
  return thrown?.name === 'ThrottlingException' || thrown?.$metadata?.httpStatusCode === 429;
}

const DEFAULT_CONTEXT: PacingContext = {
  now: () => performance.now(),
  sleep: async (milliseconds, signal) => {
    await delay(milliseconds, undefined, { signal });
  },
  random: Math.random,
  say: () => undefined,
  // An endpoint on this machine is an emulator. It has quotas only if it refuses a call.
  hasQuotas: ({ endpoint }) =>
    endpoint === undefined || !URL.canParse(endpoint) || !isLoopback(new URL(endpoint).hostname),
};

function paceOf({ bucket }: Lane, { region, accountId }: Place, operation: string): string {
  const rate = Number(bucket.perSecond.toPrecision(2));
  const account = accountId === undefined ? '' : ` from account ${accountId}`;
  return `KMS takes about ${rate} ${operation} per second${account} in ${region}`;
}

function timeUp(lane: Lane, place: Place, operation: string, ahead: number): ByokError {
  return new ByokError(
    'TIMEOUT',
    `${operation} did not get its turn within the time limit, with ${ahead} calls before it; ${paceOf(lane, place, operation)}: raise timeouts, or run the update again: it continues where it stopped`,
  );
}

function shownDuration(seconds: number): string {
  return seconds < 100 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;
}
