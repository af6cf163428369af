import type { Report } from '../report';
import { tableOf } from '../table';
import { PART_NAMES } from '../parts';
import { missedOf } from './missed';

/** Returns the page of a report, in Markdown. */
export function pageOf(report: Report): string {
  const { quick } = report.options;
  const absent = PART_NAMES.filter((name) => !report.lines.some(({ part }) => part === name));
  if (quick || absent.length > 0) throw new Error('the page needs a report of all parts');
  const missed = missedOf(report);
  return `# Numbers

This is the output of \`npm run bench\` on one machine. It measures this package and its peers in the same run. Each line
shows the ratio of the two. The figures below it depend on the machine, the ratio much less. A line with a target says
whether it was met. \`npm run bench -- --help\` lists the parts, and \`npm run docs:numbers\` creates this page from
[the JSON of the run](numbers.json).

![Time to import keys, size of state and cost of registration, compared with other ways](numbers.svg)

\`\`\`text
${tableOf(report)}
\`\`\`
${missed.length === 0 ? '' : `\n## Missed\n\n${missed.join('\n')}\n`}`;
}
