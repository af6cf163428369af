import { ByokError, type ByokErrorCode } from '../../src/errors';

declare global {
  // The way in which Jest's types are extended.
  // eslint-disable-next-line @typescript-eslint/no-namespace
  namespace jest {
    interface Matchers<R> {
      /** That a function throws, or a promise rejects with, a ByokError of this code. */
      toThrowWithCode(code: ByokErrorCode): R;
    }
  }
}

expect.extend({
  toThrowWithCode(this: jest.MatcherContext, received: unknown, code: ByokErrorCode) {
    const thrown = this.promise === 'rejects' ? received : caught(received as () => unknown);
    const found = thrown instanceof ByokError ? thrown.code : String(thrown);
    return {
      pass: thrown instanceof ByokError && thrown.code === code,
      message: () => `expected a ByokError with code ${code}, found ${found}`,
    };
  },
});

function caught(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  return 'nothing thrown';
}
