import { execFile } from 'node:child_process';
import { isAtLeast } from '../version';
import { ok, warning, type Diagnosis } from './diagnosis';

/** The first version that accepts outputs in an import file (pulumi/pulumi, #23984). */
export const IMPORT_FILES = '3.254.0';
const TIME_LIMIT_MS = 20_000;

/** Checks the `pulumi` on PATH. */
export async function diagnosePulumiCli(env: NodeJS.ProcessEnv): Promise<Diagnosis> {
  const version = await versionOf(env);
  if (version === undefined) {
    return warning(
      'pulumi',
      'not on PATH',
      'install the Pulumi CLI (https://www.pulumi.com/docs/install)',
    );
  }
  return isAtLeast(version, IMPORT_FILES)
    ? ok('pulumi', version)
    : warning('pulumi', version, `kms-byok adopt and migrate need ${IMPORT_FILES} or later`);
}

function versionOf(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(
      'pulumi',
      ['version'],
      { env: { ...env, PULUMI_SKIP_UPDATE_CHECK: 'true' }, timeout: TIME_LIMIT_MS },
      (error, stdout) => {
        resolve(error === null ? /^v?\d\S*/.exec(stdout.trim())?.[0] : undefined);
      },
    );
  });
}
