import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';

const AWS = dirname(require.resolve('@pulumi/aws/package.json'));
const INDEX = join(AWS, 'index.d.ts');

/**
 * Adds the declarations of `@pulumi/aws` to the node_modules of a project, only those of the services that programs
 * name as `aws.SERVICE`. Those of all services are most of the work of a compilation, and have nothing of this package.
 */
export function installAwsDeclarations(project: string, programs: readonly string[]): void {
  const used = new Set(
    programs.flatMap((text) => [...text.matchAll(/\baws\.([a-z]\w*)/g)].map(([, name]) => name!)),
  );
  const services = [...used].filter((name) => existsSync(join(AWS, name, 'index.d.ts')));
  const folder = join(project, 'node_modules', '@pulumi', 'aws');
  const index = [
    'export * from "./provider";',
    'export * from "./types/enums";',
    ...services.map((name) => `import * as ${name} from "./${name}";`),
    `export { ${services.join(', ')} };`,
  ].join('\n');
  write(join(folder, 'package.json'), readFileSync(join(AWS, 'package.json'), 'utf8'));
  const files = new Map([[INDEX, index]]);
  for (const [file, text] of files) {
    write(join(folder, relative(AWS, file)), text);
    for (const { fileName } of ts.preProcessFile(text).importedFiles) {
      if (!fileName.startsWith('.')) continue;
      const imported = declarationAt(resolve(dirname(file), fileName));
      if (!files.has(imported)) files.set(imported, withoutComments(imported));
    }
  }
}

/** Returns the file of declarations that a relative import names. */
export function declarationAt(path: string): string {
  const found = [`${path}.d.ts`, join(path, 'index.d.ts')].find((file) => existsSync(file));
  if (found === undefined) throw new Error(`there are no declarations at ${path}`);
  return found;
}

// Comments are most of the text, and compilers read them as JSDoc.
function withoutComments(file: string): string {
  return readFileSync(file, 'utf8').replace(/\/\*\*[^]*?\*\//g, '');
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
