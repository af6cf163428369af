import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

/** Folder of the package, which has the documentation. */
const PACKAGE = join(__dirname, '..', '..', '..');
const PAGE = 'docs/reference/errors.md';

/** An error code, with the text of the documentation. */
export interface Explanation {
  readonly code: string;
  /** Paragraphs, as plain text. Links are paths within the package. */
  readonly paragraphs: readonly string[];
}

/** Folder that the links are in. */
export const LINKS_FROM = PACKAGE;

/** Reads the page of error codes that is part of the package, so an explanation is of the installed version. */
export function readExplanations(): Explanation[] {
  const text = readFileSync(join(PACKAGE, PAGE), 'utf8');
  const [, ...sections] = text.split(/^## /m);
  return sections.map((section) => {
    const [code = '', ...lines] = section.split('\n');
    const paragraphs = lines
      .join('\n')
      .trim()
      .split(/\n{2,}/);
    return { code, paragraphs: paragraphs.map(plain) };
  });
}

const LINK = /\[([^\]]+)\]\(([^)]+)\)/g;

function plain(markdown: string): string {
  return markdown.replaceAll(LINK, (_link, text: string, target: string) =>
    target.includes(':') ? `${text} (${target})` : `${text} (${withinPackage(target)})`,
  );
}

function withinPackage(target: string): string {
  return target.startsWith('#')
    ? `kms-byok explain ${target.slice(1).toUpperCase()}`
    : posix.join(posix.dirname(PAGE), target);
}
