import { RUNS } from '../../packages/embedded-kms/test/support/runs';
import { describeAnyPrograms } from './any-programs';

describeAnyPrograms(RUNS.numRuns);
