import { html, type Html } from './html';
import type { FleetStatus } from './key-status';
import { nameOf } from './text';

const DAY = 86_400_000;
const WIDTH = 960;
const MARGIN = 40;
const HEIGHT = 160;
const BASE = 130;
const DOT = 5;

interface Expiry {
  readonly label: string;
  readonly validTo: string;
  readonly instant: number;
}

/**
 * Draws one dot for each material that expires, above the date of its expiry. Stacks dots that would
 * overlap. Draws the dots of past expiries at the left end.
 */
export function timeline(status: FleetStatus): Html {
  const now = Date.parse(status.takenAt);
  const expiries = status.keys.flatMap((key) =>
    key.materials.flatMap(({ validTo, importState }): Expiry[] =>
      validTo === undefined || importState !== 'IMPORTED'
        ? []
        : [{ label: `${nameOf(key)} (${key.region})`, validTo, instant: Date.parse(validTo) }],
    ),
  );
  if (expiries.length === 0) return html`<p>No material expires.</p>`;
  const last = Math.max(now + 30 * DAY, ...[latest(expiries)]);
  const x = (instant: number): number =>
    MARGIN + ((Math.max(instant, now) - now) / (last - now)) * (WIDTH - 2 * MARGIN);
  const within = x(Math.min(now + status.withinSeconds * 1000, last));
  return html`<svg
    viewBox="0 0 ${WIDTH} ${HEIGHT}"
    role="img"
    aria-labelledby="timeline-title timeline-text"
  >
    <title id="timeline-title">Expiries of key material</title>
    <desc id="timeline-text">
      ${expiries.length} materials expire between ${status.takenAt.slice(0, 10)} and
      ${new Date(last).toISOString().slice(0, 10)}. The table below has each date.
    </desc>
    <rect class="within" x="${MARGIN}" y="8" width="${within - MARGIN}" height="${BASE - 8}" />
    <line class="axis" x1="${MARGIN}" y1="${BASE}" x2="${WIDTH - MARGIN}" y2="${BASE}" />
    ${ticks(now, last).map(
      (instant) =>
        html`<line
            class="axis"
            x1="${x(instant)}"
            y1="${BASE}"
            x2="${x(instant)}"
            y2="${BASE + 6}"
          />
          <text x="${x(instant)}" y="${BASE + 22}" text-anchor="middle">
            ${new Date(instant).toISOString().slice(0, 10)}
          </text>`,
    )}
    ${dots(expiries, x, now + status.withinSeconds * 1000)}
  </svg>`;
}

function latest(expiries: readonly Expiry[]): number {
  return expiries.reduce((most, { instant }) => Math.max(most, instant), 0);
}

const TICKS = 6;

function ticks(from: number, to: number): number[] {
  return Array.from({ length: TICKS }, (_, index) => from + ((to - from) * index) / (TICKS - 1));
}

function dots(
  expiries: readonly Expiry[],
  x: (instant: number) => number,
  soonUntil: number,
): Html[] {
  const columns = new Map<number, Expiry[]>();
  for (const expiry of expiries) {
    const column = Math.round(x(expiry.instant) / (2 * DOT)) * 2 * DOT;
    columns.set(column, [...(columns.get(column) ?? []), expiry]);
  }
  return [...columns].flatMap(([column, stacked]) => {
    // A stack that is too high for the picture is compressed.
    const step = Math.min(2 * DOT, (BASE - 8 - 2 * DOT) / stacked.length);
    return stacked.map(
      ({ label, validTo, instant }, index) =>
        html`<circle
          class="${instant <= soonUntil ? 'soon' : 'later'}"
          cx="${column}"
          cy="${BASE - DOT - index * step}"
          r="${DOT - 1}"
          data-expiry="${validTo}"
        >
          <title>${label}: ${validTo}</title>
        </circle>`,
    );
  });
}
