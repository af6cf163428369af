import type { Report } from '../report';
import { keepsLimit, type Line, type Result } from '../result';
import { figure } from '../table';
import { STYLE } from './picture';

const WIDTH = 900;
const NAMES = 440;
const VALUES = 165;
const ROW = 24;
const BAR = 12;

/** A ratio, and its target. */
interface Row {
  readonly name: string;
  readonly ratio: number;
  readonly target: number;
  readonly bound: 'at most' | 'at least';
  readonly isKept: boolean;
}

/** Returns the picture of every ratio that has a target, as SVG. The scale is logarithmic. */
export function ratiosOf({ lines }: Report): string {
  const limited = lines.filter(hasLimit);
  const rows = limited.map((line) =>
    rowOf(line, limited.filter(({ what }) => what === line.what).length > 1),
  );
  const all = rows.flatMap(({ ratio, target }) => [Math.max(ratio, MINIMUM), target]);
  const [least, most] = [Math.min(...all) / 1.3, Math.max(...all) * 1.1];
  const xOf = (value: number): number => {
    const part = Math.log(Math.max(value, least) / least) / Math.log(most / least);
    return NAMES + Math.round(part * (WIDTH - NAMES - VALUES));
  };
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${rows.length * ROW}" width="${WIDTH}" role="img" aria-labelledby="title desc">
  <title id="title">Ratios and their targets</title>
  <desc id="desc">${rows.map(describe).join(' ')}</desc>
  <style>${STYLE}
    text { font-size: 12px; }
  </style>
${rows.map((row, index) => draw(row, index * ROW, xOf)).join('\n')}
</svg>
`;
}

/** So that the scale ends somewhere if a ratio is zero. */
const MINIMUM = 0.01;

type Limited = Result & Required<Pick<Result, 'limit'>>;

function hasLimit<Each extends Line>(line: Each): line is Each & Limited {
  return !('absent' in line) && line.limit !== undefined;
}

function rowOf(line: Limited, hasOtherPeers: boolean): Row {
  const { what, ours, peer, peerName, limit } = line;
  const isMost = 'atMost' in limit;
  return {
    name: hasOtherPeers ? `${what}, beside ${peerName}` : what,
    ratio: ours / peer,
    target: isMost ? limit.atMost : limit.atLeast,
    bound: isMost ? 'at most' : 'at least',
    isKept: keepsLimit(line) === true,
  };
}

function describe({ name, ratio, target, bound }: Row): string {
  return `${name}: ${figure(ratio)}, ${bound} ${figure(target)}.`;
}

function draw(
  { name, ratio, target, bound, isKept }: Row,
  top: number,
  xOf: (value: number) => number,
): string {
  const base = top + BAR + 2;
  const tick = xOf(target);
  const length = Math.max(1, xOf(ratio) - NAMES);
  return [
    `  <text x="0" y="${base}">${shortened(name)}</text>`,
    `  <rect class="${isKept ? 'ours' : 'missed'}" x="${NAMES}" y="${top + 3}" width="${length}" height="${BAR}"/>`,
    `  <line class="target" x1="${tick}" y1="${top}" x2="${tick}" y2="${top + BAR + 6}"/>`,
    `  <text x="${WIDTH - VALUES + 8}" y="${base}">${figure(ratio)}, ${bound} ${figure(target)}</text>`,
  ].join('\n');
}

// About as many letters as fit before the bars.
function shortened(name: string): string {
  return name.length <= 72 ? name : `${name.slice(0, 71)}…`;
}
