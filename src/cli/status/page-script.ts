/**
 * Sorts the table by a column when its button is pressed, by pointer or keyboard. Without scripts the
 * table is sorted by urgency.
 */
export const SCRIPT = `
const table = document.querySelector('table');
const said = document.getElementById('sorted');
for (const button of table.querySelectorAll('th button')) {
  button.addEventListener('click', () => {
    const head = button.closest('th');
    const column = head.cellIndex;
    const down = head.getAttribute('aria-sort') === 'ascending';
    const body = table.tBodies[0];
    const value = (row) => row.cells[column].dataset.sort;
    const rows = [...body.rows].sort((a, b) =>
      value(a).localeCompare(value(b), 'en', { numeric: true }) * (down ? -1 : 1));
    body.append(...rows);
    for (const other of head.parentElement.cells) other.removeAttribute('aria-sort');
    head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
    said.textContent = 'Sorted by ' + button.textContent + (down ? ', descending' : ', ascending');
  });
}
`;
