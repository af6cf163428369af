import { Command, CommanderError } from 'commander';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { asByokError } from '../errors';
import { emulatorCommand } from './emulator';

/** Where a command reads and writes. */
export interface Io {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
}

/**
 * Runs the command line.
 *
 * @param args - the arguments after the name of the program
 * @returns the exit code: 0 done, 1 an error that was written to stderr
 */
export async function main(args: readonly string[], io: Io): Promise<number> {
  const program = new Command('kms-byok')
    .description('Imported key material of AWS KMS, outside of a Pulumi program.')
    .version(version(), '--version', 'print the version')
    .helpOption('--help', 'print this help')
    .helpCommand(false)
    .addCommand(emulatorCommand(io));
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
    });
  }
  try {
    await program.parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    // Commander has written its message already, and --help ends this way too.
    if (error instanceof CommanderError) return error.exitCode;
    io.stderr.write(`error: ${asByokError(error).message}\n`);
    return 1;
  }
}

function version(): string {
  const manifest = readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8');
  return (JSON.parse(manifest) as { readonly version: string }).version;
}
