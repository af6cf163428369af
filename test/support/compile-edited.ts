import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const ROOT = join(__dirname, '..', '..');

/** Changes the text of a file. */
export type Edit = (text: string) => string;

const OPTIONS = compilerOptions();
const HOST = ts.createCompilerHost(OPTIONS, true);
// Parsed and bound once for all edits: most of it is types of packages.
const parsed = new Map<string, ts.SourceFile | undefined>();
let previous: ts.Program | undefined;

/**
 * Compiles with an edit of one file, which is not written to disk.
 *
 * @param file - path from the root of the repository
 * @param checked - the files whose diagnostics are returned; only these and what they import is read
 * @returns for each of the checked files, a text for each error of a type
 * @throws Error if the edit changes nothing, or leaves what is no TypeScript
 */
export function compileAllEdited(
  file: string,
  edit: Edit,
  checked: readonly string[],
): readonly (readonly string[])[] {
  const text = read(file);
  const edited = edit(text);
  if (edited === text) throw new Error(`the edit does not change ${file}`);
  return errorsByFile(checked, new Map([[join(ROOT, file), edited]]));
}

/** Like {@link compileAllEdited}, for one checked file: by default, the edited one. */
export function compileEdited(file: string, edit: Edit, checked: string = file): readonly string[] {
  return compileAllEdited(file, edit, [checked]).flat();
}

/**
 * Compiles many edits of one file at once, each as a file of its own beside it.
 *
 * @param edits - the edits by name
 * @returns the errors of each, by the same names
 * @throws Error if an edit changes nothing, or leaves what is no TypeScript
 */
export function compileEdits(
  file: string,
  edits: ReadonlyMap<string, Edit>,
): ReadonlyMap<string, readonly string[]> {
  const text = read(file);
  const copies = [...edits].map(([name, edit], index) => {
    const edited = edit(text);
    if (edited === text) throw new Error(`the edit ${name} does not change ${file}`);
    return { name, file: file.replace(/\.ts$/, `-${index}.ts`), edited };
  });
  const errors = errorsByFile(
    copies.map((copy) => copy.file),
    new Map(copies.map((copy) => [join(ROOT, copy.file), copy.edited])),
  );
  return new Map(copies.map((copy, index) => [copy.name, errors[index] ?? []]));
}

/** Compiles without an edit. */
export function compile(checked: readonly string[]): readonly string[] {
  return errorsByFile(checked, new Map()).flat();
}

/** Names the entries of a table: a constant whose value is an object literal. */
export function entriesOf(file: string, table: string): readonly string[] {
  return propertiesOf(read(file), table).map(({ name }) => name.getText());
}

/** Returns the edit that removes an entry of a table. */
export function withoutEntry(table: string, entry: string): Edit {
  return (text) => {
    const found = propertiesOf(text, table).find(({ name }) => name.getText() === entry);
    if (found === undefined) throw new Error(`${table} has no entry ${entry}`);
    const end = text.indexOf(',', found.end) + 1;
    return text.slice(0, found.getFullStart()) + text.slice(end);
  };
}

function propertiesOf(text: string, table: string): ts.PropertyAssignment[] {
  const source = ts.createSourceFile('table.ts', text, ts.ScriptTarget.ES2022, true);
  const [value] = source.statements
    .filter(ts.isVariableStatement)
    .flatMap(({ declarationList }) => declarationList.declarations)
    .filter(({ name }) => name.getText() === table)
    .map(({ initializer }) => initializer);
  let literal = value;
  while (
    literal !== undefined &&
    (ts.isSatisfiesExpression(literal) || ts.isAsExpression(literal))
  ) {
    literal = literal.expression;
  }
  if (literal === undefined || !ts.isObjectLiteralExpression(literal)) {
    throw new Error(`${table} is not an object literal`);
  }
  return literal.properties.filter(ts.isPropertyAssignment);
}

function errorsByFile(
  checked: readonly string[],
  edited: ReadonlyMap<string, string>,
): readonly (readonly string[])[] {
  const rootNames = checked.map((file) => join(ROOT, file));
  const program = ts.createProgram({
    rootNames,
    options: OPTIONS,
    host: {
      ...HOST,
      fileExists: (name) => edited.has(name) || HOST.fileExists(name),
      getSourceFile(name, language) {
        const text = edited.get(name);
        if (text !== undefined) return ts.createSourceFile(name, text, language, true);
        if (!parsed.has(name)) parsed.set(name, HOST.getSourceFile(name, language));
        return parsed.get(name);
      },
    },
    ...(previous === undefined ? {} : { oldProgram: previous }),
  });
  previous = program;
  const [malformed] = program.getSyntacticDiagnostics();
  if (malformed !== undefined) throw new Error(textOf(malformed));
  return rootNames.map((name) =>
    program.getSemanticDiagnostics(program.getSourceFile(name)).map(textOf),
  );
}

function textOf({ messageText }: ts.Diagnostic): string {
  return ts.flattenDiagnosticMessageText(messageText, '\n');
}

function compilerOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile) as {
    readonly config: { readonly compilerOptions: object };
  };
  return ts.convertCompilerOptionsFromJson(config.compilerOptions, ROOT).options;
}

function read(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}
