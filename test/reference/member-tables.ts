import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import {
  commentOf,
  type DeclarationName,
  Declarations,
} from '../../scripts/plugin-schema/declarations';

/** The members of these declarations make one table of a page. */
interface TableSource {
  /** Title of the first column, which also marks the place of the table on its page. */
  readonly title: 'input' | 'output';
  /** An interface or a class. */
  readonly of: DeclarationName;
}

/** The tables of each page. */
const PAGES: readonly (readonly [string, readonly TableSource[]])[] = [
  [
    'imported-key-material.md',
    [
      { title: 'input', of: ['src/provider/args.ts', 'ImportedKeyMaterialArgs'] },
      {
        title: 'output',
        of: ['src/resources/imported-key-material.ts', 'ImportedKeyMaterial'],
      },
    ],
  ],
  [
    'on-demand-rotation.md',
    [
      {
        title: 'input',
        of: ['src/provider/on-demand-rotation/args.ts', 'OnDemandRotationArgs'],
      },
      {
        title: 'output',
        of: ['src/resources/on-demand-rotation.ts', 'OnDemandRotation'],
      },
    ],
  ],
  [
    'kms-byok-provider.md',
    [
      {
        title: 'input',
        of: ['src/provider/args.ts', 'ConnectionArgs'],
      },
    ],
  ],
  [
    'imported-key.md',
    [
      { title: 'input', of: ['src/component/args.ts', 'ImportedKeyArgs'] },
      { title: 'output', of: ['src/component/imported-key.ts', 'ImportedKey'] },
    ],
  ],
];

const begin = ({ title, of: [, declaration] }: TableSource): string =>
  `<!-- ${title}s, made from the comments of ${declaration} -->`;
const END = '<!-- end -->';

/** Returns the path of a page. */
export function pathOf(name: string): string {
  return join(__dirname, '..', '..', 'docs', 'reference', name);
}

/** Returns each page by its name, with its tables made anew. */
export function madePages(): ReadonlyMap<string, string> {
  const declarations = new Declarations(
    PAGES.flatMap(([, tables]) => tables.map((table) => table.of)),
  );
  return new Map(
    PAGES.map(([name, tables]) => [
      name,
      tables.reduce(
        (page, table) => withTable(page, table, declarations),
        readFileSync(pathOf(name), 'utf8'),
      ),
    ]),
  );
}

/** Returns a page with the table made anew. */
function withTable(page: string, source: TableSource, declarations: Declarations): string {
  const start = page.indexOf(begin(source));
  const end = page.indexOf(END, start);
  if (start < 0 || end < 0) throw new Error(`the page has no place for ${begin(source)}`);
  return `${page.slice(0, start)}${begin(source)}\n\n${tableOf(source, declarations)}\n\n${page.slice(end)}`;
}

function tableOf({ title, of }: TableSource, declarations: Declarations): string {
  const rows = membersOf(of, declarations).map(([name, text]) => `| \`${name}\` | ${text} |`);
  return ['<!-- prettier-ignore -->', `| ${title} | meaning |`, '| --- | --- |', ...rows].join(
    '\n',
  );
}

/** The documented members, also inherited ones, in their order. */
function membersOf(
  of: DeclarationName,
  declarations: Declarations,
): readonly (readonly [string, string])[] {
  const { checker } = declarations;
  return fieldsOf(declarations.symbolOf(of), checker).map((member) => {
    const comment = commentOf(member, checker);
    if (comment === '') throw new Error(`${of.join(': ')}.${member.name} has no comment`);
    return [member.name, comment.replace(/\s*\n\s*/g, ' ').replaceAll('|', '\\|')] as const;
  });
}

function fieldsOf(symbol: ts.Symbol, checker: ts.TypeChecker): readonly ts.Symbol[] {
  if ((symbol.flags & ts.SymbolFlags.Interface) !== 0) {
    return checker.getPropertiesOfType(checker.getDeclaredTypeOfSymbol(symbol));
  }
  return [...(symbol.members ?? new Map<string, ts.Symbol>()).values()].filter(
    ({ flags }) => (flags & ts.SymbolFlags.Property) !== 0,
  );
}
