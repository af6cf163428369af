import { readFileSync } from 'node:fs';
import ts from 'typescript';

/** Connected text for people. Code within it is replaced by letters of the same length, and line ends remain. */
export interface Passage {
  readonly kind: 'comment' | 'message' | 'page';
  readonly text: string;
  /** The line of the file on which the text begins, from 1. */
  readonly line: number;
}

/** Returns the comments and texts of a program, or the prose of a Markdown page. */
export function passagesOf(file: string): Passage[] {
  const text = readFileSync(file, 'utf8');
  return file.endsWith('.md') ? [pageOf(text)] : programOf(file, text);
}

const blank = (text: string): string => text.replace(/[^\n]/g, ' ');
const withoutCode = (text: string): string =>
  text.replace(/(`+)(?!`)[^]*?[^`]\1(?!`)/g, (code) => code.replace(/[^\n]/g, 'X'));

/** Removes code blocks, link targets, and tables that come from comments of the source. */
export function pageOf(text: string): Passage {
  const prose = text
    .replace(/^ *(```+|~~~+)[^]*?^ *\1 *$/gm, blank)
    .replace(/^<!-- .*made from [^]*?^<!-- end -->$/gm, blank)
    .replace(/\]\([^)\s]*\)/g, blank);
  return { kind: 'page', text: withoutCode(prose), line: 1 };
}

/** Reads a program with the parser of TypeScript, because a text may look like a comment and a comment like a text. */
export function programOf(file: string, text: string): Passage[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, true);
  const lineAt = (position: number): number =>
    source.getLineAndCharacterOfPosition(position).line + 1;
  const passages: Passage[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isJSDoc(node)) return;
    const children = node.getChildren(source);
    if (children.length > 0) {
      children.forEach(visit);
      return;
    }
    for (const [from, to] of commentsIn(text.slice(0, node.getStart(source)), node.pos)) {
      const comment = withoutMarks(text.slice(from, to));
      passages.push({ kind: 'comment', text: comment, line: lineAt(from) });
    }
    if (!isText(node)) return;
    const written = text.slice(node.getStart(source), node.end).slice(1, -1);
    // A text without a space is a name or a value.
    if (!written.includes(' ')) return;
    passages.push({
      kind: 'message',
      text: withoutCode(written.replaceAll('\\`', '`')),
      line: lineAt(node.getStart(source)),
    });
  };
  visit(source);
  return passages;
}

const isText = (node: ts.Node): boolean =>
  ts.isStringLiteral(node) ||
  ts.isNoSubstitutionTemplateLiteral(node) ||
  ts.isTemplateHead(node) ||
  ts.isTemplateMiddleOrTemplateTail(node);

/** The comments between two tokens. Line comments on successive lines are one comment. */
function commentsIn(text: string, start: number): [number, number][] {
  const scanner = ts.createScanner(ts.ScriptTarget.ESNext, false);
  scanner.setText(text, start);
  const found: [number, number][] = [];
  let joined = false;
  for (let kind = scanner.scan(); kind !== ts.SyntaxKind.EndOfFileToken; kind = scanner.scan()) {
    const [from, to] = [scanner.getTokenStart(), scanner.getTokenEnd()];
    if (kind === ts.SyntaxKind.MultiLineCommentTrivia) {
      found.push([from, to]);
      joined = false;
    } else if (kind === ts.SyntaxKind.SingleLineCommentTrivia) {
      const last = found.at(-1);
      if (joined && last !== undefined && /^\n *$/.test(text.slice(last[1], from))) last[1] = to;
      else found.push([from, to]);
      joined = true;
    }
  }
  return found;
}

const withoutMarks = (comment: string): string =>
  withoutCode(
    comment
      .replace(/^\/\*\*?|\*\/$/g, blank)
      .replace(/^ *(\/\/|\*(?!\/))/gm, blank)
      .replace(/^ *(```+)[^]*?^ *\1 *$/gm, blank),
  );
