import { figure } from '../table';
import { panelsOf, type Bar, type Panel } from './panels';
import type { Report } from '../report';

const WIDTH = 800;
const NAMES = 310;
const VALUES = 80;
const ROW = 26;
const BAR = 16;
const HEAD = 30;
const GAP = 18;

/** Follows the reader's choice of light or dark, on any page that shows the picture. */
export const STYLE = `
    text { font: 14px system-ui, sans-serif; fill: #1f2328; }
    .title { font-weight: 600; }
    .ours { fill: #0969da; }
    .peer { fill: #8c959f; }
    .missed { fill: #cf222e; }
    .target { stroke: #1f2328; stroke-width: 2; }
    @media (prefers-color-scheme: dark) {
      text { fill: #f0f6fc; }
      .ours { fill: #58a6ff; }
      .peer { fill: #6e7681; }
      .missed { fill: #ff7b72; }
      .target { stroke: #f0f6fc; }
    }`;

/** Returns the picture of a report, as SVG. */
export function pictureOf(report: Report): string {
  const panels = panelsOf(report);
  let y = 0;
  const drawn = panels.map((panel) => {
    const text = draw(panel, y);
    y += HEAD + panel.bars.length * ROW + GAP;
    return text;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y - GAP}" width="${WIDTH}" role="img" aria-labelledby="title desc">
  <title id="title">Importing key material into AWS KMS, this package and other ways</title>
  <desc id="desc">${panels.map(describe).join(' ')} Shorter is better.</desc>
  <style>${STYLE}
  </style>
${drawn.join('\n')}
</svg>
`;
}

function describe({ title, unit, bars }: Panel): string {
  const values = bars.map(({ name, value }) => `${name} ${figure(value)}`).join(', ');
  return `${title}, in ${unit}: ${values}.`;
}

function draw({ title, unit, bars }: Panel, top: number): string {
  const longest = Math.max(...bars.map(({ value }) => value));
  const scale = (WIDTH - NAMES - VALUES) / longest;
  return [
    `  <text class="title" x="0" y="${top + 18}">${title} (${unit})</text>`,
    ...bars.map((bar, index) => drawBar(bar, scale, top + HEAD + index * ROW)),
  ].join('\n');
}

function drawBar({ name, value, isOurs }: Bar, scale: number, top: number): string {
  const length = Math.max(1, Math.round(value * scale));
  const base = top + BAR - 3;
  return [
    `  <text x="0" y="${base}">${name}</text>`,
    `  <rect class="${isOurs ? 'ours' : 'peer'}" x="${NAMES}" y="${top}" width="${length}" height="${BAR}"/>`,
    `  <text x="${NAMES + length + 8}" y="${base}">${figure(value)}</text>`,
  ].join('\n');
}
