import type { ByokError } from '../errors';

/** Permission for one call. */
export interface Grant {
  /** When it was given. */
  readonly at: number;
  /** The estimate of the rate at that time. */
  readonly estimate: number;
}

/** The first change of the rate. Each further change in the same direction is twice as large. */
const FIRST_INCREASE = 0.02; // of the documented rate
const FIRST_DECREASE = 0.05; // of the rate
const LARGEST_DECREASE = 0.5;

/** Calls that KMS must accept in a row before the documented rate may be exceeded. */
const PROVEN = 30;

/** The lowest rate, as a part of the documented one. */
const LOWEST = 1 / 4;

/** The longest pause between refusals, in seconds. */
const LONGEST_PAUSE = 5;

/**
 * A token bucket that learns its rate: additive increase, multiplicative decrease.
 *
 * Each call takes a token, and tokens arrive at `perSecond`, up to the burst. The bucket begins at the
 * documented rate, or without any limit until the first refusal. KMS does not count the calls that it
 * refuses, so a refusal means that no token arrived since the last accepted call. If the rate predicts a
 * token in that time, the rate is too high and falls; if not, only the burst was too large. Each accepted
 * call raises the rate again, up to the documented one, and slowly beyond it after many in a row, because an
 * account may have a higher quota.
 *
 * Instants are milliseconds of a monotonic clock.
 */
export class TokenBucket {
  readonly #quota: RequestQuota;
  #limited: boolean;
  #rate: number;
  #level: number;
  #filledAt: number;
  #decrease = FIRST_DECREASE;
  #increase = FIRST_INCREASE;
  #acceptedInRow = 0;
  #lastAcceptedAt = -Infinity;
  // Calls that were sent before the rate fell prove nothing about the new rate.
  #estimate = 0;

  /** @param limited - whether the documented rate applies from the start */
  constructor(quota: RequestQuota, limited: boolean, now: number) {
    this.#quota = quota;
    this.#limited = limited;
    this.#rate = quota.perSecond;
    this.#level = quota.burst;
    this.#filledAt = now;
  }

  /** The estimate of calls per second; infinite without a limit, until the first refusal. */
  get perSecond(): number {
    return this.#limited ? this.#rate : Infinity;
  }

  /** Returns the milliseconds until the nth call from now may be made; 0 if it may be made at once. */
  waitFor(now: number, nth = 1): number {
    if (!this.#limited) return 0;
    this.#fill(now);
    // Tokens are fractions. Ignores a rounding error.
    const short = nth - this.#level;
    return short <= 1e-9 ? 0 : (short / this.#rate) * 1000;
  }

  /** Takes a token. */
  take(now: number): Grant {
    this.#fill(now);
    this.#level -= 1;
    return { at: now, estimate: this.#estimate };
  }

  /** Records that KMS served the call. */
  accepted({ at, estimate }: Grant): void {
    this.#lastAcceptedAt = Math.max(this.#lastAcceptedAt, at);
    if (!this.#limited || estimate !== this.#estimate) return;
    this.#decrease = FIRST_DECREASE;
    this.#acceptedInRow += 1;
    const { perSecond, most = Infinity } = this.#quota;
    if (this.#rate < perSecond) {
      this.#rate = Math.min(perSecond, this.#rate + this.#increase * perSecond);
      this.#increase *= 2;
    } else if (this.#acceptedInRow > PROVEN) {
      this.#rate = Math.min(most, this.#rate + FIRST_INCREASE * perSecond);
    }
  }

  /**
   * Records that KMS refused the call with a ThrottlingException.
   *
   * @param random - 0 to 1. Delays the repetition a little, so that several processes do not return at one
   * instant
   */
  refused({ at, estimate }: Grant, now: number, random: number): void {
    if (estimate !== this.#estimate) return;
    const tooFast = this.#limited && this.#tokensBetween(this.#lastAcceptedAt, at) > 0.999;
    this.#limited = true;
    this.#estimate += 1;
    this.#acceptedInRow = 0;
    this.#increase = FIRST_INCREASE;
    const decrease = this.#decrease;
    if (tooFast) {
      const lowest = LOWEST * this.#quota.perSecond;
      this.#rate = Math.max(lowest, this.#rate * (1 - Math.min(LARGEST_DECREASE, decrease)));
      this.#decrease = Math.min(LONGEST_PAUSE * this.#rate, decrease * 2);
    }
    const sinceAccepted = this.#tokensBetween(this.#lastAcceptedAt, now);
    this.#level = Math.min(1 - decrease, sinceAccepted) - decrease * random;
    this.#filledAt = now;
  }

  #tokensBetween(from: number, to: number): number {
    return ((to - from) / 1000) * this.#rate;
  }

  #fill(now: number): void {
    const tokens = this.#tokensBetween(this.#filledAt, now);
    this.#level = Math.min(this.#quota.burst, this.#level + tokens);
    this.#filledAt = now;
  }
}

/** Dependencies of {@link Queue}. */
export interface QueueContext {
  /** Milliseconds of a monotonic clock. */
  readonly now: () => number;
  /** Waits; throws if the signal ends the wait first. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

interface Waiter {
  readonly go: (grant: Grant) => void;
}

/** Calls that wait for a token, first come, first served. */
export class Queue {
  readonly #waiting: Waiter[] = [];
  readonly #bucket: TokenBucket;
  readonly #context: QueueContext;
  #nap: AbortController | undefined;

  constructor(bucket: TokenBucket, context: QueueContext) {
    this.#bucket = bucket;
    this.#context = context;
  }

  /** Number of calls that wait. */
  get length(): number {
    return this.#waiting.length;
  }

  /** Estimate of the milliseconds until the last call in the queue may go. */
  get milliseconds(): number {
    return this.#bucket.waitFor(this.#context.now(), this.#waiting.length);
  }

  /**
   * Waits for a turn.
   *
   * @param repeated - whether KMS has refused the call before. Such a call goes to the front
   * @param onWait - called after the call joined the queue, if it cannot go at once
   * @param timeUp - makes the error if the signal ends the wait, from the number of calls ahead
   */
  turn(
    repeated: boolean,
    signal: AbortSignal,
    onWait: () => void,
    timeUp: (ahead: number) => ByokError,
  ): Promise<Grant> {
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        go: (grant) => {
          signal.removeEventListener('abort', leave);
          resolve(grant);
        },
      };
      const leave = (): void => {
        const ahead = this.#waiting.indexOf(waiter);
        this.#waiting.splice(ahead, 1);
        if (this.#waiting.length === 0) this.#nap?.abort();
        reject(timeUp(ahead));
      };
      if (repeated) this.#waiting.unshift(waiter);
      else this.#waiting.push(waiter);
      if (signal.aborted) {
        leave();
        return;
      }
      signal.addEventListener('abort', leave, { once: true });
      // A refusal has changed the level of the bucket.
      if (repeated) this.#nap?.abort();
      this.#serve();
      if (this.#waiting.includes(waiter)) onWait();
    });
  }

  // Releases the calls that may go, and returns for the next one.
  #serve(): void {
    const { now, sleep } = this.#context;
    while (this.#nap === undefined) {
      const milliseconds = this.#bucket.waitFor(now());
      if (this.#waiting.length === 0) return;
      if (milliseconds === 0) {
        this.#waiting.shift()?.go(this.#bucket.take(now()));
        continue;
      }
      const nap = new AbortController();
      this.#nap = nap;
      const wake = (): void => {
        this.#nap = undefined;
        this.#serve();
      };
      void sleep(Math.ceil(milliseconds), nap.signal).then(wake, wake);
    }
  }
}

/** The rate at which an operation may be called. */
export interface RequestQuota {
  /** Requests per second, for one account and Region. */
  readonly perSecond: number;
  /** Requests that may arrive at once after a pause. */
  readonly burst: number;
  /** The highest rate to try while calls are accepted. Default: none. */
  readonly most?: number | undefined;
}

/**
 * The request quotas that AWS documents (AWS KMS Developer Guide, requests-per-second). Each operation here
 * has its own quota. AWS documents no burst, so it is one second's worth of requests.
 */
const REQUEST_QUOTAS: Readonly<Record<string, RequestQuota>> = {
  // AWS accepted three calls within 0.62 s. Older editions of the page have 0.25 per second.
  GetParametersForImport: { perSecond: 1, burst: 3 },
  RotateKeyOnDemand: perSecond(5),
  GetKeyLastUsage: perSecond(5),
  ImportKeyMaterial: perSecond(15),
  DeleteImportedKeyMaterial: perSecond(15),
  ListKeyRotations: perSecond(100),
  ListAliases: perSecond(500),
  ListKeys: perSecond(500),
  GetKeyPolicy: perSecond(1000),
  GetKeyRotationStatus: perSecond(1000),
  DescribeKey: perSecond(2000),
};

/** The quota of most operations that manage keys. */
const USUAL = perSecond(5);

/** Returns the quota of an operation, and whether AWS documents it. */
export function quotaOf(operation: string): RequestQuota & { readonly documented: boolean } {
  const quota = REQUEST_QUOTAS[operation];
  return { ...(quota ?? USUAL), documented: quota !== undefined };
}

/** Returns a part of a quota, as a limit that is never exceeded. The rest is for others. */
export function shareOf(quota: RequestQuota, share: number): RequestQuota {
  const rate = quota.perSecond * share;
  return { perSecond: rate, burst: Math.max(1, quota.burst * share), most: rate };
}

function perSecond(rate: number): RequestQuota {
  return { perSecond: rate, burst: rate };
}
