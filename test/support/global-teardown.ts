import { stopMoto } from './moto-process';

/** Stops what was started once for all files. */
export default async function globalTeardown(): Promise<void> {
  await stopMoto();
}
