import { Command, Option } from 'commander';
import { writeFileSync } from 'node:fs';
import { MEASURES } from './measure';
import { PART_NAMES, PARTS, type Part } from './parts';
import { progress } from './progress';
import { describeMachine, type Options, type Report } from './report';
import type { Line } from './result';
import { durationOf, heading, rowOf } from './table';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const QUICK_PARTS_AT_ONCE = 3;

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
  const measured = new Map<Part, readonly Line[]>();
  const seconds: Partial<Record<Part, number>> = {};
  const queue = names.entries();
  const measureNext = async (): Promise<void> => {
    for (const [index, name] of queue) {
      progress(`${name} (${index + 1} of ${names.length})`);
      const start = performance.now();
      const ofPart = await MEASURES[name](options);
      for (const line of ofPart) print(rowOf(line));
      seconds[name] = Math.round((performance.now() - start) / 1000);
      measured.set(name, ofPart);
    }
  };
  // The figures of a quick run are not used, so its parts may slow each other down.
  await Promise.all(Array.from({ length: quick ? QUICK_PARTS_AT_ONCE : 1 }, measureNext));
  const lines = names.flatMap((part) =>
    (measured.get(part) ?? []).map((line) => ({ part, ...line })),
  );
  const text = `${JSON.stringify({ machine, options, seconds, lines } satisfies Report, undefined, 2)}\n`;
  print(durationOf(seconds));
  if (json === true) process.stdout.write(text);
  if (output !== undefined) writeFileSync(output, text);
}

void main();
