/** The output of a process: all of it, or its end. */
export class CollectedOutput {
  readonly #keep: number | undefined;
  #chunks: Buffer[] = [];
  /** Bytes that are kept. */
  length = 0;

  /** @param keep - number of bytes of the end to keep; default: all */
  constructor(keep?: number) {
    this.#keep = keep;
  }

  /** Adds a piece of output, and takes ownership of it. */
  add(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.length += chunk.length;
    if (this.#keep !== undefined && this.length > this.#keep) {
      const whole = this.take();
      const end = Buffer.from(whole.subarray(-this.#keep));
      whole.fill(0);
      this.#chunks = [end];
      this.length = end.length;
    }
  }

  /** Returns what was collected, and erases the pieces. */
  take(): Buffer {
    const whole = Buffer.concat(this.#chunks);
    this.erase();
    return whole;
  }

  /** Overwrites what is kept. */
  erase(): void {
    for (const chunk of this.#chunks) chunk.fill(0);
    this.#chunks = [];
    this.length = 0;
  }
}
