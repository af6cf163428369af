import { html, type Html } from './html';
import { groupsOf, type KeyGroup } from './key-group';
import { isLeaving, type FleetStatus, type KeyStatus } from './key-status';
import { lastUseCell, lastUseText } from './last-use';
import { expiryOf, findingText, materialsOf, nameOf, showsLastUse } from './text';

/** Characters at the end of a name that are always shown. */
const END = 18;

/** A column of the table. */
interface Column {
  readonly name: string;
  readonly className: string;
  /** Returns what the column shows of one key of a group. */
  readonly values: (key: KeyStatus, group: KeyGroup) => readonly string[];
  /** Default: by what the column shows. */
  readonly sortedBy?: (key: KeyStatus, index: number) => string | number;
}

const ACTION: Column = {
  name: 'Action',
  className: 'action',
  values: ({ findings }) => findings.map(findingText),
  // The keys are already sorted by urgency.
  sortedBy: (_key, index) => index,
};

const REST: readonly Column[] = [
  { name: 'Region', className: 'region', values: ({ region }) => [region] },
  { name: 'Spec', className: 'spec', values: ({ keySpec }) => [keySpec] },
  { name: 'State', className: 'state', values: ({ keyState }) => [keyState] },
  { name: 'Imported', className: 'imported', values: (key) => [materialsOf(key)] },
  {
    name: 'Expires',
    className: 'expires',
    // The replicas of a key may have other dates, which take the second line.
    values: (key, { length }) => expiryOf(key).split(/ (?=\()/, length === 1 ? 2 : 1),
    sortedBy: ({ validTo }) => validTo ?? '9999',
  },
  {
    name: 'Rotations left',
    className: 'rotations',
    values: ({ rotationsLeft }) => [String(rotationsLeft ?? 'none')],
    sortedBy: ({ rotationsLeft }) => rotationsLeft ?? 99,
  },
];

const LAST_USE: Column = {
  name: 'Last use',
  className: 'used',
  values: ({ lastUse }) => [lastUseCell(lastUse)],
  sortedBy: ({ lastUse }) => (lastUse?.state === 'used' ? lastUse.at : ''),
};

/** Draws the table of all keys, a row for each, and everything that the script of the page needs. */
export function keyTable({ keys }: FleetStatus): Html {
  const rest = showsLastUse(keys) ? [...REST, LAST_USE] : REST;
  const heads = [ACTION, { name: 'Key', className: 'key' }, ...rest];
  return html`<div class="filters" id="filters" role="search" hidden>
      <label>Text <input type="search" id="text" /></label>
      <label
        >State
        ${select(
          'state',
          keys.map(({ keyState }) => keyState),
        )}</label
      >
      <label
        >Region
        ${select(
          'region',
          keys.map(({ region }) => region),
        )}</label
      >
      <label><input type="checkbox" id="staying" /> Hide keys that KMS will delete</label>
    </div>
    <table class="${rest.includes(LAST_USE) ? 'wide' : ''}">
      <caption>
        The most urgent keys come first. A multi-Region key and its replicas share a row.
      </caption>
      <thead>
        <tr>
          ${heads.map(
            ({ name, className }) =>
              html`<th scope="col" class="${className}">
                <button type="button">${name}</button>
              </th>`,
          )}
        </tr>
      </thead>
      <tbody>
        ${groupsOf(keys).map((group, index) => row(group, index, rest))}
      </tbody>
    </table>
    <nav class="pages" id="pages" aria-label="Pages of keys" hidden>
      <button type="button" id="previous">Previous</button>
      <button type="button" id="next">Next</button>
      <span id="shown" role="status"></span>
    </nav>
    <dialog id="details" aria-labelledby="name" closedby="any">
      <h2 id="name"></h2>
      <p id="text-of-key"></p>
      <button type="button" id="close">Close</button>
    </dialog>`;
}

function select(id: string, values: readonly string[]): Html {
  return html`<select id="${id}">
    <option value="">all</option>
    ${[...new Set(values)].sort().map((value) => html`<option>${value}</option>`)}
  </select>`;
}

function row(group: KeyGroup, index: number, rest: readonly Column[]): Html {
  const [first] = group;
  return html`<tr
    class="${group.every(isLeaving) ? 'leaving' : ''}"
    data-states="${group.map(({ keyState }) => keyState).join(' ')}"
    data-regions="${group.map(({ region }) => region).join(' ')}"
    data-details="${group.map(detailsOf).join('\n\n')}"
  >
    ${cell(ACTION, group, index, first.findings[0]?.urgency)}
    <td class="key">${nameCell(first)}</td>
    ${rest.map((column) => cell(column, group, index))}
  </tr>`;
}

function nameCell(key: KeyStatus): Html {
  const hasName = key.aliases.length > 0;
  const name = nameOf(key);
  // Names of one team begin alike and end differently, so a browser may shorten only the start.
  const start = name.slice(0, -END);
  return html`<button type="button" class="${hasName ? '' : 'id'}">
      <span class="start">${start}</span><span>${name.slice(start.length)}</span></button
    >${hasName ? html`<code>${key.keyId}</code>` : ''}`;
}

function cell(column: Column, group: KeyGroup, index: number, more = ''): Html {
  const { className, values, sortedBy } = column;
  const shown = twoLines(group.flatMap((key) => values(key, group))) || 'none';
  return sortedBy === undefined
    ? html`<td class="${className}">${shown}</td>`
    : html`<td class="${className} ${more}" data-sort="${sortedBy(group[0], index)}">${shown}</td>`;
}

/** Returns different values in at most two lines. */
function twoLines(values: readonly string[]): string {
  const [first = '', second, ...others] = new Set(values);
  if (second === undefined) return first;
  return `${first}\n${others.length === 0 ? second : `+${others.length + 1}`}`;
}

function detailsOf(key: KeyStatus): string {
  const multiRegion = key.keyId.startsWith('mrk-');
  return [
    `${key.region}${multiRegion ? `, ${key.isReplica ? 'replica' : 'primary'}` : ''}`,
    ...key.findings.map(findingText),
    key.keyArn,
    ...(key.aliases.length === 0 ? [] : [key.aliases.join(', ')]),
    `${key.keySpec}, ${key.keyState}`,
    `expires: ${expiryOf(key)}`,
    ...(key.rotationsLeft === undefined ? [] : [`rotations left: ${key.rotationsLeft}`]),
    ...(key.lastUse === undefined ? [] : [`last use: ${lastUseText(key.lastUse)}`]),
    `materials imported: ${materialsOf(key)}`,
    ...key.materials.map(({ keyMaterialId, keyMaterialState, importState, validTo }) =>
      ['-', keyMaterialId, keyMaterialState, importState, validTo].filter(Boolean).join(' '),
    ),
  ].join('\n');
}
