import { createHash } from 'node:crypto';
import * as z from 'zod';
import { assert } from '../errors';
import { assertCanBePassed } from './command-environment';

/** Options of a command that a program declares. */
export interface CommandOptions {
  /** Shows the end of what the command wrote to stderr if it fails. */
  readonly showStderr?: boolean | undefined;
  /** Names of variables that the command gets beside those that every command gets. */
  readonly passEnvironment?: readonly string[] | undefined;
}

/** Schema of a program and its arguments. */
export const argumentVector = z.array(z.string()).min(1);

/** Schemas of {@link CommandOptions}. */
export const commandOptions = {
  showStderr: z.boolean(),
  passEnvironment: z.array(z.string().min(1)),
};

/** Schemas of the reference to a command. */
export const commandReference = { program: z.string(), sha256: z.string() };

/**
 * Makes the reference to a command. Its arguments may be secrets, so the reference has only a hash of them and of
 * the names of the variables that it gets.
 *
 * @throws {@link ByokError} `MATERIAL_SOURCE` without a program, or with an environment that no command gets
 */
export function referToCommand<Kind extends 'command' | 'wrapCommand'>(
  kind: Kind,
  command: readonly string[],
  { passEnvironment = [] }: CommandOptions,
): { readonly kind: Kind; readonly program: string; readonly sha256: string } {
  const [program = ''] = command;
  assert(program !== '', 'MATERIAL_SOURCE', `material.${kind} names no program`);
  assertCanBePassed(passEnvironment);
  const sha256 = createHash('sha256').update(identityOf(command, passEnvironment)).digest('hex');
  return { kind, program, sha256 };
}

/** Returns the text that identifies a command. With other variables, the same program may have other material. */
export function identityOf(
  command: readonly string[],
  passEnvironment: readonly string[] = [],
): string {
  const names = [...new Set(passEnvironment)].sort();
  return JSON.stringify(names.length === 0 ? command : { command, passEnvironment: names });
}

/**
 * Returns the command that a program declares.
 *
 * @throws {@link ByokError} `MATERIAL_MISSING`
 */
export function assertDeclared(
  command: readonly string[] | undefined,
  kind: 'command' | 'wrapCommand',
): asserts command is readonly string[] {
  assert(
    command !== undefined,
    'MATERIAL_MISSING',
    `state does not have material.${kind}, and the program does not declare it: declare it again`,
  );
}
