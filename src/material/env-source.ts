import * as z from 'zod';
import { assert } from '../errors';
import { shownVariable } from './shown-name';
import type { EnvReference } from './references';
import type { PlainSource } from './source';

/**
 * Reads an environment variable of the provider process, which has the environment of the Pulumi CLI. An
 * error repeats the name of the variable only if it cannot be a secret that somebody has put in its place.
 *
 * @throws {@link ByokError} `MATERIAL_ENV_UNSET`
 */
export const envSource: PlainSource<{ readonly env: string }, EnvReference> = {
  members: { env: z.string().min(1) },
  reference: { env: z.string() },
  isLocal: true,
  isReadable: true,
  encoding: 'base64',
  refer: ({ env }) => ({ kind: 'env', env }),
  read({ env: name }, _declared, { input, env }) {
    const value = env[name];
    // A passphrase can look like a name.
    const shown = input === undefined ? shownVariable(name) : undefined;
    const of = shown === undefined ? '' : `, ${shown},`;
    assert(
      value !== undefined && value !== '',
      'MATERIAL_ENV_UNSET',
      `${input ?? 'material'}.env names an environment variable${of} that is not set, or is empty, where pulumi or kms-byok is started: set it there`,
    );
    return Promise.resolve({ bytes: Buffer.from(value, 'utf8'), encoding: 'base64' });
  },
};
