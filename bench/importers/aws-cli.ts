import { execFileSync } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { findPythonPrograms } from '../../scripts/test-tools/python';

/** A working AWS CLI, or the reason why there is none. */
export type AwsCli =
  { readonly version: string; readonly path: string } | { readonly missing: string };

/**
 * Finds the AWS CLI: the one that `npm run test:setup` installs, or else the one on PATH.
 *
 * @returns its version and a PATH on which it is the first `aws`
 */
export function findAwsCli(): AwsCli {
  const own = process.env.PATH ?? '';
  const bin = findPythonPrograms();
  const path = bin === undefined ? own : [bin, own].join(delimiter);
  try {
    const output = execFileSync('aws', ['--version'], {
      encoding: 'utf8',
      env: { ...process.env, PATH: path },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return { version: output.trim().split(' ').slice(0, 2).join(' '), path };
  } catch {
    return { missing: 'there is no aws on PATH, nor what npm run test:setup installs' };
  }
}

/** Path of the recipe. */
export const RECIPE = join(__dirname, '..', 'recipe.sh');
