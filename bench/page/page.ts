import type { Report } from '../report';
import { tableOf } from '../table';
import { PART_NAMES } from '../parts';
import { missedOf } from './missed';

/** Returns the page of a report, in Markdown. */
export function pageOf(report: Report): string {
  const { quick } = report.options;
  const absent = PART_NAMES.filter((name) => !report.lines.some(({ part }) => part === name));
  if (quick) throw new Error('the page needs a run without --quick');
  const unmeasured =
    absent.length === 0 ? '' : `\nThis run did not measure these parts: ${absent.join(', ')}.\n`;
  const missed = missedOf(report);
  return `# Numbers

This is the output of \`npm run bench\` on one machine. It measures this package and its peers in the same run. Each line
shows the ratio of the two. The figures below it depend on the machine, the ratio much less. A line with a target says
whether it was met. \`npm run bench -- --help\` lists the parts, and \`npm run bench:page\` measures all of them and creates
this page from [the JSON of the run](numbers.json).
${unmeasured}
![Time to import keys, size of state and cost of registration, compared with other ways](numbers.svg)

## Targets

Each line is a ratio of the run, and the tick is its target. What is compared is in [the table](#all-measurements).

![Each ratio beside its target](ratios.svg)
${missed.length === 0 ? '' : `\nMissed:\n\n${missed.join('\n')}\n`}
## What a large stack is bound by

After every step, the engine serializes each property of the whole stack again and writes all of its bytes. With the
backend in a folder or a bucket, an update that creates many resources therefore takes the engine time with the square
of their number, no matter what the resources do: the table has the engine's part beside resources that do nothing and
have as many properties. \`pulumi up --profiling <prefix>\` writes a processor profile that shows it. An update without a
change writes little, so its time grows with the number of resources. A large part of that time is the program: the SDK
takes four stack traces for each property of each resource. A program with thousands of resources can begin with
\`Error.stackTraceLimit = 1\`, and its errors then show one frame; the table has the difference. Keys of different teams
belong in different stacks. Many keys at once also wait for [the request quotas of KMS](pacing.md).

## All measurements

\`\`\`text
${tableOf(report)}
\`\`\`
`;
}
