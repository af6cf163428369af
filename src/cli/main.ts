import type { Command } from 'commander';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMMANDS } from './commands';
import type { ExitCode } from './exit-code';
import type { Io } from './io';
import { build, run, type Program } from './run';

/**
 * Runs the command line.
 *
 * @param args - the arguments after the name of the program
 * @returns the exit code
 */
export function main(args: readonly string[], io: Io): Promise<ExitCode> {
  return run(args, io, { of: program() });
}

/** Builds the program from the registry of its commands. */
export function buildProgram(io: Io, finish: (code: ExitCode) => void): Command {
  return build(program(), io, finish);
}

function program(): Program {
  const manifest = readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8');
  return {
    name: 'kms-byok',
    description: 'Manage imported key material of AWS KMS outside of a Pulumi program.',
    version: (JSON.parse(manifest) as { readonly version: string }).version,
    commands: COMMANDS,
    explainer: 'kms-byok explain',
  };
}
