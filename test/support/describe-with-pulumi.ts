import { REAL_ENGINE } from '../../scripts/engine/find';
import { describeUnless } from '../../packages/embedded-kms/test/support/describe-unless';
import { ENGINE } from './pulumi-cli';

/** Describes tests that need the real engine; says so where they cannot run. */
export const describeWithPulumi = describeUnless(ENGINE === undefined ? REAL_ENGINE : undefined);
