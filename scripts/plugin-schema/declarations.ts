import { join } from 'node:path';
import ts from 'typescript';

const ROOT = join(__dirname, '..', '..');

/** A file, as a path from the root of the repository, and the name of a declaration that it exports. */
export type DeclarationName = readonly [file: string, declaration: string];

/** The exported declarations of some files, with their types. */
export class Declarations {
  readonly #program: ts.Program;
  readonly checker: ts.TypeChecker;

  constructor(names: readonly DeclarationName[]) {
    const files = new Set(names.map(([file]) => join(ROOT, file)));
    this.#program = ts.createProgram([...files], compilerOptions());
    this.checker = this.#program.getTypeChecker();
  }

  /** Returns an interface or a class. */
  symbolOf([file, declaration]: DeclarationName): ts.Symbol {
    const source = this.#program.getSourceFile(join(ROOT, file));
    const module = source === undefined ? undefined : this.checker.getSymbolAtLocation(source);
    if (module === undefined) throw new Error(`${file} is not a module`);
    const found = this.checker.getExportsOfModule(module).find(({ name }) => name === declaration);
    if (found === undefined) throw new Error(`${file} does not export ${declaration}`);
    return found;
  }
}

/** Returns the comment of a declaration, as it is written. */
export function commentOf(symbol: ts.Symbol, checker: ts.TypeChecker): string {
  return ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim();
}

function compilerOptions(): ts.CompilerOptions {
  const path = join(ROOT, 'tsconfig.json');
  const read = ts.readConfigFile(path, (file) => ts.sys.readFile(file)) as {
    readonly config: object;
  };
  return ts.parseJsonConfigFileContent({ ...read.config, include: [] }, ts.sys, ROOT).options;
}
