/**
 * `describe`, or its skip with the reason printed. Not through the console, whose lines jest drops
 * when all tests of a file are skipped.
 *
 * @param missing - what the tests need and have not
 */
export function describeUnless(missing: string | undefined): jest.Describe {
  if (missing === undefined) return describe;
  process.stderr.write(`skipped: ${missing}\n`);
  return describe.skip;
}
