import { readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { filesBelow } from './support/files';
import { pageOf, passagesOf, programOf, type Passage } from './support/prose';

const ROOT = join(__dirname, '..');

/** Comments, messages and pages that use the words of an engineer whose language is English. */
const HELD_TO_THE_WORDS: readonly string[] = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  '.changeset',
  'CHANGELOG.md',
  'bench',
  'docs',
  'examples',
  'packages',
  'policy-pack',
  'scripts',
  'src',
  'test',
];

/** Pages that are made from comments and texts of programs. Those are judged where they are written. */
const MADE = /^docs\/reference\/(api\/|cli\.md|rules\.md)|^docs\/explanation\/numbers\.md/;

/** Descriptions of measurements change with the next run of the benchmarks, which records them. */
const MEASURED = readFileSync(join(ROOT, 'docs/explanation/numbers.json'), 'utf8');

interface Habit {
  readonly pattern: RegExp;
  readonly better: string;
  /** Default: everywhere. */
  readonly kind?: Passage['kind'];
}

const HABITS: readonly Habit[] = [
  {
    pattern: /\bstands? above\b|\bstood above\b/gi,
    better: 'takes precedence over',
  },
  {
    pattern: /\b(?:stands?|standing|stood)\b(?!-| for\b| up\b| still\b| above\b)/gi,
    better: 'is, has, contains',
  },
  { pattern: /\b(?:tells|told)\b/gi, better: 'says, shows; distinguishes' },
  {
    pattern: /\b(?:who|whom|what)(?:so)?ever\b/gi,
    better: 'who, anybody who; what, everything that',
  },
  {
    // "Leave it alone" is English.
    pattern: /(?<!\b(?:leave|leaves|leaving|left|let|lets)\s(?:\S+\s){0,3})\balone\b/gi,
    better: 'only, before its word',
  },
  { pattern: /\bunless\s+(?:\S+\s+){0,2}(?:said|told)\b/gi, better: 'Default: …' },
  {
    pattern:
      /\b(?:is|are|was|were)\s+for\s+\S+(?:\s+\S+)?\s+to\s+(?:say|tell|decide|judge|know)\b/gi,
    better: 'say who decides: `diff` decides',
  },
  { pattern: /\bnot\b[^.;:]{0,50}\bany\s+more\b/gi, better: 'no longer' },
  {
    pattern: /^\s*What\b(?![^.]*\?)/g,
    better: 'begin with a verb in the third person or a noun',
    kind: 'comment',
  },
];

/** Returns a line for each habit in a passage, in the order of the text. */
function faultsOf({ kind, text, line }: Passage): string[] {
  if (kind === 'message' && MEASURED.includes(JSON.stringify(text))) return [];
  return HABITS.filter((habit) => habit.kind === undefined || habit.kind === kind)
    .flatMap(({ pattern, better }) =>
      [...text.matchAll(pattern)].map((match) => {
        const at = line + text.slice(0, match.index).split('\n').length - 1;
        const found = match[0].trim().replace(/\s+/g, ' ');
        return { index: match.index, fault: `${at}: "${found}", better: ${better}` };
      }),
    )
    .sort((a, b) => a.index - b.index)
    .map(({ fault }) => fault);
}

function filesOf(name: string): string[] {
  const path = join(ROOT, name);
  const files = statSync(path).isFile() ? [path] : filesBelow(path);
  return files.filter(
    (file) =>
      /\.(?:md|[cm]?[jt]s)$/.test(file) &&
      !/\/(?:node_modules|dist)\//.test(file) &&
      !MADE.test(relative(ROOT, file)) &&
      // The examples below have every habit.
      file !== __filename,
  );
}

describe('when comments, messages and pages are compared with the list of words', () => {
  it.each(HELD_TO_THE_WORDS)('%s uses the usual words', (name) => {
    const files = filesOf(name);
    // Right after a release, no change is waiting.
    if (name !== '.changeset') expect(files).not.toEqual([]);
    const faults = files.flatMap((file) =>
      passagesOf(file)
        .flatMap(faultsOf)
        .map((fault) => `${relative(ROOT, file)}:${fault}`),
    );
    expect(faults).toEqual([]);
  });

  it.each([
    ['The list stands in state.', 1],
    ['It stands above the configuration.', 1],
    ['The stand-in stands for the plugin. We understand.', 0],
    ['A preview tells what was told.', 2],
    ['whoever reads\nwhatever is there', 2],
    ['KMS alone decides.', 1],
    ['The next update leaves the key alone.', 0],
    ['Wrapping unless said otherwise.', 1],
    ['That is for the update to decide.', 1],
    ['It is not in KMS any more. Is there any more?', 1],
    ['`alone` is an option.', 0],
    ['```\nalone\n```\n', 0],
    ['See [this](told/alone.md).', 0],
    ['<!-- inputs, made from the comments of A -->\nalone\n<!-- end -->\nalone', 1],
  ])('%j on a page has %d of them', (text, count) => {
    expect(faultsOf(pageOf(text))).toHaveLength(count);
  });

  it.each([
    ['/** What a key holds. */\nconst a = 1;', ['1']],
    ['// What it costs is little\n// and nobody is told.', ['1', '2']],
    ['// What does it cost?', []],
    ['const url = "https://a.example"; // told\nconst text = "who is // told";', ['1', '2']],
    ['const a = `told ${b} nobody is told ${c} and`;', ['1', '1']],
    ['const isQuoted = /"told ever/.test(told);', []],
    ['const a = { stands: "alone" };', []],
    ['/**\n * ```ts\n * told();\n * ```\n * Told.\n */\nexport class A {}', ['5']],
    ['class A {\n  // told\n}\n// told', ['2', '4']],
  ])('of the program %j, lines are named: %j', (text, lines) => {
    const faults = programOf('program.ts', text).flatMap(faultsOf);
    expect(faults.map((fault) => fault.split(':')[0])).toEqual(lines);
  });
});
