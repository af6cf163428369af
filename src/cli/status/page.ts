import { createHash } from 'node:crypto';
import { short } from './assess';
import { html, Html } from './html';
import type { FleetStatus, KeyStatus } from './key-status';
import { SCRIPT } from './page-script';
import { STYLE } from './page-style';
import { expiryOf, findingText, materialsOf, nameOf, summaryOf } from './text';
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
          <p>${summaryOf(status)}.</p>
          <p>As of <time datetime="${status.takenAt}">${status.takenAt}</time>.</p>
          ${problems(status)}
          <h2>Expiries</h2>
          ${timeline(status)}
          <h2>Keys</h2>
          ${table(status)}
          <p id="sorted" role="status"></p>
        </main>
        ${SCRIPT_ELEMENT}
      </body>
    </html>`.text
  }\n`;
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

function problems({ unread, notes }: FleetStatus): Html {
  const lines = [
    ...unread.map(({ keyId, region, error }) => `Not read: ${keyId} (${region}): ${error}`),
    ...notes,
  ];
  return lines.length === 0
    ? html``
    : html`<ul>
        ${lines.map((line) => html`<li>${line}</li>`)}
      </ul>`;
}

interface Column {
  readonly name: string;
  readonly shown: (key: KeyStatus) => Html;
  readonly sortedBy: (key: KeyStatus, index: number) => string | number;
}

const COLUMNS: readonly Column[] = [
  {
    name: 'Action',
    shown: ({ findings }) =>
      findings.length === 0
        ? html`none`
        : html`<ul>
            ${findings.map(
              (finding) => html`<li class="${finding.urgency}">${findingText(finding)}</li>`,
            )}
          </ul>`,
    // The keys are already sorted by urgency.
    sortedBy: (_key, index) => index,
  },
  {
    name: 'Key',
    shown: (key) => html`${nameOf(key)}<br /><code>${key.keyId}</code>`,
    sortedBy: nameOf,
  },
  { name: 'Region', shown: ({ region }) => html`${region}`, sortedBy: ({ region }) => region },
  { name: 'Spec', shown: ({ keySpec }) => html`${keySpec}`, sortedBy: ({ keySpec }) => keySpec },
  {
    name: 'State',
    shown: ({ keyState, isReplica }) => html`${keyState}${isReplica ? ', replica' : ''}`,
    sortedBy: ({ keyState }) => keyState,
  },
  {
    name: 'Materials',
    shown: (key) =>
      html`${materialsOf(key)}
        <ul>
          ${key.materials.map(
            ({ keyMaterialId, keyMaterialState = '', importState, validTo = '' }) =>
              html`<li>
                ${keyMaterialId === undefined ? '' : short(keyMaterialId)} ${keyMaterialState}
                ${importState} ${validTo}
              </li>`,
          )}
        </ul>`,
    sortedBy: materialsOf,
  },
  {
    name: 'Expires',
    shown: (key) => html`${expiryOf(key)}`,
    sortedBy: ({ validTo }) => validTo ?? '9999',
  },
  {
    name: 'Rotations left',
    shown: ({ rotationsLeft }) => html`${rotationsLeft ?? 'none'}`,
    sortedBy: ({ rotationsLeft }) => rotationsLeft ?? 99,
  },
];

function table({ keys }: FleetStatus): Html {
  return html`<div class="scroll">
    <table>
      <caption>
        The most urgent keys come first. Use the buttons in the header to sort.
      </caption>
      <thead>
        <tr>
          ${COLUMNS.map(
            ({ name }) => html`<th scope="col"><button type="button">${name}</button></th>`,
          )}
        </tr>
      </thead>
      <tbody>
        ${keys.map(
          (key, index) =>
            html`<tr>
              ${COLUMNS.map(
                ({ shown, sortedBy }) =>
                  html`<td data-sort="${sortedBy(key, index)}">${shown(key)}</td>`,
              )}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
