import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findGoProgram } from '../../../scripts/test-tools/go-program';
import { SDK_GENERATOR } from '../../../scripts/test-tools/languages';

const FOLDER = findGoProgram(SDK_GENERATOR);

/** Name of the generator for the titles of tests, if it is not built. */
export const MISSING_FOR_SDKS = FOLDER === undefined ? SDK_GENERATOR.title : undefined;

/** The program of Pulumi's own that runs a Python program. */
export const PYTHON_ENTRY = join(FOLDER ?? '', 'pulumi-language-python-exec');

/** Writes the SDK of a schema into a folder, with Pulumi's own generator. */
export async function generateSdk(
  language: 'nodejs' | 'python' | 'go',
  schema: string,
  folder: string,
): Promise<void> {
  await promisify(execFile)(join(FOLDER ?? '', SDK_GENERATOR.name), [language, schema, folder]);
}
