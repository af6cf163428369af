/**
 * `describe`, or its skip with the reason printed. Not through the console, whose lines jest drops
 * when all tests of a file are skipped.
 *
 * @param missing - what the tests need and have not
 */
export function describeUnless(missing: string | undefined): jest.Describe {
  // By its full name: the benchmarks load this outside jest, where there is none.
  if (missing === undefined) return globalThis.describe;
  process.stderr.write(`skipped: ${missing}\n`);
  return describe.skip;
}
