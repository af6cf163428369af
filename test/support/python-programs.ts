import { findPythonPrograms, PYTHON_PROGRAMS } from '../../scripts/test-tools/python';
import { describeUnless } from '../../packages/embedded-kms/test/support/describe-unless';

/** Whether boto3, the AWS CLI and moto are installed. */
export const HAS_PYTHON_PROGRAMS = findPythonPrograms() !== undefined;

/** Describes tests that need boto3, the AWS CLI or moto; says so where they cannot run. */
export const describeWithPython = describeUnless(HAS_PYTHON_PROGRAMS ? undefined : PYTHON_PROGRAMS);
