import { execFileSync } from 'node:child_process';

/** The Chromium on PATH, as Debian's package installs it; undefined when there is none. */
export const CHROMIUM = ((): string | undefined => {
  for (const name of ['chromium', 'chromium-browser', 'google-chrome']) {
    try {
      return execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim();
    } catch {
      // Not this name.
    }
  }
  return undefined;
})();

/** Describes tests that need a browser; says so where they cannot run. */
export const describeWithChromium: jest.Describe = ((): jest.Describe => {
  if (CHROMIUM !== undefined) return describe;
  console.log('skipped: the tests of the page need Chromium on PATH, and there is none');
  return describe.skip;
})();
