import type { Command } from 'commander';
import { ByokError, assert } from '../errors';
import type { Material } from '../material/material';
import { openSource } from '../material/open-source';
import { shownPath } from '../material/shown-name';
import type { SourceReference } from '../material/references';
import type { DeclaredMaterial } from '../material/source-schema';
import { declaredKind, declaredReference } from '../provider/imported-key-material/material-input';
import { parseInputs } from '../provider/imported-key-material/inputs';

import type { Io } from './io';
import { pkcs11Material, withPkcs11, type Pkcs11Options } from './pkcs11-options';
import type { AwsOptions } from './options';
import { openSecrets } from './secrets';

/** Values of `--material`, `--encoding` and `--passphrase`. */
export interface MaterialOptions {
  readonly material: string;
  readonly encoding?: string;
  readonly passphrase?: string;
}

/** The same values of a command that can do without them, and those that name a key of an HSM. */
export type OptionalMaterialOptions = Partial<MaterialOptions> & Pkcs11Options;

/** A source of material that an option names. */
export interface NamedSource {
  /** The source as a program writes it under `material`. */
  readonly declared: DeclaredMaterial;
  readonly reference: SourceReference;
}

const FORMS =
  'file:PATH, env:NAME, or a material input as JSON, such as {"command":["pass","show","root"]}';

/** Adds the options that name material. */
export function withMaterial(command: Command): Command {
  return withForm(
    command.requiredOption('--material <source>', `source of the material: ${FORMS}`),
  );
}

/**
 * Adds the same options, but does not require any.
 *
 * @param takesTokens - whether to add the options for a key of an HSM
 */
export function withOptionalMaterial(command: Command, takesTokens: boolean): Command {
  const added = withForm(command.option('--material <source>', `source of the material: ${FORMS}`));
  return takesTokens ? withPkcs11(added) : added;
}

function withForm(command: Command): Command {
  return command
    .option(
      '--encoding <name>',
      'raw, base64, hex, pem, der or jwk; default: raw for a file, base64 for an environment variable',
    )
    .option(
      '--passphrase <source>',
      'source of the passphrase of an encrypted private key: file:PATH or env:NAME',
    );
}

/**
 * Reads the options that name material. Refuses the text of the material itself, because every process
 * on the machine can see the arguments, and they stay in the history of the shell.
 *
 * @throws {@link ByokError} `MATERIAL_SOURCE`, `INPUT_INVALID`, `UNKNOWN_INPUT`
 */
export function namedSource({ material, encoding, passphrase }: MaterialOptions): NamedSource {
  const declared = {
    ...sourceOf(material, '--material'),
    ...(encoding === undefined ? {} : { encoding }),
    ...(passphrase === undefined ? {} : { passphrase: sourceOf(passphrase, '--passphrase') }),
  };
  const { inputs, errors } = parseInputs({ material: declared });
  const [error] = errors;
  if (error !== undefined) throw error;
  const kind = declaredKind(declared);
  const known = inputs.material ?? {};
  assert(
    kind !== 'inline' && known.passphrase?.inline === undefined,
    'MATERIAL_SOURCE',
    'other processes can read arguments, so material cannot be one: name a file or an environment variable',
  );
  return { declared: known, reference: declaredReference(kind, known) };
}

/**
 * Reads the options that name material or a key of an HSM.
 *
 * @returns undefined if they name neither
 * @throws {@link ByokError} `MATERIAL_SOURCE`, `INPUT_INVALID`, `UNKNOWN_INPUT`
 */
export function optionalSource(options: OptionalMaterialOptions): NamedSource | undefined {
  const { pkcs11, token, key, pin, passEnvironment } = options;
  assert(
    pkcs11 !== undefined || [token, key, pin, passEnvironment].every((each) => each === undefined),
    'MATERIAL_SOURCE',
    '--token, --key, --pin and --pass-environment are for a key of an HSM: give --pkcs11 with them, the path of its library',
  );
  const material = options.material ?? pkcs11Material(options);
  return material === undefined ? undefined : namedSource({ ...options, material });
}

function sourceOf(text: string, option: string): Record<string, unknown> {
  if (text.startsWith('{')) return json(text, option);
  const [, kind, rest] = /^(file|env):(.+)$/s.exec(text) ?? [];
  // A passphrase can look like a path, and is not repeated.
  const path = option === '--material' ? shownPath(text) : undefined;
  assert(
    kind !== undefined && rest !== undefined,
    'MATERIAL_SOURCE',
    `${option} is one of ${FORMS}${path === undefined ? '' : `; did you mean file:${path}?`}`,
  );
  return { [kind]: rest };
}

function json(text: string, option: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    throw new ByokError('MATERIAL_SOURCE', `${option} starts like JSON but is not valid JSON`);
  }
}

/**
 * Opens the material that the options name, passes it to a function, and closes it.
 *
 * @param aws - how to reach Secrets Manager and Parameter Store; undefined for a command that stays offline
 * @throws {@link ByokError} `MATERIAL_*`
 */
export async function withOpenMaterial<T>(
  { declared, reference }: NamedSource,
  aws: AwsOptions | undefined,
  io: Io,
  use: (material: Material) => Promise<T> | T,
): Promise<T> {
  const material = await openSource(reference, declared, {
    env: io.env,
    warn: (line) => void io.stderr.write(`${line}\n`),
    signal: new AbortController().signal,
    connectSecrets: async () => {
      assert(
        aws !== undefined,
        'MATERIAL_SOURCE',
        'this command stays offline: name a file, an environment variable or a command',
      );
      return openSecrets(aws, io);
    },
  });
  try {
    return await use(material);
  } finally {
    material.close();
  }
}
