import { z } from 'zod';
import { assert } from '../errors';
import type { PlainSource } from './source';

/** An environment variable, by its name. */
export interface EnvReference {
  readonly kind: 'env';
  readonly env: string;
}

/**
 * Reads an environment variable of the provider process, which has the environment of the Pulumi CLI. No
 * error repeats the name of the variable, because somebody may have put a secret in its place.
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
  read({ env: name }, _declared, { env }) {
    const value = env[name];
    assert(
      value !== undefined && value !== '',
      'MATERIAL_ENV_UNSET',
      'material.env names an environment variable that is not set, or is empty, where the Pulumi CLI runs: set it there',
    );
    return Promise.resolve({ bytes: Buffer.from(value, 'utf8'), encoding: 'base64' });
  },
};
