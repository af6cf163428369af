import {
  argumentVector,
  assertDeclared,
  commandOptions,
  commandReference,
  referToCommand,
  type CommandOptions,
} from './command-options';
import type { CommandReference } from './references';
import { runCommand } from './run-command';
import type { RemoteSource } from './source';

export interface CommandDeclared extends CommandOptions {
  /** The program and its arguments. */
  readonly command: readonly string[];
}

/**
 * Runs a command that writes material to stdout. The command gets no input.
 *
 * @throws {@link ByokError} `MATERIAL_SOURCE`, `MATERIAL_MISSING`, `MATERIAL_COMMAND`
 */
export const commandSource: RemoteSource<CommandDeclared, CommandReference> = {
  members: { command: argumentVector, ...commandOptions },
  reference: commandReference,
  isLocal: false,
  isReadable: false,
  encoding: 'raw',
  refer: ({ command, ...options }) => referToCommand('command', command, options),
  async read(_reference, { command, ...options }, context) {
    assertDeclared(command, 'command');
    const run = { input: 'material.command', output: 'material', command, ...options } as const;
    return { bytes: await runCommand(run, context), encoding: 'raw' };
  },
};
