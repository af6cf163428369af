import { DEBIAN_PROGRAMS, findProgram } from '../../scripts/test-tools/debian';
import { describeUnless } from '../../packages/embedded-kms/test/support/describe-unless';

/** The Chromium on PATH. Undefined if there is none. */
export const CHROMIUM = findProgram(DEBIAN_PROGRAMS.chromium);

/** Describes tests that need a browser. Without one, it skips them and says why in the title. */
export const describeWithChromium = describeUnless(CHROMIUM === undefined ? 'Chromium' : undefined);
