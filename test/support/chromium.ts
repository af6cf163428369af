import { DEBIAN_PROGRAMS, findProgram } from '../../scripts/test-tools/debian';
import { describeUnless } from '../../packages/embedded-kms/test/support/describe-unless';

/** The Chromium on PATH; undefined where there is none. */
export const CHROMIUM = findProgram(DEBIAN_PROGRAMS.chromium);

/** Describes tests that need a browser; says so where they cannot run. */
export const describeWithChromium = describeUnless(CHROMIUM === undefined ? 'Chromium' : undefined);
