import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { RandomBytes } from '../material/wrap';

/** A stream that may be a terminal. */
export interface Output extends NodeJS.WritableStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** Everything outside the process that a command uses, except files and AWS. */
export interface Io {
  /** Results, and nothing else. */
  readonly stdout: Output;
  /** Progress, notes and errors. */
  readonly stderr: Output;
  readonly env: NodeJS.ProcessEnv;
  readonly now: () => Date;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly random: RandomBytes;
  /** Asks the person at the terminal for one line; absent if there is no terminal. */
  readonly ask?: (question: string) => Promise<string>;
}

/** Returns the streams, variables and clock of this process. */
export function processIo(): Io {
  const { stdout, stderr, env } = process;
  for (const stream of [stdout, stderr]) stream.on('error', ignoreClosedPipe);
  return {
    stdout,
    stderr,
    env,
    now: () => new Date(),
    sleep: async (milliseconds) => {
      await delay(milliseconds);
    },
    random: randomBytes,
    ...(process.stdin.isTTY && isInteractive(stderr, env) ? { ask: askPerson } : {}),
  };
}

// A reader such as head stops early. The command still does its work to the end, and its exit code says how it went.
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

// On stderr, because stdout may go to a file.
async function askPerson(question: string): Promise<string> {
  const { createInterface } = await import('node:readline/promises');
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await lines.question(question);
  } finally {
    lines.close();
  }
}

/** Returns whether a person watches this stream: a terminal that can move its cursor, and no CI. */
export function isInteractive(stream: Output, env: NodeJS.ProcessEnv): boolean {
  return stream.isTTY === true && env.TERM !== 'dumb' && !isSet(env.CI);
}

/** Returns whether to use colours on this stream (https://no-color.org). */
export function isColoured(stream: Output, env: NodeJS.ProcessEnv): boolean {
  return stream.isTTY === true && env.TERM !== 'dumb' && !isSet(env.NO_COLOR);
}

// no-color.org: present and not an empty string. CI=false is how people switch CI off.
function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== 'false';
}
