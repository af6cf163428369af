import type { ByokError } from '../../errors';
import type { Grant, TokenBucket } from './token-bucket';

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
