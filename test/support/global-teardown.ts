import { removeCompileCache } from './compile-cache-folder';
import { stopMoto } from './moto-process';
import { removePulumiHome } from './pulumi-home';

/** Stops what was started once for all files. */
export default async function globalTeardown(): Promise<void> {
  removePulumiHome();
  removeCompileCache();
  await stopMoto();
}
