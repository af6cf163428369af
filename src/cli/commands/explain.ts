import { Argument, InvalidArgumentError } from 'commander';
import { closest } from 'fastest-levenshtein';
import { BYOK_ERROR_CODES } from '../../errors';
import { defineCommand } from '../command';
import { EXIT } from '../exit-code';
import { LINKS_FROM, readExplanations, type Explanation } from '../explain/error-page';
import { withJson } from '../options';

interface ExplainOptions {
  readonly args: readonly [string?];
  readonly json?: true;
}

/** `kms-byok explain` */
export const explain = defineCommand(
  {
    name: 'explain',
    summary: 'print what an error code means and what to do, or list all codes',
    declare: (command) =>
      withJson(
        command.addArgument(
          new Argument(
            '[code]',
            'the code at the end of a message, with or without its brackets. Default: all codes',
          ).argParser(parseCode),
        ),
      ),
    examples: [
      {
        purpose: 'a message ended in [MATERIAL_DIFFERS]',
        command: 'kms-byok explain MATERIAL_DIFFERS',
      },
      { purpose: 'all codes, each with its first sentence', command: 'kms-byok explain' },
    ],
    exitCodes: { 0: 'printed', 1: 'an error, such as a code that does not exist' },
  },
  ({ args: [given], json }: ExplainOptions, io) => {
    const all = readExplanations();
    const code = given === undefined ? undefined : parseCode(given);
    const chosen = code === undefined ? all : all.filter((one) => one.code === code);
    if (json === true) {
      const document = { format: 'pulumi-kms-byok/errors', version: 1, errors: chosen };
      io.stdout.write(`${JSON.stringify(document, undefined, 2)}\n`);
    } else {
      io.stdout.write(code === undefined ? listOf(all) : chosen.map(textOf).join('\n'));
    }
    return Promise.resolve(EXIT.ok);
  },
);

function parseCode(given: string): string {
  const code = given.replace(/^\[|\]$/g, '').toUpperCase();
  if (!(BYOK_ERROR_CODES as readonly string[]).includes(code)) {
    throw new InvalidArgumentError(`The most similar code is ${closest(code, BYOK_ERROR_CODES)}.`);
  }
  return code;
}

function textOf({ code, paragraphs }: Explanation): string {
  const hasPage = paragraphs.some((paragraph) => paragraph.includes('(docs/'));
  const pages = hasPage ? [`The pages in docs/ are in ${LINKS_FROM}`] : [];
  return `${[code, ...paragraphs, ...pages].join('\n\n')}\n`;
}

function listOf(all: readonly Explanation[]): string {
  const width = Math.max(...all.map(({ code }) => code.length));
  return all
    .map(({ code, paragraphs: [first = ''] }) => `${code.padEnd(width)}  ${firstSentence(first)}\n`)
    .join('');
}

/** A colon ends a sentence too, but not in code. */
function firstSentence(paragraph: string): string {
  const [first = paragraph] = /^(?:`[^`]*`|[^`])*?[.:](?=\s|$)/.exec(paragraph) ?? [];
  return first.replace(/:$/, '.');
}
