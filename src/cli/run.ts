import { Command, CommanderError, Help, type Option } from 'commander';
import { shown } from '../domain/service-text';
import { asByokError } from '../errors';
import type { CliCommand } from './command';
import { EXIT, type ExitCode } from './exit-code';
import { isColoured, type Io, type Output } from './io';

/** Width of the help if the output is not a terminal. */
const HELP_WIDTH = 80;

/** A program of several commands. */
export interface Program {
  readonly name: string;
  readonly description: string;
  readonly version: string;
  /** In the order of the help. */
  readonly commands: readonly CliCommand[];
  /** The command that explains an error code, if the program has one. */
  readonly explainer?: string;
}

/**
 * Runs a program.
 *
 * @param args - the arguments after the name of the program
 * @returns the exit code
 */
export async function run(
  args: readonly string[],
  surroundings: Io,
  { of }: { readonly of: Program },
): Promise<ExitCode> {
  const io = { ...surroundings, stdout: showing(surroundings.stdout) };
  let code: ExitCode = EXIT.ok;
  const program = build(of, io, (ended) => {
    code = ended;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    // Commander has already written its message. --help also ends this way.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.error;
    const { code: reason, message } = asByokError(error);
    io.stderr.write(`error: ${shown(message)}\n`);
    if (of.explainer !== undefined) io.stderr.write(`more: ${of.explainer} ${reason}\n`);
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

/** Builds a program from the registry of its commands. */
export function build(
  { name, description, version, commands }: Program,
  io: Io,
  finish: (code: ExitCode) => void,
): Command {
  const program = new Command(name)
    .description(description)
    .version(version, '-v, --version', 'print the version')
    .helpCommand('help [command]', 'print the help of a command');
  for (const command of commands) program.addCommand(command.build(io, finish));
  for (const command of [program, ...program.commands]) {
    command
      .exitOverride()
      .helpOption('-h, --help', 'print this help')
      .configureHelp({ optionDescription })
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

function optionDescription(option: Option): string {
  const text = new Help().optionDescription(option);
  return option.mandatory ? `${text} (required)` : text;
}
