import { DAY_MILLISECONDS, DAY_SECONDS } from '../../domain/duration';
import { counted } from './counted';
import { html, type Html } from './html';
import { groupsOf } from './key-group';
import { isLeaving, type FleetStatus } from './key-status';

/** Pixels. Only the width changes with the screen, so text keeps its size, and x is a percentage. */
const TOP = 20;
const BASE = 110;
const BAR = 5;
const THIN_BAR = 2;

/** Dates whose bars have room. */
const FEW = 60;

const TICKS = 4;

/** Width of a digit and of the space between numbers, as percentages on a screen of 390 px. */
const DIGIT = 2.2;
const SPACE = 1.5;

/** A date, and the keys of which material expires then. */
interface ExpiryDate {
  readonly date: string;
  readonly keys: number;
  readonly urgency: 'now' | 'soon' | 'later';
  /** Percentage of the width. Past dates are at the left end. */
  readonly x: number;
  /** Pixels. */
  readonly height: number;
}

/**
 * Draws a bar for each date on which material expires, as high as the number of keys that share the date, and lists
 * the dates. Keys that will be deleted have no bar.
 */
export function timeline(status: FleetStatus): Html {
  const now = Date.parse(status.takenAt);
  const soon = now + status.withinSeconds * 1000;
  const counts = keysByDate(status);
  if (counts.size === 0) return html`<p>No material expires.</p>`;
  const last = Math.max(
    now + 30 * DAY_MILLISECONDS,
    ...[...counts.keys()].map((date) => Date.parse(date)),
  );
  const x = (instant: number): number =>
    Math.min(100, (Math.max(0, instant - now) / (last - now)) * 100);
  const most = [...counts.values()].reduce((highest, { keys }) => Math.max(highest, keys), 0);
  const dates = [...counts].sort().map(([date, { keys, earliest }]): ExpiryDate => ({
    date,
    keys,
    urgency: earliest <= now ? 'now' : earliest <= soon ? 'soon' : 'later',
    x: x(Date.parse(date)),
    height: Math.max(BAR, Math.round(((BASE - TOP) * keys) / most)),
  }));
  const within = `within ${Number((status.withinSeconds / DAY_SECONDS).toFixed(1))} d`;
  return html`<svg role="img" aria-labelledby="timeline-title timeline-text">
      <title id="timeline-title">Expiries of key material</title>
      <desc id="timeline-text">
        Material expires on ${counted(dates.length, 'date')} between ${dates[0]?.date ?? ''} and
        ${dates.at(-1)?.date ?? ''}. The list below has the number of keys for each date.
      </desc>
      <rect class="within" x="0" y="0" width="${x(soon)}%" height="${BASE}" />
      <line class="axis" x1="0" y1="${BASE}" x2="100%" y2="${BASE}" />
      ${ticks(now, last).map((instant) => tick(x(instant), instant))}
      ${dates.map((date) => bar(date, dates.length > FEW ? THIN_BAR : BAR))}
      ${numbered(dates).map(number)}
    </svg>
    <p class="legend">
      <span>Each bar is a date. Its height and its number show how many keys share it:</span>
      <span><i class="now"></i>expired</span>
      <span><i class="soon"></i>${within}</span>
      <span><i class="later"></i>later</span>
      <span><i class="within"></i>the time ${within}</span>
    </p>
    <details>
      <summary>${counted(dates.length, 'date')}</summary>
      <ul class="dates">
        ${dates.map(({ date, keys }) => html`<li>${date}: ${counted(keys, 'key')}</li>`)}
      </ul>
    </details>`;
}

function keysByDate({ keys }: FleetStatus): Map<string, { keys: number; earliest: number }> {
  const counts = new Map<string, { keys: number; earliest: number }>();
  for (const group of groupsOf(keys.filter((key) => !isLeaving(key)))) {
    const ends = group
      .flatMap(({ materials }) => materials)
      .flatMap(({ validTo, importState }) => (importState === 'IMPORTED' ? (validTo ?? []) : []));
    const seen = new Set<string>();
    for (const validTo of ends.sort()) {
      const date = validTo.slice(0, 10);
      const earlier = counts.get(date);
      const earliest = Math.min(earlier?.earliest ?? Infinity, Date.parse(validTo));
      counts.set(date, { keys: (earlier?.keys ?? 0) + (seen.has(date) ? 0 : 1), earliest });
      seen.add(date);
    }
  }
  return counts;
}

function ticks(from: number, to: number): number[] {
  return Array.from({ length: TICKS }, (_, index) => from + ((to - from) * index) / (TICKS - 1));
}

function tick(x: number, instant: number): Html {
  return html`<line class="axis" x1="${x}%" y1="${BASE}" x2="${x}%" y2="${BASE + 6}" />
    <text x="${x}%" y="${BASE + 22}" text-anchor="${anchor(x)}">
      ${new Date(instant).toISOString().slice(0, 10)}
    </text>`;
}

// A date at an end would leave the screen.
function anchor(x: number): string {
  return x === 0 ? 'start' : x === 100 ? 'end' : 'middle';
}

function bar({ date, keys, urgency, x, height }: ExpiryDate, width: number): Html {
  return html`<rect
    class="${urgency}"
    x="${x}%"
    y="${BASE - height}"
    width="${width}"
    height="${height}"
    transform="translate(${(-x * width) / 100})"
    data-date="${date}"
  >
    <title>${date}: ${counted(keys, 'key')}</title>
  </rect>`;
}

// Where numbers would overlap, the dates with the most keys have theirs.
function numbered(dates: readonly ExpiryDate[]): ExpiryDate[] {
  const chosen: ExpiryDate[] = [];
  for (const one of [...dates].sort((a, b) => b.keys - a.keys || a.x - b.x)) {
    const isFree = chosen.every(
      ({ keys, x }) => Math.abs(x - one.x) >= String(keys).length * DIGIT + SPACE,
    );
    if (isFree) chosen.push(one);
  }
  return chosen;
}

function number({ keys, x, height }: ExpiryDate): Html {
  return html`<text x="${x}%" y="${BASE - height - 4}" text-anchor="middle">${keys}</text>`;
}
