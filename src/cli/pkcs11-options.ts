import type { Command } from 'commander';
import { assert } from '../errors';
import { several } from './options';

/** Options that name a key of an HSM. */
export interface Pkcs11Options {
  /** Path of the PKCS #11 library. */
  readonly pkcs11?: string;
  readonly token?: string;
  readonly key?: string;
  readonly pin?: string;
  readonly passEnvironment?: readonly string[];
}

/** Adds the options that name a key of an HSM. */
export function withPkcs11(command: Command): Command {
  return command
    .option('--pkcs11 <module>', 'PKCS #11 library of an HSM that wraps its own key')
    .option('--token <label>', 'the token, by its label')
    .option('--key <label>', 'the key in the token, by its label')
    .option('--pin <source>', 'source of the PIN: env:NAME or file:PATH')
    .option(
      '--pass-environment <name>',
      'a variable that the library needs; may be repeated',
      several,
    );
}

/**
 * Returns the value of `--material` that means the same; undefined if no HSM is named.
 *
 * @throws {@link ByokError} `MATERIAL_SOURCE`
 */
export function pkcs11Material(options: Pkcs11Options): string | undefined {
  const { pkcs11, token, key, pin, passEnvironment } = options;
  if (pkcs11 === undefined) return undefined;
  const declared = {
    module: pkcs11,
    tokenLabel: token,
    keyLabel: key,
    pin: pin === undefined ? undefined : pinSource(pin),
    passEnvironment,
  };
  return JSON.stringify({ pkcs11: declared });
}

function pinSource(text: string): Readonly<Record<string, string>> {
  const [, kind, name] = /^(env|file):(.+)$/s.exec(text) ?? [];
  // It may be the PIN itself, so it is not repeated.
  assert(
    kind !== undefined && name !== undefined,
    'MATERIAL_SOURCE',
    '--pin is env:NAME or file:PATH, and never the PIN itself, which other processes could read',
  );
  return { [kind]: name };
}
