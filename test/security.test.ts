import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..');

describe('when SECURITY.md promises something', () => {
  const text = readFileSync(join(ROOT, 'SECURITY.md'), 'utf8');
  const table = /^\| against .*\n\| -.*\n((?:\|.*\n)+)/m.exec(text)?.[1] ?? '';
  const rows = table
    .trim()
    .split('\n')
    .map((row) => [row.split('|')[1]!.trim(), row.split('|').at(-2)!] as const);

  it('the table of promises is there', () => {
    expect(rows.length).toBeGreaterThan(9);
  });

  it.each(rows)('against %s, it names tests that exist and test something', (_what, held) => {
    const tests = Array.from(held.matchAll(/`(test\/[^`]+\.test\.ts)`/g), ([, path]) => path!);
    expect(tests.length).toBeGreaterThan(0);
    for (const path of tests) {
      expect([path, existsSync(join(ROOT, path))]).toEqual([path, true]);
      expect(readFileSync(join(ROOT, path), 'utf8')).toMatch(
        /\b(?:it|test)(?:\.each)?[(<]|life\(\)|\bdescribe(?:Faults|Deaths)\(/,
      );
    }
  });
});
