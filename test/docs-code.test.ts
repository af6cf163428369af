import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DOCUMENTED_CODE as blocks } from './support/documented-code';

const ROOT = join(__dirname, '..');

describe('when the code in the documentation is compiled', () => {
  it('each block is a module that compiles against the built packages', () => {
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
