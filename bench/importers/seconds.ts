import { randomBytes } from 'node:crypto';
import type { WaitingKeys } from '../waiting-keys';
import type { Importer } from './importer';

/** Returns how long one way takes to import material into new keys. Throws if a key has none after it. */
export async function secondsOf(
  importer: Importer,
  keys: number,
  kms: WaitingKeys,
): Promise<number> {
  const keyArns = await kms.create(keys);
  const expected = importer.importsNothing === true ? 0 : keys;
  const { run, remove } = await importer.prepare({ ...kms, keyArns, material: randomBytes(32) });
  try {
    const start = performance.now();
    await run();
    const seconds = (performance.now() - start) / 1000;
    const imported = await kms.countImported(keyArns);
    if (imported < expected) {
      throw new Error(`${importer.name} imported ${imported} of ${keys} keys`);
    }
    return seconds;
  } finally {
    remove();
  }
}
