import { Command, CommanderError } from 'commander';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { asByokError } from '../errors';
import { COMMANDS } from './commands';
import { EXIT, type ExitCode } from './exit-code';
import { isColoured, type Io } from './io';

/** Width of the help if the output is not a terminal. */
const HELP_WIDTH = 80;

/**
 * Runs the command line.
 *
 * @param args - the arguments after the name of the program
 * @returns the exit code
 */
export async function main(args: readonly string[], io: Io): Promise<ExitCode> {
  let code: ExitCode = EXIT.ok;
  const program = buildProgram(io, (ended) => {
    code = ended;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    // Commander has already written its message. --help also ends this way.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.error;
    io.stderr.write(`error: ${asByokError(error).message}\n`);
    return EXIT.error;
  }
}

/** Builds the program from the registry of its commands. */
export function buildProgram(io: Io, finish: (code: ExitCode) => void): Command {
  const program = new Command('kms-byok')
    .description('Imported key material of AWS KMS, outside of a Pulumi program.')
    .version(version(), '--version', 'print the version')
    .helpCommand(false);
  for (const { build } of COMMANDS) program.addCommand(build(io, finish));
  for (const command of [program, ...program.commands]) {
    command
      .exitOverride()
      .helpOption('--help', 'print this help')
      .configureOutput({
        writeOut: (text) => io.stdout.write(text),
        writeErr: (text) => io.stderr.write(text),
        getOutHelpWidth: () => io.stdout.columns ?? HELP_WIDTH,
        getErrHelpWidth: () => io.stderr.columns ?? HELP_WIDTH,
        getOutHasColors: () => isColoured(io.stdout, io.env),
        getErrHasColors: () => isColoured(io.stderr, io.env),
      });
  }
  return program;
}

function version(): string {
  const manifest = readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8');
  return (JSON.parse(manifest) as { readonly version: string }).version;
}
