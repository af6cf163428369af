import { Command } from 'commander';
import type { ExitCode } from './exit-code';
import type { Io } from './io';

/** One way to call a command, and what it is for. */
export interface Example {
  readonly purpose: string;
  readonly command: string;
}

/** What a command is, apart from its code. */
export interface CommandText {
  readonly name: string;
  /** One line. */
  readonly summary: string;
  /** Paragraphs that follow it in the help. */
  readonly details?: readonly string[];
  /** Adds arguments and options. */
  readonly declare: (command: Command) => Command;
  readonly examples: readonly Example[];
  /** What each exit code means. */
  readonly exitCodes: Readonly<Partial<Record<ExitCode, string>>>;
}

/** A command as the registry holds it. */
export interface CliCommand extends CommandText {
  /** Makes it anew for one call of the program. */
  readonly build: (io: Io, finish: (code: ExitCode) => void) => Command;
}

/**
 * Defines a command.
 *
 * @param run - does the work; what it throws is printed and ends in exit code 1. Its first parameter is
 * what `declare` declares: the options, and under `args` the arguments
 */
export function defineCommand(
  text: CommandText,
  run: (options: never, io: Io) => Promise<ExitCode>,
): CliCommand {
  return {
    ...text,
    build: (io, finish) =>
      text
        .declare(new Command(text.name))
        .summary(text.summary)
        .description([text.summary, ...(text.details ?? [])].join('\n\n'))
        .addHelpText('after', () => helpAfter(text))
        .action(async (...given: unknown[]) => {
          const command = given.at(-1) as Command;
          finish(
            await run(
              { ...command.opts<Record<string, unknown>>(), args: command.args } as never,
              io,
            ),
          );
        }),
  };
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
