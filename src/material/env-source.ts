import { needs } from '../errors';
import type { LocalContext, Source } from './source';
import type { EnvReference } from './source-reference';

/**
 * Reads an environment variable of the process that runs the provider, which is that of the
 * Pulumi CLI. Its name is not repeated in an error: whatever stands under `material` may be a
 * secret in the wrong place.
 *
 * @throws {@link ByokError} `MATERIAL_ENV_UNSET`
 */
export const envSource: Source<EnvReference, LocalContext> = {
  encoding: 'base64',
  read({ env: name }, _held, { env }) {
    const value = env[name];
    needs(
      value !== undefined && value !== '',
      'MATERIAL_ENV_UNSET',
      'material.env names an environment variable that is not set, or is empty, where the Pulumi CLI runs',
    );
    return Promise.resolve({ bytes: Buffer.from(value, 'utf8'), encoding: 'base64' });
  },
};
