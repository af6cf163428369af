import { createHash } from 'node:crypto';
import { html, Html } from './html';
import type { FleetStatus } from './key-status';
import { keyTable } from './key-table';
import { SCRIPT } from './page-script';
import { STYLE } from './page-style';
import { problemsOf, summaryOf } from './text';
import { timeline } from './timeline';

// The page contains everything it needs. The policy lets the browser load and send nothing.
const POLICY = [
  "default-src 'none'",
  `style-src '${hashOf(STYLE)}'`,
  `script-src '${hashOf(SCRIPT)}'`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

// Whole elements, because the hashes cover everything between the tags, to the last space.
const STYLE_ELEMENT = new Html(`<style>${STYLE}</style>`);
const SCRIPT_ELEMENT = new Html(`<script>${SCRIPT}</script>`);

/** Returns the status as one HTML page for screens, paper and screen readers. */
export function statusPage(status: FleetStatus): string {
  return `<!doctype html>\n${
    html`<html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${POLICY}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Imported key material, ${status.takenAt.slice(0, 10)}</title>
        ${STYLE_ELEMENT}
      </head>
      <body>
        <main>
          <h1>Imported key material</h1>
          <p>${withWholeRegions(summaryOf(status))}.</p>
          <p>As of <time datetime="${status.takenAt}">${status.takenAt}</time>.</p>
          ${problems(status)}
          <h2>Expiries</h2>
          ${timeline(status)}
          <h2>Keys</h2>
          ${keyTable(status)}
        </main>
        ${SCRIPT_ELEMENT}
      </body>
    </html>`.text
  }\n`;
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

function problems(status: FleetStatus): Html {
  const lines = problemsOf(status);
  return lines.length === 0
    ? html``
    : html`<ul>
        ${lines.map((line) => html`<li>${withWholeRegions(line)}</li>`)}
      </ul>`;
}

/** Keeps browsers from breaking the names of Regions at their hyphens. */
function withWholeRegions(text: string): Html[] {
  return text
    .split(/\b([a-z]{2,4}(?:-[a-z]+)+-\d)\b/)
    .map((part, index) =>
      index % 2 === 0 ? html`${part}` : html`<span class="whole">${part}</span>`,
    );
}
