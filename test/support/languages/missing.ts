import { DEBIAN_PROGRAMS, findProgram } from '../../../scripts/test-tools/debian';
import { findGoProgram } from '../../../scripts/test-tools/go-program';
import { findJavaLibraries, JAVA_LIBRARIES } from '../../../scripts/test-tools/java';
import { JAVA_HOST, YAML_HOST } from '../../../scripts/test-tools/languages';
import { findPythonPrograms, PYTHON_PROGRAMS } from '../../../scripts/test-tools/python';
import { REAL_ENGINE } from '../../../scripts/engine/find';
import { ENGINE } from '../pulumi-cli';
import { MISSING_FOR_SDKS } from './sdk-generator';

const MISSING_ENGINE = ENGINE === undefined ? REAL_ENGINE : undefined;

/** Tools of the tests of a language that this machine does not have. */
export const MISSING = {
  nodejs: MISSING_ENGINE ?? MISSING_FOR_SDKS,
  go: MISSING_ENGINE ?? MISSING_FOR_SDKS,
  yaml: MISSING_ENGINE ?? (findGoProgram(YAML_HOST) === undefined ? YAML_HOST.title : undefined),
  java:
    MISSING_ENGINE ??
    [
      { title: JAVA_HOST.title, found: findGoProgram(JAVA_HOST) },
      { title: DEBIAN_PROGRAMS.jdk.title, found: findProgram(DEBIAN_PROGRAMS.jdk) },
      { title: JAVA_LIBRARIES, found: findJavaLibraries() },
    ].find(({ found }) => found === undefined)?.title,
  python:
    MISSING_ENGINE ??
    MISSING_FOR_SDKS ??
    (findPythonPrograms() === undefined ? PYTHON_PROGRAMS : undefined),
} as const;
