import { isAtLeast } from '../../src/cli/version';
import { IMPORT_FILES } from '../../src/cli/doctor/pulumi-cli';
import { describeUnless } from '../../packages/embedded-kms/test/support/describe-unless';
import { describeWithPulumi } from './describe-with-pulumi';
import { ENGINE } from './pulumi-cli';

/** Describes tests of import files with outputs, which engines at the old end of the range do not take. */
export const describeWithImportFiles =
  ENGINE === undefined || isAtLeast(ENGINE.version, IMPORT_FILES)
    ? describeWithPulumi
    : describeUnless(`pulumi ${IMPORT_FILES} or later`);
