import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { numbersOf, WYCHEPROOF_FILES } from '../../packages/embedded-kms/test/support/vectors';

const ROOT = join(__dirname, '..', '..');
const TARGET = join(ROOT, 'packages', 'embedded-kms', 'test', 'vectors', 'wycheproof');

const [folder] = process.argv.slice(2);
if (folder === undefined)
  throw new Error('usage: npm run vectors:take -- <wycheproof>/testvectors_v1');

for (const file of WYCHEPROOF_FILES) {
  const original: unknown = JSON.parse(readFileSync(join(folder, file), 'utf8'));
  // One vector on each line, so a diff shows which of them changed.
  const text = JSON.stringify(numbersOf(file, original)).replaceAll('{"tcId"', '\n{"tcId"');
  writeFileSync(join(TARGET, file), `${text}\n`);
}
