/** Pieces of output, of which everything or the end is kept. */
export class CollectedOutput {
  readonly #keep: number | undefined;
  #chunks: Buffer[] = [];
  /** Bytes that are held. */
  length = 0;

  /** @param keep - keeps that many bytes of the end */
  constructor(keep?: number) {
    this.#keep = keep;
  }

  /** Takes ownership of the piece. */
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

  /** Hands over what was collected and erases the pieces. */
  take(): Buffer {
    const whole = Buffer.concat(this.#chunks);
    this.erase();
    return whole;
  }

  /** Overwrites what is held. */
  erase(): void {
    for (const chunk of this.#chunks) chunk.fill(0);
    this.#chunks = [];
    this.length = 0;
  }
}
