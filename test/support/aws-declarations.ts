import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const AWS = dirname(require.resolve('@pulumi/aws/package.json'));

/** Those that the declarations of this package name. */
const OWN = ['kms', 'cloudwatch'];

/** Returns the declarations of `@pulumi/aws` without the services that the programs do not name. */
export function awsDeclarations(programs: string): string {
  const used = new Set([
    ...OWN,
    ...Array.from(programs.matchAll(/\baws\.(\w+)/g), ([, name]) => name),
  ]);
  const all = readFileSync(join(AWS, 'index.d.ts'), 'utf8');
  const services = Array.from(all.matchAll(/^import \* as (\w+) from/gm), ([, name]) => name!);
  const unused = new Set(services.filter((name) => !used.has(name)));
  return all
    .replace(/^import \* as (\w+) from .*\n/gm, (line, name: string) =>
      unused.has(name) ? '' : line,
    )
    .replace(/^export \{ (accessanalyzer.*) \};$/m, (_line, names: string) => {
      const kept = names.split(/, ?/).filter((name) => name !== '' && !unused.has(name));
      return `export { ${kept.join(', ')} };`;
    })
    .replaceAll('"./', `"${AWS}/`);
}
