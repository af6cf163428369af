import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Block } from './documented-code';

// https://github.com/pulumi/templates, aws-typescript/tsconfig.json
const COMPILER_OPTIONS = {
  strict: true,
  outDir: 'bin',
  target: 'es2020',
  module: 'commonjs',
  moduleResolution: 'node',
  sourceMap: true,
  experimentalDecorators: true,
  pretty: true,
  noFallthroughCasesInSwitch: true,
  noImplicitReturns: true,
  forceConsistentCasingInFileNames: true,
};

/** Result of a compilation. */
export interface Compiled {
  readonly version: string;
  /** Paths of the files that were checked. */
  readonly files: readonly string[];
  /** One line for each error, with the place of a program in the documentation. */
  readonly errors: readonly string[];
}

/**
 * Compiles programs in a project with the compiler options of Pulumi's template `aws-typescript`.
 *
 * @param project - folder of the project, with its node_modules
 * @param compiler - the module to require for the API of TypeScript
 * @param checked - the files whose errors are returned
 * @param more - compiler options that the version of TypeScript needs beside those of the template
 */
export function compileInTemplate(
  project: string,
  programs: readonly Block[],
  {
    compiler,
    checked,
    more = {},
  }: { readonly compiler: string; readonly checked: RegExp; readonly more?: object },
): Compiled {
  const folder = join(project, 'template');
  mkdirSync(folder, { recursive: true });
  for (const [index, { text }] of programs.entries()) {
    writeFileSync(join(folder, `program-${index}.ts`), `${text}\nexport {};\n`);
  }
  const compilerOptions = { ...COMPILER_OPTIONS, ...more };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions }));
  const { version, files, diagnostics } = JSON.parse(
    execFileSync(
      process.execPath,
      [join(__dirname, 'compile-project.js'), compiler, folder, checked.source],
      { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
    ),
  ) as Omit<Compiled, 'errors'> & {
    readonly diagnostics: readonly { readonly file: string; readonly message: string }[];
  };
  return {
    version,
    files,
    errors: diagnostics.map(({ file, message }) => {
      const [, index] = /^program-(\d+)\.ts$/.exec(basename(file)) ?? [];
      return `${index === undefined ? file : programs[Number(index)]!.origin} ${message}`;
    }),
  };
}
