import { findChromium } from '../../scripts/test-tools/chromium';
import { describeUnless } from './describe-unless';

/** The Chromium on PATH; undefined where there is none. */
export const CHROMIUM = findChromium();

/** Describes tests that need a browser; says so where they cannot run. */
export const describeWithChromium = describeUnless(CHROMIUM === undefined ? 'Chromium' : undefined);
