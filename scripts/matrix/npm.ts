import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Runs npm in a folder, and returns what it printed. What it said is in the error where it fails. */
export async function npm(args: readonly string[], cwd: string): Promise<string> {
  const { stdout } = await promisify(execFile)('npm', [...args, '--no-audit', '--no-fund'], {
    cwd,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout;
}
