import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { NOT_SERVED } from './sdk/not-served';

const ROOT = join(__dirname, '..');
const PAGE = join(ROOT, 'docs', 'reference.md');
const FOLDER = join(ROOT, 'src', 'errors');
const FILES = readdirSync(FOLDER).sort();

/** A function that makes one error: its comment, which says how sure it is, and its body. */
const FUNCTION =
  /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\nexport function (?!validation\()\w+\([\s\S]*?\): KmsError \{\n([\s\S]*?)\n\}/g;

interface Row {
  readonly name: string;
  readonly text: string;
  readonly certainty: string;
}

function rowsOf(source: string): Row[] {
  return [...source.matchAll(FUNCTION)].map(([, comment = '', body = '']) => ({
    name: /new KmsError\(\s*'(\w+)'/.exec(body)?.[1] ?? 'ValidationException',
    text: textOf(body),
    certainty: comment.replace(/\n \* ?/g, ' ').trim(),
  }));
}

function textOf(body: string): string {
  const literal = /(?:,|validation\()\s*(?:'((?:[^'\\]|\\.)*)'|`([^`]*)`|"([^"]*)")/.exec(body);
  const text = literal?.[1] ?? literal?.[2] ?? literal?.[3];
  if (text === undefined) return '(no text)';
  // Placeholders read best by the name of what is put there.
  return `\`${text.replace(/\$\{(\w+)[^}]*\}/g, '<$1>').replaceAll('\\', '')}\``;
}

function table(): string {
  const rows = FILES.flatMap((file) => rowsOf(readFileSync(join(FOLDER, file), 'utf8')));
  const lines = rows.map(
    ({ name, text, certainty }) =>
      `| \`${name}\` | ${text} | ${certainty.replaceAll('|', '\\|')} |`,
  );
  return ['| name | text | how sure |', '| --- | --- | --- |', ...lines].join('\n');
}

/** The parts of the installed SDK that the server does not serve, from the list of the test of the SDK. */
function notServed(): string {
  const { version } = JSON.parse(
    readFileSync(join(dirname(require.resolve('@aws-sdk/client-kms')), '../package.json'), 'utf8'),
  ) as { readonly version: string };
  const lines = NOT_SERVED.map(({ what, why }) => `  - ${what}: ${why}.`);
  return [`  Of \`@aws-sdk/client-kms\` ${version}:`, '', ...lines].join('\n');
}

/** Compares a section of the page with what it is made from, or writes it. */
function expectSection(name: string, expected: string): void {
  const page = readFileSync(PAGE, 'utf8');
  const section = new RegExp(`(<!-- ${name}: begin -->\\n)([\\s\\S]*?)( *<!-- ${name}: end -->)`);
  if (process.env.UPDATE_DOCS !== undefined) {
    writeFileSync(
      PAGE,
      page.replace(section, (_, begin: string, __, end: string) => begin + expected + end),
    );
    return;
  }
  expect(section.exec(page)?.[2]).toBe(expected);
}

describe('when the page of the embedded FOLDER is compared with its source', () => {
  it('lists every answer with its certainty', () => {
    expectSection('answers', `\n<!-- prettier-ignore -->\n${table()}\n\n`);
  });

  it('lists what the newest SDK knows and the server does not serve', () => {
    expectSection('not served', `\n${notServed()}\n\n`);
  });

  it('says of every answer whether it was recorded', () => {
    const rows = FILES.flatMap((file) => rowsOf(readFileSync(join(FOLDER, file), 'utf8')));
    expect(rows.length).toBeGreaterThan(60);
    for (const { certainty } of rows) {
      expect(certainty).toMatch(
        /recorded|documented|third party|inferred|ours|API reference|defect|AWS's name/i,
      );
    }
  });
});
