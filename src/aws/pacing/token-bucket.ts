import type { RequestQuota } from './request-quotas';

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
