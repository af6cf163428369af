import { needs } from '../errors';

/**
 * Reads an environment variable of the process that runs the provider, which is that of the
 * Pulumi CLI. Its name is not repeated in an error: whatever stands under `material` may be a
 * secret in the wrong place.
 *
 * @throws {@link ByokError} `MATERIAL_ENV_UNSET`
 */
export function readEnvSource(name: string, env: NodeJS.ProcessEnv): Buffer {
  const value = env[name];
  needs(
    value !== undefined && value !== '',
    'MATERIAL_ENV_UNSET',
    'material.env names an environment variable that is not set, or is empty, where the Pulumi CLI runs',
  );
  return Buffer.from(value, 'utf8');
}
