import { Command, Option } from 'commander';
import { writeFileSync } from 'node:fs';
import { MEASURES } from './measure';
import { PART_NAMES, PARTS, type Part } from './parts';
import { progress } from './progress';
import { describeMachine, type Options, type Report } from './report';
import { durationOf, heading, rowOf } from './table';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

interface Arguments extends Partial<Options> {
  readonly json?: true;
  readonly output?: string;
  readonly only?: readonly Part[];
}

const width = Math.max(...PART_NAMES.map((name) => name.length));
const command = new Command('npm run bench --')
  .description(
    'Compares this package with its peers. Each line shows the ratio of two measurements of the same run.',
  )
  .option('--json', 'print JSON instead of the table')
  .option('--output <file>', 'write the JSON to a file as well')
  .addOption(new Option('--only <part...>', 'measure only these parts').choices(PART_NAMES))
  .option(
    '--full',
    'also import 200 keys with the slow peers and under quotas, and update 1,000 new resources, which takes another half an hour',
  )
  .option('--quick', 'measure less of everything, only to check that it runs')
  .addHelpText(
    'after',
    `\nParts:\n${PART_NAMES.map((name) => `  ${name.padEnd(width)}  ${PARTS[name]}`).join('\n')}`,
  );

async function main(): Promise<void> {
  const { json, output, only, full = false, quick = false } = command.parse().opts<Arguments>();
  const names = PART_NAMES.filter((name) => only?.includes(name) ?? true);
  const options = { full, quick };
  const machine = describeMachine();
  const print = (text: string): void => {
    // A run takes many minutes, so each result is printed at once and survives the failure of a later part.
    if (json === undefined) process.stdout.write(`${text}\n`);
  };
  print(heading(machine));
  const lines: Report['lines'][number][] = [];
  const seconds: Partial<Record<Part, number>> = {};
  for (const [index, name] of names.entries()) {
    progress(`${name} (${index + 1} of ${names.length})`);
    const start = performance.now();
    const measured = await MEASURES[name](options);
    for (const line of measured) print(rowOf(line));
    seconds[name] = Math.round((performance.now() - start) / 1000);
    lines.push(...measured.map((line) => ({ part: name, ...line })));
  }
  const text = `${JSON.stringify({ machine, options, seconds, lines } satisfies Report, undefined, 2)}\n`;
  print(durationOf(seconds));
  if (json === true) process.stdout.write(text);
  if (output !== undefined) writeFileSync(output, text);
}

void main();
