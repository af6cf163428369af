import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Option } from 'commander';
import { COMMANDS } from '../../src/cli/commands';
import { processIo } from '../../src/cli/io';
import { buildProgram } from '../../src/cli/main';

const PAGE = join(__dirname, '..', '..', 'docs', 'reference', 'cli.md');

const cell = (text: string): string => text.replaceAll('|', '\\|').replace(/\n/g, ' ');

function row(option: Option): string {
  const byDefault: unknown = option.defaultValueDescription ?? option.defaultValue;
  const more = [
    ...(option.mandatory ? ['Required.'] : []),
    ...(byDefault === undefined
      ? []
      : [`Default: \`${JSON.stringify(byDefault).replaceAll(`"`, ``)}\`.`]),
  ];
  return `| \`${cell(option.flags)}\` | ${cell([option.description, ...more].join('. ').replace('..', '.'))} |`;
}

/** The page, out of the same definitions that the program runs. */
function page(): string {
  const program = buildProgram(processIo(), () => undefined);
  const sections = COMMANDS.flatMap(({ name, summary, details = [], examples, exitCodes }) => {
    const command = program.commands.find((one) => one.name() === name)!;
    const usage = command.createHelp().commandUsage(command);
    return [
      `## ${name}`,
      `${summary[0]!.toUpperCase()}${summary.slice(1)}.`,
      ...details,
      `\`\`\`\n${usage}\n\`\`\``,
      ...(command.options.length === 0
        ? []
        : [
            [
              '<!-- prettier-ignore -->',
              '| option | meaning |',
              '| --- | --- |',
              ...command.options.map(row),
            ].join('\n'),
          ]),
      `\`\`\`sh\n${examples.map((one) => `# ${one.purpose}\n${one.command}`).join('\n\n')}\n\`\`\``,
      [
        '<!-- prettier-ignore -->',
        '| exit code | meaning |',
        '| --- | --- |',
        ...Object.entries(exitCodes).map(([code, meaning]) => `| ${code} | ${cell(meaning)} |`),
      ].join('\n'),
    ];
  });
  return `${[
    '# kms-byok',
    'The command line, for work outside of a Pulumi program. This page is made from the commands themselves.',
    `Results go to stdout, progress, notes and errors to stderr. \`--json\` prints the result as JSON. An
existing file is replaced only with \`--force\`. Other users cannot read files that may contain secrets.
\`NO_COLOR\` switches colours off, and where stderr is no terminal or \`CI\` is set there is no progress bar.
\`--profile\`, \`--region\` and \`--endpoint-url\` mean what they mean in the AWS CLI, and credentials come from where
the AWS CLI finds them. An error ends in its code in brackets, which [errors](errors.md) and \`kms-byok explain\` explain. A mistake in the command line itself has none.`,
    ...sections,
  ].join('\n\n')}\n`;
}

describe('when the page of the command line is compared with the commands', () => {
  it('says what they say', () => {
    if (process.env.UPDATE_DOCS !== undefined) writeFileSync(PAGE, page());
    expect(readFileSync(PAGE, 'utf8')).toBe(page());
  });
});
