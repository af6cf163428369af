import { inspect } from 'node:util';

/**
 * Holds plaintext key material. It cannot be printed, logged or turned into JSON by accident, and
 * it can be erased. JavaScript cannot promise that no copy remains: strings that the bytes were
 * decoded from, and pages that the operating system swapped out, are beyond its reach.
 */
export class SecretBytes {
  readonly #bytes: Buffer;

  /** Takes ownership: the caller must not keep the buffer. */
  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** The number of bytes. */
  get length(): number {
    return this.#bytes.length;
  }

  /** Lends the bytes to a function that must not keep them. */
  expose<T>(borrow: (bytes: Uint8Array) => T): T {
    return borrow(this.#bytes);
  }

  /** Overwrites the bytes with zeros. */
  erase(): void {
    this.#bytes.fill(0);
  }

  toJSON(): string {
    return '[secret]';
  }

  toString(): string {
    return '[secret]';
  }

  [inspect.custom](): string {
    return '[secret]';
  }
}
