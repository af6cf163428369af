import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { ByokError, assert, type ByokErrorCode } from '../errors';
import { CollectedOutput } from './collected-output';
import { assertCanBePassed, environmentOfCommand } from './command-environment';
import type { CommandReference } from './references';
import { MATERIAL_LIMIT_BYTES, type RemoteSource } from './source';

const TIME_LIMIT_MS = 30_000;
const SHOWN_STDERR_BYTES = 2_048;

export interface CommandDeclared {
  /** The program and its arguments. */
  readonly command: readonly string[];
  /** Shows the end of what the command wrote to stderr if it fails. */
  readonly showStderr?: boolean | undefined;
  /** Names of variables that the command gets beside those that every command gets. */
  readonly passEnvironment?: readonly string[] | undefined;
}

/**
 * Runs a command and reads its stdout. The command gets no shell and no input, and its time and output are
 * limited. If it fails, the processes that it started are stopped too. Of the environment of the Pulumi CLI it
 * gets what {@link environmentOfCommand} returns. No error contains its arguments or its output.
 *
 * @throws {@link ByokError} `MATERIAL_SOURCE`, `MATERIAL_MISSING`, `MATERIAL_COMMAND`
 */
export const commandSource: RemoteSource<CommandDeclared, CommandReference> = {
  members: {
    command: z.array(z.string()).min(1),
    showStderr: z.boolean(),
    passEnvironment: z.array(z.string().min(1)),
  },
  reference: { program: z.string(), sha256: z.string() },
  isLocal: false,
  isReadable: false,
  encoding: 'raw',
  refer({ command, passEnvironment }) {
    const [program = ''] = command;
    assert(program !== '', 'MATERIAL_SOURCE', 'material.command names no program');
    assertCanBePassed(passEnvironment ?? []);
    // With other variables, the same command may print other material.
    const names = [...new Set(passEnvironment)].sort();
    const declared = names.length === 0 ? command : { command, passEnvironment: names };
    const sha256 = createHash('sha256').update(JSON.stringify(declared)).digest('hex');
    return { kind: 'command', program, sha256 };
  },
  async read(_reference, { command, ...options }, { env, signal, commandTimeLimit }) {
    assert(
      command !== undefined,
      'MATERIAL_MISSING',
      'state does not have the command that prints the material, and the program does not declare it: declare it again',
    );
    const limit = commandTimeLimit ?? TIME_LIMIT_MS;
    const bytes = await outputOf({ command, ...options }, { env, limit, signal });
    return { bytes, encoding: 'raw' };
  },
};

type End =
  | { readonly how: 'closed'; readonly code: number | null; readonly signal: string | null }
  | { readonly how: 'unstarted'; readonly reason: string }
  | { readonly how: 'flood' }
  | { readonly how: 'late' };

interface Bounds {
  readonly env: NodeJS.ProcessEnv;
  /** Milliseconds. */
  readonly limit: number;
  readonly signal: AbortSignal;
}

async function outputOf(
  declared: CommandDeclared,
  { env, limit, signal }: Bounds,
): Promise<Buffer> {
  const stdout = new CollectedOutput();
  const stderr = new CollectedOutput(SHOWN_STDERR_BYTES);
  let child: ChildProcess | undefined;
  try {
    child = start(declared, env);
    const end = await endOf(child, { stdout, stderr, limit, signal });
    const failure = failureOf(end, child.exitCode, limit);
    if (failure === undefined) return stdout.take();
    stopGroup(child);
    if (declared.showStderr === true) console.error(stderr.take().toString('utf8'));
    throw failure;
  } finally {
    // A process that left the group may keep the other ends open.
    child?.stdout?.destroy();
    child?.stderr?.destroy();
    child?.unref();
    stdout.erase();
    stderr.erase();
  }
}

function start(
  { command, showStderr, passEnvironment = [] }: CommandDeclared,
  env: NodeJS.ProcessEnv,
): ChildProcess {
  const [program = '', ...rest] = command;
  try {
    // Detached: the command gets its own process group, which can be stopped as a whole.
    return spawn(program, rest, {
      detached: true,
      env: environmentOfCommand(env, passEnvironment),
      shell: false,
      stdio: ['ignore', 'pipe', showStderr === true ? 'pipe' : 'ignore'],
      windowsHide: true,
    });
  } catch (error) {
    throw unstarted((error as NodeJS.ErrnoException).code);
  }
}

function endOf(
  child: ChildProcess,
  bounds: {
    readonly stdout: CollectedOutput;
    readonly stderr: CollectedOutput;
    readonly limit: number;
    readonly signal: AbortSignal;
  },
): Promise<End> {
  const { stdout, stderr, limit, signal } = bounds;
  return new Promise((resolve) => {
    const late = (): void => {
      settle({ how: 'late' });
    };
    const timer = setTimeout(late, limit);
    const settle = (end: End): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', late);
      child.stdout?.removeAllListeners('data');
      resolve(end);
    };
    if (signal.aborted) late();
    signal.addEventListener('abort', late, { once: true });
    child.stdout?.on('data', (chunk: Buffer) => {
      stdout.add(chunk);
      if (stdout.length > MATERIAL_LIMIT_BYTES) settle({ how: 'flood' });
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      stderr.add(chunk);
    });
    child.on('error', (error: NodeJS.ErrnoException) => {
      settle({ how: 'unstarted', reason: error.code ?? 'unknown' });
    });
    // Emitted after the exit and the end of all output, so half a key never passes for a whole one.
    child.on('close', (code, by) => {
      settle({ how: 'closed', code, signal: by });
    });
  });
}

function failureOf(end: End, exitCode: number | null, limit: number): ByokError | undefined {
  const failed = (code: ByokErrorCode, sentence: string): ByokError =>
    new ByokError(code, `material.command ${sentence}`);
  switch (end.how) {
    case 'closed':
      if (end.code === 0) return undefined;
      return failed(
        'MATERIAL_COMMAND',
        `ended with ${end.code === null ? `signal ${String(end.signal)}` : `exit code ${end.code}`}: run it by hand, or set showStderr to see its stderr; a variable that it needs is named in passEnvironment`,
      );
    case 'unstarted':
      return unstarted(end.reason);
    case 'flood':
      return failed(
        'MATERIAL_COMMAND',
        `wrote more than ${MATERIAL_LIMIT_BYTES} bytes, which is longer than any key material: it must write only the material to stdout`,
      );
    case 'late':
      return failed(
        'MATERIAL_COMMAND',
        exitCode === null
          ? `did not end within ${limit / 1000} seconds, or within timeouts: it must not wait for input`
          : 'ended, but a process that it started still has its output open: it must wait for what it starts',
      );
  }
}

// The errors of the operating system contain the program and its arguments.
function unstarted(reason: string | undefined): ByokError {
  return new ByokError(
    'MATERIAL_COMMAND',
    `material.command cannot be started (${reason ?? 'unknown'}): it is a list of the program and its arguments, without a shell`,
  );
}

function stopGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The whole group has ended already.
  }
}
