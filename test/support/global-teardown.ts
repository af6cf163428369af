import { stopMoto } from './moto-process';
import { COMPILE_CACHE, PULUMI_HOME } from './run-folder';

/** Stops what was started once for all files. */
export default async function globalTeardown(): Promise<void> {
  PULUMI_HOME.remove();
  COMPILE_CACHE.remove();
  await stopMoto();
}
