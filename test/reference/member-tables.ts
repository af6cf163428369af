import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const ROOT = join(__dirname, '..', '..');

/** The members of these declarations make one table of a page. */
export interface TableSource {
  /** Title of the first column, which also marks the place of the table on its page. */
  readonly title: 'input' | 'output';
  /** Path from the root of the repository. */
  readonly file: string;
  /** Name of an interface or a class, of whose fields those with an output are meant. */
  readonly declaration: string;
}

const begin = ({ title, declaration }: TableSource): string =>
  `<!-- ${title}s, made from the comments of ${declaration} -->`;
const END = '<!-- end -->';

/** Returns a page with the table made anew. */
export function withTable(page: string, source: TableSource): string {
  const start = page.indexOf(begin(source));
  const end = page.indexOf(END, start);
  if (start < 0 || end < 0) throw new Error(`the page has no place for ${begin(source)}`);
  return `${page.slice(0, start)}${begin(source)}\n\n${tableOf(source)}\n\n${page.slice(end)}`;
}

function tableOf(source: TableSource): string {
  const rows = membersOf(source).map(([name, text]) => `| \`${name}\` | ${text} |`);
  return [
    '<!-- prettier-ignore -->',
    `| ${source.title} | meaning |`,
    '| --- | --- |',
    ...rows,
  ].join('\n');
}

/** The documented members, in their order. */
function membersOf({ file, declaration }: TableSource): readonly (readonly [string, string])[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const parsed = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
  const found = parsed.statements.find(
    (statement): statement is ts.InterfaceDeclaration | ts.ClassDeclaration =>
      (ts.isInterfaceDeclaration(statement) || ts.isClassDeclaration(statement)) &&
      statement.name?.text === declaration,
  );
  if (found === undefined) throw new Error(`${file} does not declare ${declaration}`);
  return [...found.members].filter(isField).map((member) => {
    const name = member.name?.getText(parsed) ?? '';
    const [comment] = ts.getJSDocCommentsAndTags(member).filter(ts.isJSDoc);
    const summary = ts.getTextOfJSDocComment(comment?.comment) ?? '';
    if (summary === '') throw new Error(`${declaration}.${name} in ${file} has no comment`);
    return [name, summary.replace(/\s*\n\s*/g, ' ').replaceAll('|', '\\|')] as const;
  });
}

function isField(member: ts.TypeElement | ts.ClassElement): boolean {
  if (ts.isPropertySignature(member)) return true;
  return (
    ts.isPropertyDeclaration(member) &&
    !(member.modifiers ?? []).some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword)
  );
}
