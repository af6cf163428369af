import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine } from './find';

/**
 * Returns an environment in which the CLI of an engine keeps everything below one folder and needs no
 * network. Creates the folders that the CLI expects.
 *
 * @param passphrase - the passphrase of the secrets in state
 */
export function cliEnvironment(
  { path }: Engine,
  folder: string,
  passphrase: string,
): NodeJS.ProcessEnv {
  const home = join(folder, 'home');
  const backend = join(folder, 'backend');
  for (const each of [home, backend]) mkdirSync(each, { recursive: true });
  return {
    ...process.env,
    PATH: path,
    PULUMI_HOME: home,
    PULUMI_BACKEND_URL: `file://${backend}`,
    PULUMI_CONFIG_PASSPHRASE: passphrase,
    PULUMI_SKIP_UPDATE_CHECK: 'true',
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: 'true',
    PULUMI_DIY_BACKEND_NO_LEGACY_WARNING: 'true',
  };
}
