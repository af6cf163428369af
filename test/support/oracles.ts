import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeUnless } from './describe-unless';

const FOLDER = join(__dirname, '..', '..', '..', 'shared', 'oracles');

/** Describes tests that need published vectors or recordings; says so where they are absent. */
export const describeWithOracles = describeUnless(
  existsSync(FOLDER)
    ? undefined
    : 'the published test vectors and the recordings of AWS are not in ../shared/oracles',
);

/** Reads a file of vectors or recordings. */
export function readOracle(path: string): unknown {
  return JSON.parse(readFileSync(join(FOLDER, path), 'utf8'));
}
