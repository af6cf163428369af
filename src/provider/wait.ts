import { setTimeout as delay } from 'node:timers/promises';
import { ByokError } from '../errors';
import type { Timeouts } from './imported-key-material/inputs';

/** Waits, and throws when the signal ends the wait first. */
export type Sleep = (milliseconds: number, signal: AbortSignal) => Promise<void>;

/** The default {@link Sleep}, on the timer of the process. */
export const realSleep: Sleep = async (milliseconds, signal) => {
  await delay(milliseconds, undefined, { signal });
};

/** The patience of one operation: how it waits, and what ends it. */
export interface WaitOptions {
  readonly sleep: Sleep;
  readonly signal: AbortSignal;
}

async function pause(milliseconds: number, what: string, patience: WaitOptions): Promise<void> {
  try {
    await patience.sleep(milliseconds, patience.signal);
  } catch (error) {
    throw new ByokError(
      'TIMEOUT',
      `${what} did not happen within the time limit: raise timeouts, or run the update again: it continues where it stopped`,
      { cause: error },
    );
  }
}

/**
 * Repeats until there is a result, with pauses that double from half a second to eight.
 *
 * @param what - what is waited for, as it is named when the time is up
 * @throws {@link ByokError} `TIMEOUT` when the signal ends it
 */
export async function pollUntil<T>(
  attempt: () => Promise<T | undefined>,
  what: string,
  patience: WaitOptions,
): Promise<T> {
  for (let milliseconds = 500; ; milliseconds = Math.min(milliseconds * 2, 8_000)) {
    const result = await attempt();
    if (result !== undefined) return result;
    await pause(milliseconds, what, patience);
  }
}

/**
 * KMS is eventually consistent: a key that was created a moment ago may not be found yet
 * (AWS KMS Developer Guide, programming-eventual-consistency). A key that does not exist is
 * reported after about 15 seconds.
 *
 * @throws {@link ByokError} `TIMEOUT`, and what the call throws
 */
export async function retryWhileAbsent<T>(
  call: () => Promise<T>,
  patience: WaitOptions,
): Promise<T> {
  for (const milliseconds of [500, 1_000, 2_000, 4_000, 8_000]) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof ByokError) || error.code !== 'KEY_NOT_FOUND') throw error;
    }
    await pause(milliseconds, 'finding the key', patience);
  }
  return call();
}

// A request that hangs must not hang an update for ever.
const DEFAULT_TIMEOUT_SECONDS: Readonly<Record<keyof Timeouts, number>> = {
  create: 600,
  update: 600,
  delete: 300,
};

/** A signal that ends one operation at its time limit. */
export function timeLimit(timeouts: Timeouts | undefined, operation: keyof Timeouts): AbortSignal {
  return AbortSignal.timeout((timeouts?.[operation] ?? DEFAULT_TIMEOUT_SECONDS[operation]) * 1000);
}
