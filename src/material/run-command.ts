import { spawn, type ChildProcess } from 'node:child_process';
import { shown } from '../domain/service-text';
import { ByokError, cancellationOf } from '../errors';
import { CollectedOutput } from './collected-output';
import { environmentOfCommand } from './command-environment';
import type { CommandOptions } from './command-options';
import { killGroup } from './process-group';
import { MATERIAL_LIMIT_BYTES, type ProcessContext } from './source';

const TIME_LIMIT_MS = 30_000;
const SHOWN_STDERR_BYTES = 2_048;

/** One run of a command that a program declares. */
export interface CommandRun extends CommandOptions {
  /** The input that declares it, as messages name it. */
  readonly input: 'material.command' | 'material.wrapCommand' | 'material.pkcs11.pin.command';
  /** The program and its arguments. */
  readonly command: readonly string[];
  /** The only thing that it may write to stdout, as messages name it. */
  readonly output: 'material' | 'ciphertext' | 'PIN';
  /** Given to it on stdin; default: nothing. */
  readonly stdin?: Uint8Array | undefined;
  /** Variables that it gets besides those of the environment. */
  readonly variables?: NodeJS.ProcessEnv | undefined;
}

/** Dependencies of a run. */
export type RunContext = Pick<ProcessContext, 'env' | 'commandTimeLimit'> & {
  readonly signal: AbortSignal;
};

/**
 * Runs a command and returns its stdout. The command gets no shell, and its time and output are limited. If it
 * fails, the processes that it started are stopped too. Of the environment of the Pulumi CLI it gets what
 * {@link environmentOfCommand} returns. No error contains its arguments, its input or its output.
 *
 * @throws {@link ByokError} `MATERIAL_COMMAND`
 */
export async function runCommand(run: CommandRun, context: RunContext): Promise<Buffer> {
  const { env, signal, commandTimeLimit: limit = TIME_LIMIT_MS } = context;
  const stdout = new CollectedOutput();
  const stderr = new CollectedOutput(SHOWN_STDERR_BYTES);
  let child: ChildProcess | undefined;
  try {
    child = start(run, env);
    const ending = endOf(child, { stdout, stderr, limit, signal });
    giveInput(child, run.stdin);
    const failure = failureOf(await ending, child, limit, run);
    if (failure === undefined) return stdout.take();
    killGroup(child);
    if (run.showStderr === true) console.error(shownStderr(stderr.take()));
    throw cancellationOf(signal) ?? failure;
  } finally {
    // A process that left the group may keep the other ends open.
    child?.stdin?.destroy();
    child?.stdout?.destroy();
    child?.stderr?.destroy();
    child?.unref();
    stdout.erase();
    stderr.erase();
  }
}

type End =
  | { readonly how: 'closed'; readonly code: number | null; readonly signal: string | null }
  | { readonly how: 'unstarted'; readonly reason: string }
  | { readonly how: 'flood' }
  | { readonly how: 'late' };

function start(run: CommandRun, env: NodeJS.ProcessEnv): ChildProcess {
  const { command, showStderr, passEnvironment = [], stdin, variables } = run;
  const [program = '', ...rest] = command;
  try {
    // Detached: the command gets its own process group, which can be stopped as a whole.
    return spawn(program, rest, {
      detached: true,
      env: { ...environmentOfCommand(env, passEnvironment), ...variables },
      shell: false,
      stdio: [
        stdin === undefined ? 'ignore' : 'pipe',
        'pipe',
        showStderr === true ? 'pipe' : 'ignore',
      ],
      windowsHide: true,
    });
  } catch (error) {
    throw unstarted((error as NodeJS.ErrnoException).code, run);
  }
}

function giveInput({ stdin }: ChildProcess, input: Uint8Array | undefined): void {
  // A command may end without reading its input.
  stdin?.on('error', () => undefined);
  stdin?.end(input);
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

function failureOf(
  end: End,
  { exitCode, signalCode }: ChildProcess,
  limit: number,
  run: CommandRun,
): ByokError | undefined {
  const failed = (sentence: string): ByokError =>
    new ByokError('MATERIAL_COMMAND', `${run.input} ${sentence}`);
  switch (end.how) {
    case 'closed':
      if (end.code === 0) return undefined;
      return failed(
        `ended with ${end.code === null ? `signal ${String(end.signal)}` : `exit code ${end.code}`}: run it by hand${run.output === 'PIN' || run.showStderr === true ? '' : ', or set showStderr to see its stderr'}; a variable that it needs is named in passEnvironment`,
      );
    case 'unstarted':
      return unstarted(end.reason, run);
    case 'flood':
      return failed(
        `wrote more than ${MATERIAL_LIMIT_BYTES} bytes, which is longer than any key material: it must write only the ${run.output} to stdout`,
      );
    case 'late':
      return failed(
        exitCode === null && signalCode === null
          ? `did not end within ${limit / 1000} seconds, or within timeouts: it must not wait for input`
          : 'ended, but a process that it started still has its output open: it must wait for what it starts',
      );
  }
}

// A terminal must not obey what a program read from elsewhere. Windows ends a line with a carriage return too.
function shownStderr(text: Buffer): string {
  return shown(text.toString('utf8').replaceAll('\r\n', '\n'));
}

// The errors of the operating system contain the program and its arguments.
function unstarted(reason: string | undefined, { input }: CommandRun): ByokError {
  return new ByokError(
    'MATERIAL_COMMAND',
    `${input} cannot be started (${reason ?? 'unknown'}): ${reason === 'ENOENT' ? 'its program was not found; ' : ''}it is a list of the program and its arguments, without a shell`,
  );
}
