import type { ByokError } from '../errors';

/** Permission for one call. */
export interface Grant {
  /** When it was given. */
  readonly at: number;
  /** Which estimate of the rate it was given under. */
  readonly estimate: number;
}

/** The first change of the rate; each further one in the same direction is twice as large. */
const FIRST_INCREASE = 0.02; // of the documented rate
const FIRST_DECREASE = 0.05; // of the rate
const LARGEST_DECREASE = 0.5;

/** Accepted calls in a row after which the documented rate may be exceeded. */
const PROVEN = 30;

/** The part of the documented rate below which the rate never falls. */
const LOWEST = 1 / 4;

/** The longest pause between refusals, in seconds. */
const LONGEST_PAUSE = 5;

/**
 * A token bucket that learns its rate: additive increase, multiplicative decrease.
 *
 * Every call takes a token, and tokens come at `perSecond`, up to the burst. It begins at the
 * documented rate, or without any limit until the first refusal. KMS does not count what it refuses,
 * so a refusal tells that it has had no token since the last call that it accepted: where that call
 * was as long ago as the rate says, the rate is too high and falls; where it was not, the burst was.
 * Each accepted call raises the rate again, up to the documented one, and slowly beyond it after many
 * in a row, for an account may have a higher quota.
 *
 * Instants are milliseconds of any clock that does not run backwards.
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
  // Calls that were under way when the rate fell say nothing of the new rate.
  #estimate = 0;

  /** @param limited - whether the documented rate holds from the start */
  constructor(quota: RequestQuota, limited: boolean, now: number) {
    this.#quota = quota;
    this.#limited = limited;
    this.#rate = quota.perSecond;
    this.#level = quota.burst;
    this.#filledAt = now;
  }

  /** Calls per second, as far as it is known; infinite before the first refusal without a limit. */
  get perSecond(): number {
    return this.#limited ? this.#rate : Infinity;
  }

  /** Milliseconds until the nth call from now may be made; 0 when it may be made at once. */
  waitFor(now: number, nth = 1): number {
    if (!this.#limited) return 0;
    this.#fill(now);
    // Tokens are fractions: what is short by a rounding error is there.
    const short = nth - this.#level;
    return short <= 1e-9 ? 0 : (short / this.#rate) * 1000;
  }

  /** Takes a token. */
  take(now: number): Grant {
    this.#fill(now);
    this.#level -= 1;
    return { at: now, estimate: this.#estimate };
  }

  /** KMS has served the call. */
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
   * KMS has refused the call with a ThrottlingException.
   *
   * @param random - 0 to 1, by which the repetition is put off a little, so that several processes do
   * not come back at one instant
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

/** What a queue reaches for. */
export interface QueueContext {
  /** Milliseconds of a clock that does not run backwards. */
  readonly now: () => number;
  /** Waits; throws when the signal ends the wait first. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

interface Waiter {
  readonly go: (grant: Grant) => void;
}

/** The calls that wait for a token, first come, first served. */
export class Queue {
  readonly #waiting: Waiter[] = [];
  readonly #bucket: TokenBucket;
  readonly #context: QueueContext;
  #nap: AbortController | undefined;

  constructor(bucket: TokenBucket, context: QueueContext) {
    this.#bucket = bucket;
    this.#context = context;
  }

  /** How many wait. */
  get length(): number {
    return this.#waiting.length;
  }

  /** Milliseconds until the last in the queue may go, as far as the rate is known. */
  get milliseconds(): number {
    return this.#bucket.waitFor(this.#context.now(), this.#waiting.length);
  }

  /**
   * Waits for a turn.
   *
   * @param repeated - whether KMS has refused the call before, so that it goes before those that came
   * later
   * @param onWait - called once the call is in the queue, when it cannot go at once
   * @param timeUp - what is thrown when the signal ends the wait, told how many were ahead
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
      // A refusal has changed what the bucket holds.
      if (repeated) this.#nap?.abort();
      this.#serve();
      if (this.#waiting.includes(waiter)) onWait();
    });
  }

  // Lets go who may go, and comes back for the next.
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

/** How often an operation may be called. */
export interface RequestQuota {
  /** Requests per second, for one account and Region. */
  readonly perSecond: number;
  /** How many may come at once after a pause. */
  readonly burst: number;
  /** The highest rate to try, where calls are accepted. Default: none. */
  readonly most?: number | undefined;
}

/**
 * The request quotas that AWS documents (AWS KMS Developer Guide, requests-per-second); each
 * operation here has one of its own. AWS states no burst: one second's worth is taken for it.
 */
const REQUEST_QUOTAS: Readonly<Record<string, RequestQuota>> = {
  // Three calls within 0.62 s were seen to pass. Older editions of the page say 0.25 per second.
  GetParametersForImport: { perSecond: 1, burst: 3 },
  RotateKeyOnDemand: perSecond(5),
  ImportKeyMaterial: perSecond(15),
  DeleteImportedKeyMaterial: perSecond(15),
  ListKeyRotations: perSecond(100),
  ListAliases: perSecond(500),
  ListKeys: perSecond(500),
  GetKeyRotationStatus: perSecond(1000),
  DescribeKey: perSecond(2000),
};

/** Of the operations that manage keys, most have this one. */
const USUAL = perSecond(5);

/** The quota of an operation, and whether it is one that AWS documents. */
export function quotaOf(operation: string): RequestQuota & { readonly documented: boolean } {
  const quota = REQUEST_QUOTAS[operation];
  return { ...(quota ?? USUAL), documented: quota !== undefined };
}

/** A part of a quota that is never exceeded, because the rest is for others. */
export function shareOf(quota: RequestQuota, share: number): RequestQuota {
  const rate = quota.perSecond * share;
  return { perSecond: rate, burst: Math.max(1, quota.burst * share), most: rate };
}

function perSecond(rate: number): RequestQuota {
  return { perSecond: rate, burst: rate };
}
