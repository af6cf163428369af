import { fingerprintForm } from '../../domain/fingerprint';
import type { ImportableKeySpec } from '../../domain/key-specs';
import { assert } from '../../errors';
import type { Bundle } from '../../material/bundle';
import { opensslCommands } from './openssl-commands';
import { pkcs11ToolCommands } from './pkcs11-tool-commands';
import { sealCommand } from './shell-commands';

/** Programs with which people wrap on a machine without this package. */
const RECIPES = {
  openssl: {
    commands: opensslCommands,
    needs: 'OpenSSL 3',
    takesPrivateKeys: true,
    options: '--material file:material.bin',
  },
  'pkcs11-tool': {
    commands: pkcs11ToolCommands,
    needs: 'pkcs11-tool of OpenSC 0.27 or later, OpenSSL',
    takesPrivateKeys: false,
    options: '--pkcs11 MODULE --token TOKEN --key LABEL --pin env:HSM_PIN',
  },
} as const;

/** Name of a recipe. */
export type RecipeName = keyof typeof RECIPES;

/** Names of the recipes, the usual one first. */
export const RECIPE_NAMES = Object.keys(RECIPES) as readonly RecipeName[];

/** A way to wrap by hand. */
interface Recipe {
  /** The programs that it needs besides a shell. */
  readonly needs: string;
  /** Options of `kms-byok wrap` that name the same material. */
  readonly options: string;
  /** Returns the commands that make `encrypted.bin`, and the one that makes the wrapped file of it. */
  readonly of: (
    bundle: Bundle,
    file: string,
  ) => { readonly commands: readonly string[]; readonly sealing: string };
}

/**
 * Returns a recipe.
 *
 * @throws {@link ByokError} WRAPPING_UNSUPPORTED when the program cannot wrap material for a key of this spec
 */
export function openRecipe(name: RecipeName, keySpec: ImportableKeySpec): Recipe {
  const { commands, needs, options, takesPrivateKeys } = RECIPES[name];
  assert(
    takesPrivateKeys || fingerprintForm(keySpec) === 'v1',
    'WRAPPING_UNSUPPORTED',
    `${name} wraps only AES and HMAC keys for KMS, and this key is ${keySpec}: use kms-byok wrap --pkcs11, or another --recipe`,
  );
  return {
    needs,
    options,
    of: (bundle, file) => ({ commands: commands(bundle, file), sealing: sealCommand(file) }),
  };
}
