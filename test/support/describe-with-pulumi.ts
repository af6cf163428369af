import { describeUnless } from './describe-unless';
import { ENGINE } from './pulumi-cli';

/** Describes tests that need the real engine; says so where they cannot run. */
export const describeWithPulumi = describeUnless(
  ENGINE === undefined ? 'the real Pulumi engine' : undefined,
);
