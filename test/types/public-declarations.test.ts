import { readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';
import { declarationAt } from '../support/aws-declarations';

const ROOT = join(__dirname, '..', '..');
const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  readonly exports: Readonly<Record<string, string | { readonly types: string }>>;
};

const ENTRIES = Object.values(manifest.exports).flatMap((entry) =>
  typeof entry === 'string' ? [] : [join(ROOT, entry.types)],
);

/** Returns each package that declarations import, with the files that import it. */
function packagesBelow(entries: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const packages = new Map<string, string[]>();
  const files = new Set(entries);
  for (const file of files) {
    for (const name of importsOf(file)) {
      if (name.startsWith('.')) files.add(declarationAt(resolve(dirname(file), name)));
      else packages.set(name, [...(packages.get(name) ?? []), relative(ROOT, file)]);
    }
  }
  return packages;
}

function importsOf(file: string): readonly string[] {
  const { importedFiles, typeReferenceDirectives } = ts.preProcessFile(readFileSync(file, 'utf8'));
  return [...importedFiles, ...typeReferenceDirectives].map(({ fileName }) => fileName);
}

describe('when a program imports the declarations of the package', () => {
  it('they import no package but those of Pulumi', () => {
    expect(ENTRIES.map((entry) => relative(ROOT, entry))).toEqual([
      'dist/index.d.ts',
      'dist/provider/index.d.ts',
      'dist/policy/index.d.ts',
    ]);
    expect([...packagesBelow(ENTRIES).keys()].sort()).toEqual(['@pulumi/policy', '@pulumi/pulumi']);
  });

  it('only those of the policies import the optional package of policies', () => {
    const [index, provider] = ENTRIES;
    expect([...packagesBelow([index!, provider!]).keys()]).toEqual(['@pulumi/pulumi']);
  });

  it('an import of a schema would be found', () => {
    const inputs = join(ROOT, 'dist/provider/imported-key-material/inputs.d.ts');
    expect(packagesBelow([inputs]).has('zod')).toBe(true);
  });
});
