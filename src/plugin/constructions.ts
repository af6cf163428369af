import { ByokError } from '../errors';

/**
 * The components that this process constructs. The SDK starts calls that nothing waits for, and a program ends if one of
 * them fails. In this process, other resources may be in the middle of an import, and Node.js would print the SDK's
 * record of the call, which has the whole configuration of the stack. So such a failure only ends what is constructed.
 */
export class Constructions {
  readonly #ends = new Set<(error: unknown) => void>();
  #isWatching = false;

  /** Constructs one component. */
  async run<T>(construct: () => Promise<T>): Promise<T> {
    this.#watch();
    const { promise, reject } = failing();
    this.#ends.add(reject);
    try {
      return await Promise.race([construct(), promise]);
    } catch (error) {
      throw isOfCall(error) ? ended() : error;
    } finally {
      this.#ends.delete(reject);
    }
  }

  #watch(): void {
    if (this.#isWatching) return;
    this.#isWatching = true;
    process.on('unhandledRejection', (error) => {
      for (const end of this.#ends) end(error);
    });
  }
}

function failing(): {
  readonly promise: Promise<never>;
  readonly reject: (error: unknown) => void;
} {
  let reject!: (error: unknown) => void;
  const promise = new Promise<never>((_resolve, fail) => {
    reject = fail;
  });
  return { promise, reject };
}

// A call of the SDK throws no subclass. The engine has shown why the call failed.
function isOfCall(error: unknown): boolean {
  return error instanceof Error && error.constructor === Error;
}

function ended(): ByokError {
  return new ByokError(
    'CANCELLED',
    'the update ended before everything of the key was registered: fix the other errors and run it again',
  );
}
