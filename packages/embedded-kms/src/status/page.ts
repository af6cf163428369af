import type { KeyStatus, MaterialStatus, Status } from './status';

/** Returns the status as a page without scripts and without anything from elsewhere. */
export function statusPage(status: Status): string {
  const { now, keyCount, keys, faults, calls } = status;
  const hidden = keyCount - keys.length;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>embedded-kms</title>
<style>${STYLE}</style>
</head>
<body>
<header><h1>embedded-kms</h1><p>Clock: ${time(now)}</p></header>
<main>
${section(
  'Keys',
  hidden > 0 ? `The newest ${keys.length} of ${keyCount}.` : '',
  ['Key', 'State', 'Kind', 'Aliases', 'Materials'],
  keys.map(keyRow),
  'There are no keys.',
)}
${section(
  'Armed faults',
  '',
  ['Operation', 'Fault', 'Hits'],
  faults.map(({ operation, kind, after, times }) => [
    text(operation),
    `<b class="bad">${text(kind)}</b>`,
    `${after === 0 ? 'the next' : `after ${after} more, the next`} ${times === 1 ? 'call' : `${times} calls`}`,
  ]),
  'No fault is armed.',
)}
${section(
  'Last calls',
  calls.length === 0 ? '' : 'Newest first.',
  ['Operation', 'Result', 'Region', 'Account', 'Key', 'Request'],
  calls.map(({ operation, outcome, region, accountId, keyId = '', requestId }) => [
    text(operation),
    `<b class="${outcome === 'ok' ? 'good' : 'bad'}">${text(outcome)}</b>`,
    text(region),
    text(accountId),
    `<code>${text(keyId)}</code>`,
    `<code>${text(requestId)}</code>`,
  ]),
  'There were no calls.',
)}
</main>
<footer><a href="/_status.json">The same as JSON</a></footer>
</body>
</html>
`;
}

const STYLE = `
:root { color-scheme: light dark; font: 14px/1.4 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 1200px; padding: 1rem; }
header { display: flex; align-items: baseline; justify-content: space-between; }
h1 { font-size: 1.4rem; margin: 0; }
h2 { font-size: 1.1rem; margin: 1.5rem 0 0.5rem; }
section { overflow-x: auto; }
table { border-collapse: collapse; min-width: 60rem; width: 100%; }
th, td { border-bottom: 1px solid #8884; padding: 0.3rem 0.5rem; text-align: left; vertical-align: top; }
th { font-weight: 600; }
td { max-width: 22rem; }
td b, time { white-space: nowrap; }
td small, td li, td code { overflow-wrap: anywhere; }
td ul { list-style: none; margin: 0; padding: 0; }
code { font: 0.9em ui-monospace, monospace; }
small { display: block; opacity: 0.75; }
footer { margin-top: 1.5rem; }
.good { color: light-dark(#176b34, #7fd99c); }
.bad { color: light-dark(#a3161f, #ff9a9f); }
`;

function section(
  title: string,
  note: string,
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  ifNone: string,
): string {
  const head = columns.map((column) => `<th scope="col">${column}</th>`).join('');
  const body = rows
    .map((cells) => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`)
    .join('\n');
  const table = `<table><thead><tr>${head}</tr></thead><tbody>\n${body}\n</tbody></table>`;
  return `<section><h2>${title}</h2>${note === '' ? '' : `<p>${note}</p>`}
${rows.length === 0 ? `<p>${ifNone}</p>` : table}</section>`;
}

function keyRow(key: KeyStatus): string[] {
  const isGood = key.state === 'Enabled';
  const deletion =
    key.deletionAt === undefined ? '' : `<small>until ${time(key.deletionAt)}</small>`;
  const role = key.multiRegion === undefined ? '' : `, ${key.multiRegion.toLowerCase()}`;
  return [
    `<code>${text(key.id)}</code><small>${text(key.region)}, ${text(key.accountId)}${role}</small><small>${text(key.description)}</small>`,
    `<b class="${isGood ? 'good' : 'bad'}">${text(key.state)}</b>${deletion}`,
    `${text(key.spec)}<small>${text(key.usage)}</small><small>${text(key.origin)}</small>`,
    list(key.aliases.map(text)),
    list(key.materials.map(materialItem)),
  ];
}

function materialItem({ id, state, isPresent, expiresAt }: MaterialStatus): string {
  const parts = [
    ...(id === undefined ? [] : [`<code title="${text(id)}">${text(id.slice(0, 12))}…</code>`]),
    text(state),
    ...(isPresent ? [] : ['<b class="bad">not here</b>']),
    ...(expiresAt === undefined ? [] : [`expires ${time(expiresAt)}`]),
  ];
  return parts.join(' ');
}

function list(items: readonly string[]): string {
  if (items.length === 0) return '';
  return `<ul>${items.map((item) => `<li>${item}</li>`).join('')}</ul>`;
}

function time(instant: string): string {
  return `<time>${text(instant.replace('.000Z', 'Z'))}</time>`;
}

/** Escapes text for elements and attributes: names and descriptions are the callers'. */
function text(value: string): string {
  return value.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
