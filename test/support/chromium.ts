import { launch, type Browser } from 'puppeteer-core';
import { DEBIAN_PROGRAMS, findProgram } from '../../scripts/test-tools/debian';
import { describeUnless } from '../../packages/embedded-kms/test/support/describe-unless';

/** The Chromium on PATH. Undefined if there is none. */
const CHROMIUM = findProgram(DEBIAN_PROGRAMS.chromium);

/** Describes tests that need a browser. Without one, it skips them and says why in the title. */
export const describeWithChromium = describeUnless(CHROMIUM === undefined ? 'Chromium' : undefined);

/**
 * Starts the browser.
 *
 * @param profile - the folder for its files
 */
export function launchChromium(profile: string): Promise<Browser> {
  return launch({
    executablePath: CHROMIUM!,
    headless: true,
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
    userDataDir: profile,
  });
}
