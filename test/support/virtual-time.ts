/**
 * A clock that jumps to the next alarm when nothing else is left to do. Nothing waits in real time,
 * and alarms ring in their order.
 */
export class VirtualTime {
  #now = 0;
  #alarms: { readonly at: number; readonly ring: () => void }[] = [];

  /** Milliseconds since the start. */
  readonly now = (): number => this.#now;

  readonly sleep = (milliseconds: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const alarm = { at: this.#now + milliseconds, ring: resolve };
      this.#alarms.push(alarm);
      signal?.addEventListener('abort', () => {
        this.#alarms = this.#alarms.filter((other) => other !== alarm);
        reject(new Error('aborted'));
      });
    });

  /** Lets time pass until the work is done, or until the instant. */
  async run<T>(work: Promise<T>, until = Infinity): Promise<T | undefined> {
    const settled = new AbortController();
    const settle = (): void => {
      settled.abort();
    };
    work.then(settle, settle);
    for (;;) {
      // Everything that is ready has its turn before time passes.
      await new Promise((resolve) => setImmediate(resolve));
      if (settled.signal.aborted) return work;
      const [next] = this.#alarms.sort((a, b) => a.at - b.at);
      if (next === undefined || next.at > until) return undefined;
      this.#alarms.shift();
      this.#now = next.at;
      next.ring();
    }
  }
}
