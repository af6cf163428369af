import { Command } from 'commander';
import { optionNames, withNames } from '../domain/input-names';
import { ByokError } from '../errors';
import type { ExitCode } from './exit-code';
import type { Io } from './io';

/** An example of a command line, with its purpose. */
export interface Example {
  readonly purpose: string;
  readonly command: string;
}

/** Everything about a command except its code. */
export interface CommandText {
  readonly name: string;
  /** One line. */
  readonly summary: string;
  /** Paragraphs after the summary in the help. */
  readonly details?: readonly string[];
  /** Adds arguments and options. */
  readonly declare: (command: Command) => Command;
  readonly examples: readonly Example[];
  /** Meaning of each exit code. */
  readonly exitCodes: Readonly<Partial<Record<ExitCode, string>>>;
}

/** A command in the registry. */
export interface CliCommand extends CommandText {
  /** Builds the command for one run of the program. */
  readonly build: (io: Io, finish: (code: ExitCode) => void) => Command;
}

/**
 * Defines a command.
 *
 * @param run - does the work. An error that it throws is printed and leads to exit code 1. Its first
 * parameter has the options that `declare` adds, and the arguments under `args`; the last one is the whole program
 */
export function defineCommand(
  text: CommandText,
  run: (options: never, io: Io, program: Command) => Promise<ExitCode>,
): CliCommand {
  return {
    ...text,
    build: (io, finish) =>
      text
        .declare(new Command(text.name))
        .summary(text.summary)
        .description([sentence(text.summary), ...(text.details ?? [])].join('\n\n'))
        .addHelpText('after', () => helpAfter(text))
        .action(async (...given: unknown[]) => {
          const command = given.at(-1) as Command;
          const options = { ...command.opts<Record<string, unknown>>(), args: command.args };
          try {
            finish(await run(options as never, io, command.parent ?? command));
          } catch (error) {
            if (!(error instanceof ByokError)) throw error;
            const inputs = command.options.map((option) => option.attributeName());
            throw withNames(error, optionNames(inputs));
          }
        }),
  };
}

function sentence(summary: string): string {
  return `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`;
}

function helpAfter({ examples, exitCodes }: CommandText): string {
  return [
    '',
    'Examples:',
    ...examples.flatMap(({ purpose, command }) => [`  # ${purpose}`, `  ${command}`]),
    '',
    'Exit codes:',
    ...Object.entries(exitCodes).map(([code, meaning]) => `  ${code}  ${meaning}`),
  ].join('\n');
}
