import { Command, CommanderError } from 'commander';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { shown } from '../domain/service-text';
import { asByokError } from '../errors';
import { COMMANDS } from './commands';
import { EXIT, type ExitCode } from './exit-code';
import { isColoured, type Io, type Output } from './io';

/** Width of the help if the output is not a terminal. */
const HELP_WIDTH = 80;

/**
 * Runs the command line.
 *
 * @param args - the arguments after the name of the program
 * @returns the exit code
 */
export async function main(args: readonly string[], surroundings: Io): Promise<ExitCode> {
  const io = { ...surroundings, stdout: showing(surroundings.stdout) };
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
    io.stderr.write(`error: ${shown(asByokError(error).message)}\n`);
    return EXIT.error;
  }
}

// Anybody who may set an alias, a description or a tag chooses its text, and a terminal must not obey it. Only
// the colours are ours.
function showing(stream: Output): Output {
  const write = (text: string): boolean =>
    stream.write(text.split(COLOUR).map(shownUnlessColour).join(''));
  return Object.create(stream, { write: { value: write } }) as Output;
}

// ECMA-48, SGR.
// eslint-disable-next-line no-control-regex -- it searches for them
const COLOUR = /(\u001b\[\d{1,3}m)/;

function shownUnlessColour(text: string): string {
  return COLOUR.test(text) ? text : shown(text);
}

/** Builds the program from the registry of its commands. */
export function buildProgram(io: Io, finish: (code: ExitCode) => void): Command {
  const program = new Command('kms-byok')
    .description('Manage imported key material of AWS KMS outside of a Pulumi program.')
    .version(version(), '-v, --version', 'print the version')
    .helpCommand('help [command]', 'print the help of a command');
  for (const { build } of COMMANDS) program.addCommand(build(io, finish));
  for (const command of [program, ...program.commands]) {
    command
      .exitOverride()
      .helpOption('-h, --help', 'print this help')
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
