declare global {
  /** Called when the tests of a file have run. Undefined where there are no tests, such as in a benchmark. */
  // eslint-disable-next-line no-var -- the only way to declare a member of globalThis
  var stopBehindTests: (() => void)[] | undefined;
}

const stops: (() => void)[] = [];
globalThis.stopBehindTests = stops;

afterAll(() => {
  for (const stop of stops) stop();
});

export {};
