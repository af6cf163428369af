import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { findPythonPrograms } from '../../scripts/test-tools/python';

const BIN = findPythonPrograms();

/** Whether {@link startMoto} can work here. */
export const HAS_MOTO = BIN !== undefined;

/** A server of Secrets Manager and Parameter Store. */
export interface Moto {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** Starts moto's server on a free port. */
export async function startMoto(): Promise<Moto> {
  if (BIN === undefined) throw new Error('moto is not installed. Run: npm run test:setup');
  return serve(join(BIN, 'moto_server'));
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
