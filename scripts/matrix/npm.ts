import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Runs npm in a folder and returns its output. The error of a failure contains the output too. */
export async function npm(args: readonly string[], cwd: string): Promise<string> {
  const { stdout } = await promisify(execFile)('npm', [...args, '--no-audit', '--no-fund'], {
    cwd,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout;
}
