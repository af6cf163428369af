import { execFileSync } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { awsClients } from '../../test/support/aws-clients';

/** An AWS CLI that can be run, or the reason why there is none. */
export type AwsCli =
  { readonly version: string; readonly path: string } | { readonly missing: string };

/**
 * Finds the AWS CLI: the one from PyPI, so that it is the same everywhere and no launcher stands in
 * front of it, or else the one on PATH.
 *
 * @returns its version and a PATH on which it is the first `aws`
 */
export function findAwsCli(): AwsCli {
  const own = process.env.PATH ?? '';
  const path = 'bin' in awsClients ? [awsClients.bin, own].join(delimiter) : own;
  try {
    const output = execFileSync('aws', ['--version'], {
      encoding: 'utf8',
      env: { ...process.env, PATH: path },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return { version: output.trim().split(' ').slice(0, 2).join(' '), path };
  } catch {
    const reason = 'missing' in awsClients ? awsClients.missing : 'it does not run';
    return { missing: `there is no aws on PATH, nor from PyPI: ${reason}` };
  }
}

/** The file of the recipe. */
export const RECIPE = join(__dirname, '..', 'recipe.sh');
