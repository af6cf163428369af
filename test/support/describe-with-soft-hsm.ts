import { DEBIAN_PROGRAMS, findProgram } from '../../scripts/test-tools/debian';
import { findTokenPackage, TOKEN_PACKAGE } from '../../scripts/test-tools/token-package';
import { describeUnless } from '../../packages/embedded-kms/test/support/describe-unless';

/** The first thing that tests with SoftHSM lack; undefined if they lack none. */
export const MISSING_FOR_HSM =
  [DEBIAN_PROGRAMS.softHsm, DEBIAN_PROGRAMS.openSc].find(
    (program) => findProgram(program) === undefined,
  )?.title ?? (findTokenPackage() === undefined ? TOKEN_PACKAGE : undefined);

/** Describes tests that need SoftHSM, and says so where they cannot run. */
export const describeWithSoftHsm = describeUnless(MISSING_FOR_HSM);

/** Describes tests that compile a PKCS #11 module besides. */
export const describeWithCompiledModule = describeUnless(
  MISSING_FOR_HSM ??
    (findProgram(DEBIAN_PROGRAMS.gcc) === undefined ? DEBIAN_PROGRAMS.gcc.title : undefined),
);
