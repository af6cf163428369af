import { html, type Html } from './html';
import { htmlDocument } from './html-document';
import type { FleetStatus } from './key-status';
import { keyTable } from './key-table';
import { SCRIPT } from './page-script';
import { STYLE } from './page-style';
import { problemsOf, summaryOf } from './text';
import { timeline } from './timeline';

/** Returns the status as one HTML page for screens, paper and screen readers. */
export function statusPage(status: FleetStatus): string {
  return htmlDocument({
    title: `Imported key material, ${status.takenAt.slice(0, 10)}`,
    style: STYLE,
    script: SCRIPT,
    main: html`<h1>Imported key material</h1>
      <p>${withWholeRegions(summaryOf(status))}.</p>
      <p>As of <time datetime="${status.takenAt}">${status.takenAt}</time>.</p>
      ${problems(status)}
      <h2>Expiries</h2>
      ${timeline(status)}
      <h2>Keys</h2>
      ${keyTable(status)}`,
  });
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
