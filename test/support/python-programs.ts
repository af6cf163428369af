import { findPythonPrograms, PYTHON_PROGRAMS } from '../../scripts/test-tools/python';
import { describeUnless } from './describe-unless';

const BIN = findPythonPrograms();

/** Describes tests that need boto3, the AWS CLI or moto; says so where they cannot run. */
export const describeWithPython = describeUnless(BIN === undefined ? PYTHON_PROGRAMS : undefined);
