import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesBelow } from './support/files';

const ROOT = join(__dirname, '..');

interface Block {
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

const blocks = [
  join(ROOT, 'README.md'),
  // What stands below api are declarations, and the examples of src.
  ...filesBelow(join(ROOT, 'docs')).filter((file) => !file.includes('/reference/api/')),
  ...filesBelow(join(ROOT, 'src')),
].flatMap(blocksOf);

describe('when the code in the documentation is compiled', () => {
  it('each block is a module that compiles against the built package', () => {
    expect(blocks.length).toBeGreaterThan(5);
    mkdirSync(join(ROOT, 'node_modules', '.cache'), { recursive: true });
    const folder = mkdtempSync(join(ROOT, 'node_modules', '.cache', 'docs-'));
    try {
      for (const [index, { origin, text }] of blocks.entries()) {
        writeFileSync(join(folder, `block-${index}.mts`), `// ${origin}\n${text}\nexport {};\n`);
      }
      writeFileSync(
        join(folder, 'tsconfig.json'),
        JSON.stringify({
          compilerOptions: {
            module: 'nodenext',
            target: 'es2022',
            strict: true,
            noEmit: true,
            skipLibCheck: true,
            types: ['node'],
          },
        }),
      );
      const tsc = join(ROOT, 'node_modules', 'typescript-native', 'bin', 'tsc');
      const output = ((): string => {
        try {
          return execFileSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' });
        } catch (error) {
          return (error as { readonly stdout: string }).stdout;
        }
      })();
      const named = output.replace(
        /block-(\d+)\.mts/g,
        (_match, index: string) => blocks[Number(index)]!.origin,
      );
      expect(named).toBe('');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
