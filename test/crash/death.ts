import type { KmsClient as KmsCalls } from '../../src/aws/index';
import type { Point } from './recording';

/**
 * The death of a provider at one point, as KMS and the engine see it: the call has its effect or has
 * not, no answer comes back, and nothing comes from that provider any more.
 */
export class Death {
  #point: Point | undefined;
  #isDying = false;
  #died: () => void = () => undefined;

  /** @returns settles when the provider is dead */
  at(point: Point): Promise<void> {
    this.#point = point;
    return new Promise((resolve) => (this.#died = resolve));
  }

  /** As the hook of the embedded KMS. */
  onCall({ index, phase }: Point): void {
    const { index: number, phase: when } = this.#point ?? {};
    if (index === number && phase === when) this.#isDying = true;
    // Retries of the same call fail as well, so the client gives up.
    if (this.#isDying) throw new Error('the client is dead');
  }

  /** Calls of a provider that may die. After its death they never return. */
  over(calls: KmsCalls): KmsCalls {
    const mortal = Object.entries(calls).map(([name, call]) => [
      name,
      async (...args: unknown[]) => {
        try {
          return await (call as (...all: unknown[]) => Promise<unknown>)(...args);
        } finally {
          await this.#never();
        }
      },
    ]);
    return Object.fromEntries(mortal) as KmsCalls;
  }

  /** Call if the provider did not reach the point. */
  spare(): void {
    this.#point = undefined;
  }

  #never(): Promise<void> {
    if (!this.#isDying) return Promise.resolve();
    this.#isDying = false;
    this.#point = undefined;
    this.#died();
    return new Promise(() => undefined);
  }
}
