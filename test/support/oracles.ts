import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(__dirname, '..', '..', '..', 'shared', 'oracles');

/** Describes tests that need published vectors; says so where they are absent. */
export const describeWithOracles: jest.Describe = ((): jest.Describe => {
  if (existsSync(FOLDER)) return describe;
  console.log('skipped: the published test vectors are not in ../shared/oracles');
  return describe.skip;
})();

/** Reads a file of vectors. */
export function readOracle(path: string): unknown {
  return JSON.parse(readFileSync(join(FOLDER, path), 'utf8'));
}
