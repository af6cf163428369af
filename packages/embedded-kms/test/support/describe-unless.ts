/**
 * Returns `describe`, or its skip, whose title says what the tests need: the closing line of a run counts them
 * by that.
 *
 * @param missing - what the tests need and have not, such as `Chromium`
 */
export function describeUnless(missing: string | undefined): jest.Describe {
  if (missing === undefined) return describe;
  const skip = (title: string, tests: () => void): void => {
    describe.skip(`${title} (needs ${missing})`, tests);
  };
  return Object.assign(skip, describe.skip);
}

/** Returns `it`, or its skip, in the same way. */
export function itUnless(
  missing: string | undefined,
): (title: string, test: jest.ProvidesCallback) => void {
  if (missing === undefined) return it;
  return (title, test) => {
    it.skip(`${title} (needs ${missing})`, test);
  };
}
