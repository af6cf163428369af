import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');

/** How a script ended. */
export interface ScriptRun {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

/** A script that runs. */
export interface RunningScript {
  readonly process: ChildProcess;
  readonly ended: Promise<ScriptRun>;
}

/** Starts a script of this repository, such as `scripts/engine/main.ts`. */
export function startScript(
  script: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): RunningScript {
  const child = spawn(process.execPath, ['--import', 'tsx', join(ROOT, script), ...args], {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const ended = once(child, 'close').then(([code]) => ({
    code: code as number | null,
    output,
    errors,
  }));
  return { process: child, ended };
}

/** Runs a script of this repository to its end. */
export function runScript(
  script: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<ScriptRun> {
  return startScript(script, args, env).ended;
}
