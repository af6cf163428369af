import { execFile, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

/** A program to run. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Interval between reports of progress. */
const PROGRESS_MS = 15_000;

/** Lines that a failure shows. The reason is often above the last few. */
const SHOWN_LINES = 20;

/**
 * Runs a program to its end, and reports every 15 seconds how many lines it has printed.
 *
 * @param counted - text after the number of lines, such as `packages are compiled`
 * @throws Error if the program cannot be started or fails, with the last lines that it printed
 */
export function run(
  { program, args, cwd, env }: Command,
  say: (line: string) => void,
  counted: string,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const printed: string[] = [];
    const started = Date.now();
    for (const input of [child.stdout, child.stderr]) {
      createInterface({ input }).on('line', (line) => printed.push(line));
    }
    const timer = setInterval(() => {
      const seconds = Math.round((Date.now() - started) / 1000);
      say(`  ${seconds} s: ${printed.length} ${counted}`);
    }, PROGRESS_MS);
    const end = (problem: string | undefined): void => {
      clearInterval(timer);
      process.off('exit', kill);
      if (problem === undefined) resolve();
      else reject(new Error([problem, ...printed.slice(-SHOWN_LINES)].join('\n    ')));
    };
    const kill = (): void => {
      child.kill();
    };
    process.once('exit', kill);
    child.once('error', ({ message }) => {
      end(message);
    });
    child.once('close', (code, signal) => {
      end(code === 0 ? undefined : `${program} ended with ${String(signal ?? code)}`);
    });
  });
}

/** Returns what a program prints on standard output. */
export async function outputOf({ program, args, cwd, env }: Command): Promise<string> {
  const { stdout } = await promisify(execFile)(program, args, {
    cwd,
    env,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout;
}
