/**
 * Tells the embedded KMS what time it is. `now` must not throw and must not run backwards: expiry,
 * token lifetime, rotation and deletion windows are all settled against it, at the next call.
 */
export interface KmsClock {
  /** The instant that KMS takes for the present. */
  now(): Date;
}

/** The real time of this machine. */
export const systemClock: KmsClock = { now: () => new Date() };

/**
 * A clock that stands still until a test moves it.
 *
 * @example
 * ```ts
 * import { ManualClock, startKms } from 'embedded-kms';
 *
 * const clock = new ManualClock(new Date('2030-01-01T00:00:00Z'));
 * const kms = await startKms({ clock });
 * clock.advance(24 * 60 * 60 * 1000); // import tokens of today are expired now
 * ```
 */
export class ManualClock implements KmsClock {
  #milliseconds: number;

  /** Starts at the given instant, or at the real time of the call. */
  constructor(start: Date = new Date()) {
    this.#milliseconds = start.getTime();
  }

  /** The instant that it was set or advanced to. */
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
