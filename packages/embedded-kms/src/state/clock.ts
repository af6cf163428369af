/**
 * The clock of an embedded KMS. `now` must not throw and must not run backwards. At each call, expiry, the
 * lifetime of tokens, rotations and deletion windows are brought up to this time.
 */
export interface KmsClock {
  /** Returns the present instant. */
  now(): Date;
}

/** A day of the clock, without leap seconds. */
export const DAY_MILLISECONDS = 24 * 60 * 60 * 1000;

/** The real time of this machine. */
export const systemClock: KmsClock = { now: () => new Date() };

/**
 * A clock that changes only when a test moves it.
 *
 * @example
 * ```ts
 * import { ManualClock, startKms } from 'embedded-kms';
 *
 * const clock = new ManualClock(new Date('2030-01-01T00:00:00Z'));
 * const kms = await startKms({ clock });
 * clock.advance(24 * 60 * 60 * 1000); // today's import tokens have expired
 * ```
 */
export class ManualClock implements KmsClock {
  #milliseconds: number;

  /** Starts at the given instant, or at the real time of the call. */
  constructor(start: Date = new Date()) {
    this.#milliseconds = start.getTime();
  }

  /** Returns the instant to which the clock was last moved. */
  now(): Date {
    return new Date(this.#milliseconds);
  }

  /** Moves the clock forward. */
  advance(milliseconds: number): void {
    this.#milliseconds += milliseconds;
  }

  /** Moves the clock to an instant. */
  set(instant: Date): void {
    this.#milliseconds = instant.getTime();
  }
}
