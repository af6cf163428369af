import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

let running: ChildProcess | undefined;

/**
 * Starts moto, and returns its address before it is ready: the first calls wait for it.
 *
 * @param bin - the folder of its Python
 */
export async function startMoto(bin: string): Promise<string> {
  const child = spawn(join(bin, 'python'), [join(__dirname, 'moto_server.py')], {
    // It ends with its standard input, and so with this process.
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  running = child;
  const [port] = (await Promise.race([
    once(createInterface(child.stdout), 'line'),
    once(child, 'exit').then(([code]) => {
      throw new Error(`moto ended with exit code ${String(code)}`);
    }),
  ])) as [string];
  return `http://127.0.0.1:${port}`;
}

/** Stops it, if it was started. */
export async function stopMoto(): Promise<void> {
  const child = running;
  running = undefined;
  if (child?.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill();
  await ended;
}
