import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const BOTO3 = '1.44.5';
const AWSCLI = '1.46.2';

/** Unmodified AWS clients in a folder of their own, or the reason why there are none. */
export type PythonClients =
  { readonly python: string; readonly aws: string } | { readonly missing: string };

/**
 * Installs boto3 and the AWS CLI from PyPI into a virtual environment in the temporary folder, once
 * for these versions: the next run finds them there.
 */
export async function pythonClients(): Promise<PythonClients> {
  const folder = join(tmpdir(), `pulumi-kms-byok-boto3-${BOTO3}-awscli-${AWSCLI}`);
  const installed = { python: join(folder, 'bin', 'python'), aws: join(folder, 'bin', 'aws') };
  if (existsSync(join(folder, 'complete'))) return installed;
  // The scripts of a virtual environment name its folder, so it cannot be made elsewhere and moved;
  // the mark that is moved into it says that nothing was interrupted.
  const mark = mkdtempSync(join(tmpdir(), 'kms-byok-mark-'));
  try {
    await run('python3', ['-m', 'venv', '--clear', folder]);
    const packages = [`boto3==${BOTO3}`, `awscli==${AWSCLI}`];
    await run(join(folder, 'bin', 'pip'), ['install', '--quiet', ...packages]);
    renameSync(mark, join(folder, 'complete'));
    return installed;
  } catch (error) {
    rmSync(mark, { recursive: true, force: true });
    const [reason = 'unknown'] = (error instanceof Error ? error.message : String(error)).split(
      '\n',
    );
    return { missing: reason };
  }
}
