import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

/** How long a process may take to end after SIGINT; as long as in Pulumi's engine. */
const GRACE_MS = 5_000;

/** The command that starts a process. */
export interface Command {
  /** The executable. Default: this Node.js. */
  readonly file?: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** How a process ended. */
export interface Exit {
  readonly code: number | null;
  /** Such as `exit code 1` or `signal SIGKILL`. */
  readonly description: string;
}

/** The destination of a process's output: that of this process, or functions for lines or chunks. */
export type Output =
  | 'inherit'
  | ((line: string) => void)
  | { readonly stdout: (chunk: Buffer) => void; readonly stderr: (chunk: Buffer) => void };

const running = new Set<ChildProcess>();

function killAll(): void {
  for (const child of running) child.kill('SIGKILL');
}

/** A child process that ends at the latest with this process. */
export class ManagedProcess {
  readonly child: ChildProcess;
  /** Settles when the process has ended and all of its output has been passed on. */
  readonly ended: Promise<Exit>;
  #over = false;
  #stopped = false;

  constructor(command: Command, output: Output) {
    const child = spawn(command.file ?? process.execPath, command.args, {
      cwd: command.cwd,
      env: command.env,
      stdio: ['ignore', ...(output === 'inherit' ? INHERITED : PIPED)],
    });
    follow(child, output);
    this.child = child;
    if (running.size === 0) process.on('exit', killAll);
    running.add(child);
    this.ended = new Promise((resolve) => {
      let problem: string | undefined;
      child.once('error', (error) => (problem = `not started: ${error.message}`));
      child.once('close', (code, signal) => {
        this.#over = true;
        running.delete(child);
        if (running.size === 0) process.removeListener('exit', killAll);
        const description = signal === null ? `exit code ${String(code)}` : `signal ${signal}`;
        resolve({ code, description: problem ?? description });
      });
    });
  }

  /** Whether `stop` was called. */
  get stopped(): boolean {
    return this.#stopped;
  }

  /** Ends the process with SIGINT, and after 5 seconds with SIGKILL. */
  async stop(): Promise<Exit> {
    if (this.#over) return this.ended;
    this.#stopped = true;
    this.child.kill('SIGINT');
    const timer = setTimeout(() => this.child.kill('SIGKILL'), GRACE_MS);
    try {
      return await this.ended;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends the process at once. */
  async kill(): Promise<Exit> {
    this.child.kill('SIGKILL');
    return this.ended;
  }
}

const INHERITED = ['inherit', 'inherit'] as const;
const PIPED = ['pipe', 'pipe'] as const;

function follow({ stdout, stderr }: ChildProcess, output: Output): void {
  if (output === 'inherit' || stdout === null || stderr === null) return;
  if (typeof output === 'function') {
    createInterface({ input: stdout }).on('line', output);
    createInterface({ input: stderr }).on('line', output);
  } else {
    stdout.on('data', output.stdout);
    stderr.on('data', output.stderr);
  }
}
