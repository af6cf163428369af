import { setTimeout as delay } from 'node:timers/promises';
import { ByokError, cancellationOf } from '../errors';

/** Waits, and throws if the signal aborts first. */
export type Sleep = (milliseconds: number, signal: AbortSignal) => Promise<void>;

/** The default {@link Sleep}, on the timer of the process. */
export const realSleep: Sleep = async (milliseconds, signal) => {
  await delay(milliseconds, undefined, { signal });
};

/** How to wait, and what ends the wait. */
export interface WaitOptions {
  readonly sleep: Sleep;
  readonly signal: AbortSignal;
}

/**
 * Waits.
 *
 * @param what - what the caller waits for, as the error names it
 * @throws {@link ByokError} `TIMEOUT` or `CANCELLED` if the signal aborts first
 */
export async function pause(
  milliseconds: number,
  what: string,
  options: WaitOptions,
): Promise<void> {
  try {
    await options.sleep(milliseconds, options.signal);
  } catch (error) {
    throw (
      cancellationOf(options.signal) ??
      new ByokError(
        'TIMEOUT',
        `timed out waiting for ${what}: raise timeouts, or run the update again, which continues where this one stopped`,
        { cause: error },
      )
    );
  }
}

/**
 * Repeats until there is a result, with pauses that double from half a second to eight seconds.
 *
 * @param what - what the caller waits for, as the error names it
 * @throws {@link ByokError} `TIMEOUT` or `CANCELLED` if the signal aborts first
 */
export async function pollUntil<T>(
  attempt: () => Promise<T | undefined>,
  what: string,
  options: WaitOptions,
): Promise<T> {
  for (let milliseconds = 500; ; milliseconds = Math.min(milliseconds * 2, 8_000)) {
    const result = await attempt();
    if (result !== undefined) return result;
    await pause(milliseconds, what, options);
  }
}

/**
 * Repeats a call as long as KMS does not find the key, for about 15 seconds. KMS is eventually consistent: it
 * may not find a key that was created a moment ago (AWS KMS Developer Guide,
 * programming-eventual-consistency).
 *
 * @throws {@link ByokError} `TIMEOUT`, `CANCELLED`, and what the call throws
 */
export async function retryWhileAbsent<T>(
  call: () => Promise<T>,
  options: WaitOptions,
): Promise<T> {
  for (const milliseconds of [500, 1_000, 2_000, 4_000, 8_000]) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof ByokError) || error.code !== 'KEY_NOT_FOUND') throw error;
    }
    await pause(milliseconds, 'KMS to find the key', options);
  }
  return call();
}

// A request without an answer must not block an update indefinitely.
const DEFAULT_TIMEOUT_SECONDS = { create: 600, update: 600, delete: 300 };

/** A step of the engine on one resource that has a time limit. */
export type Step = keyof typeof DEFAULT_TIMEOUT_SECONDS;

/** Time limits of the steps on one resource, in whole seconds. */
export type Timeouts = Readonly<Partial<Record<Step, number | undefined>>>;

// Node.js replaces a longer timer by one of a millisecond.
const LONGEST_TIMER_MILLISECONDS = 2 ** 31 - 1;

/** Returns a signal that aborts at the time limit of a step. */
export function timeLimit(timeouts: Timeouts | undefined, step: Step): AbortSignal {
  const seconds = timeouts?.[step] ?? DEFAULT_TIMEOUT_SECONDS[step];
  return AbortSignal.timeout(Math.min(seconds * 1000, LONGEST_TIMER_MILLISECONDS));
}
