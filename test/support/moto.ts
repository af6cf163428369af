import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const run = promisify(execFile);

const VERSION = '5.2.5';

/** A server of Secrets Manager and Parameter Store, or the reason why there is none. */
export type Moto =
  { readonly url: string; readonly stop: () => Promise<void> } | { readonly missing: string };

/**
 * Starts moto's server on a free port. It is installed from PyPI into a virtual environment in the
 * temporary folder, once for its version: the next run finds it there.
 */
export async function startMoto(): Promise<Moto> {
  try {
    return await serve(await install());
  } catch (error) {
    const [reason = 'unknown'] = (error instanceof Error ? error.message : String(error)).split(
      '\n',
    );
    return { missing: reason };
  }
}

// Several test files may be the first at the same time: each makes a folder of its own, because the
// scripts in it name it, and a link that is replaced as a whole leads the next run to one of them.
async function install(): Promise<string> {
  const shared = join(tmpdir(), `pulumi-kms-byok-moto-${VERSION}`);
  const installed = join(shared, 'bin', 'moto_server');
  if (existsSync(installed)) return installed;
  const own = mkdtempSync(`${shared}-`);
  try {
    await run('python3', ['-m', 'venv', own]);
    await run(
      join(own, 'bin', 'pip'),
      ['install', '--quiet', `moto[server,secretsmanager,ssm]==${VERSION}`],
      { timeout: 300_000 },
    );
  } catch (error) {
    rmSync(own, { recursive: true, force: true });
    throw error;
  }
  const link = `${own}-link`;
  symlinkSync(own, link);
  renameSync(link, shared);
  return join(own, 'bin', 'moto_server');
}

async function serve(server: string): Promise<Moto> {
  const child = spawn(server, ['-H', '127.0.0.1', '-p', '0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const kill = (): void => {
    child.kill();
  };
  process.once('exit', kill);
  const url = await addressOf(child);
  return {
    url,
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => {
          process.off('exit', kill);
          resolve();
        });
        kill();
      }),
  };
}

function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      reject(new Error(`moto_server ended with exit code ${String(code)}`));
    });
    // The lines that follow are read on, or a full pipe would stop the server.
    createInterface(child.stderr!).on('line', (line) => {
      const address = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(line)?.[1];
      if (address !== undefined) resolve(address);
    });
  });
}
