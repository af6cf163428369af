import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesBelow } from './files';

const ROOT = join(__dirname, '..', '..');

/** One block of TypeScript in the documentation. */
export interface Block {
  readonly origin: string;
  readonly text: string;
}

function blocksOf(file: string): Block[] {
  const text = readFileSync(file, 'utf8').replace(
    /^[ \t]*\* ?/gm,
    file.endsWith('.ts') ? '' : '$&',
  );
  return [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map((match, index) => ({
    origin: `${file.slice(ROOT.length + 1)} block ${index + 1}`,
    text: match[1] ?? '',
  }));
}

const FOLDERS = ['.', 'packages/embedded-kms', 'packages/pulumi-offline-engine'];

/** Every block in the documentation of the three packages. */
export const DOCUMENTED_CODE: readonly Block[] = FOLDERS.map((name) => join(ROOT, name))
  .flatMap((folder) => [
    join(folder, 'README.md'),
    // Pages below api are declarations, and the examples of src.
    ...filesBelow(join(folder, 'docs')).filter((file) => !/\/docs\/(reference\/)?api\//.test(file)),
    ...filesBelow(join(folder, 'src')),
  ])
  .flatMap(blocksOf);
