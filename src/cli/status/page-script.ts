/**
 * Sorts, filters and pages the table, and shows the details of a key. Only the rows of one page are in the
 * document, because the layout of thousands takes about a second. Without scripts the page shows all rows, the most
 * urgent first.
 */
export const SCRIPT = `
const PAGE = 100;
const byId = (id) => document.getElementById(id);
const table = document.querySelector('table');
const body = table.tBodies[0];
const collator = new Intl.Collator('en', { numeric: true });
const rows = [...body.rows].map((row) => ({
  row,
  text: (row.textContent + '\\n' + row.dataset.details).toLowerCase(),
  states: row.dataset.states.split(' '),
  regions: row.dataset.regions.split(' '),
  values: [...row.cells].map((cell) => cell.dataset.sort ?? cell.textContent),
}));
let order = rows;
let found = rows;
let first = 0;
let sorted = '';

function draw(from, to) {
  const drawn = document.createDocumentFragment();
  for (const { row } of found.slice(from, to)) drawn.append(row);
  body.replaceChildren(drawn);
}
function show() {
  const end = Math.min(first + PAGE, found.length);
  draw(first, end);
  byId('previous').hidden = byId('next').hidden = found.length <= PAGE;
  byId('previous').disabled = first === 0;
  byId('next').disabled = end === found.length;
  byId('shown').textContent = (found.length === 0 ? 'No keys'
    : first + 1 + ' to ' + end + ' of ' + found.length) + sorted;
}
function filter() {
  const text = byId('text').value.trim().toLowerCase();
  const state = byId('state').value;
  const region = byId('region').value;
  found = order.filter((one) => one.text.includes(text)
    && (state === '' || one.states.includes(state))
    && (region === '' || one.regions.includes(region))
    && !(byId('staying').checked && one.row.className === 'leaving'));
  first = 0;
  show();
}
function sort(head) {
  const column = head.cellIndex;
  const down = head.getAttribute('aria-sort') === 'ascending';
  const sign = down ? -1 : 1;
  order = [...rows].sort((a, b) => collator.compare(a.values[column], b.values[column]) * sign);
  for (const other of head.parentElement.cells) other.removeAttribute('aria-sort');
  head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
  sorted = ', sorted by ' + head.textContent.trim() + (down ? ', descending' : ', ascending');
  filter();
}
function turn(pages) {
  first += pages * PAGE;
  show();
  table.scrollIntoView();
}

table.tHead.addEventListener('click', ({ target }) => {
  if (target.closest('button')) sort(target.closest('th'));
});
body.addEventListener('click', ({ target }) => {
  const button = target.closest('button');
  if (!button) return;
  byId('name').textContent = button.textContent.trim();
  byId('text-of-key').textContent = button.closest('tr').dataset.details;
  byId('details').showModal();
});
byId('close').addEventListener('click', () => byId('details').close());
byId('filters').addEventListener('input', filter);
byId('previous').addEventListener('click', () => turn(-1));
byId('next').addEventListener('click', () => turn(1));
addEventListener('beforeprint', () => draw(0, found.length));
addEventListener('afterprint', show);
byId('filters').hidden = false;
byId('pages').hidden = false;
filter();
`;
