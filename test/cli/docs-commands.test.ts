import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { processIo } from '../../src/cli/io';
import { buildProgram } from '../../src/cli/main';
import { filesBelow } from '../support/files';

const ROOT = join(__dirname, '..', '..');

/** Each call of kms-byok in a shell block of the documentation. */
const CALLS = [join(ROOT, 'README.md'), ...filesBelow(join(ROOT, 'docs'))]
  .filter((page) => page.endsWith('.md'))
  .flatMap((page) =>
    [...readFileSync(page, 'utf8').matchAll(/^ *```sh.*\n([^]*?)^ *```$/gm)].flatMap(
      ([, text = '']) =>
        [...text.replace(/\\\n/g, '').matchAll(/^ *(?:npx )?kms-byok (.*)$/gm)].map(
          ([, words = '']) => [relative(ROOT, page), words] as const,
        ),
    ),
  );

/** The words of a line without quotation marks, up to a redirection. */
const wordsOf = (line: string): string[] =>
  [...(line.split(/ [>|] /)[0] ?? '').matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, plain]) => single ?? double ?? plain ?? '',
  );

async function parse(words: readonly string[]): Promise<void> {
  const program = buildProgram(processIo(), () => undefined);
  for (const command of program.commands) {
    command.configureOutput({ writeErr: () => undefined }).action(() => undefined);
  }
  await program.configureOutput({ writeErr: () => undefined }).parseAsync(words, { from: 'user' });
}

describe('when the documentation calls the command line', () => {
  it.each(CALLS)('%s: kms-byok %s is understood', async (_page, line) => {
    await expect(parse(wordsOf(line))).resolves.toBeUndefined();
  });

  it.each([['verify --key-id a'], ['status --witin 3d'], ['revive'], ['status --within soon']])(
    '%s is not',
    async (line) => {
      await expect(parse(wordsOf(line))).rejects.toThrow();
    },
  );
});
