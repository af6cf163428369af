import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(__dirname, '..', '..', '..', '..', '..', 'shared', 'oracles');

/**
 * Returns the content of a file of `../shared/oracles`, or `undefined` where it is absent. Tests
 * compare their own expectations with it and need none of it.
 */
export function findOracle(path: string): unknown {
  const file = join(FOLDER, path);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}
