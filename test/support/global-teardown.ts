import { stopMoto } from './moto-process';
import { COMPILE_CACHE, PULUMI_HOME, RSA_PAIRS } from './run-folder';

/** Stops what was started once for all files. */
export default async function globalTeardown(): Promise<void> {
  PULUMI_HOME.remove();
  COMPILE_CACHE.remove();
  RSA_PAIRS.remove();
  await stopMoto();
}
