/**
 * Returns the look of the page: light, dark, on a small screen and on paper. Colour is never the only sign of anything.
 *
 * @param foot - text at the foot of each sheet of paper; hex digits and plain letters only
 */
export function styleOf(foot: string): string {
  return `
:root { color-scheme: light dark; --ink: #1b1f24; --faint: #57606a; --paper: #fff; --line: #c9d1d9; --mark: #8a5a00; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6edf3; --faint: #9aa4ae; --paper: #11151a; --line: #3d444d; --mark: #f0b849; } }
* { box-sizing: border-box; }
body { margin: 1.5rem auto; padding: 0 1rem; max-width: 64rem; background: var(--paper); color: var(--ink);
  font: .9375rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; padding-top: .75rem; border-top: 2px solid var(--line); }
h3 { font-size: 1rem; margin: 1.25rem 0 .4rem; } h4 { font-size: .9375rem; margin: .75rem 0 .25rem; }
code { font-family: ui-monospace, monospace; font-size: .9em; }
dl { display: grid; grid-template-columns: 15rem minmax(0, 1fr); gap: .15rem 1rem; margin: .4rem 0; }
dt { color: var(--faint); } dd { margin: 0; }
table { border-collapse: collapse; width: 100%; margin: .4rem 0; font-size: .875rem; }
caption { text-align: left; color: var(--faint); padding-bottom: .25rem; }
th, td { text-align: left; vertical-align: top; padding: .3rem .75rem .3rem 0; border-bottom: 1px solid var(--line); }
th, .level { white-space: nowrap; } td:first-child code { overflow-wrap: normal; }
.missing { color: var(--mark); font-style: italic; }
.material { border-left: 3px solid var(--line); padding-left: .9rem; margin: .75rem 0; }
@media screen and (max-width: 40rem) { dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .4rem; }
  thead { display: none; } tr { border-bottom: 1px solid var(--line); }
  table, tbody, tr, td { display: block; } td { padding: .15rem 0; border: 0; overflow-wrap: anywhere; }
  td::before { content: attr(data-heading); display: block; color: var(--faint); } }
@page { size: A4; margin: 12mm 15mm 15mm; @bottom-left { content: "${foot}"; font: 7pt monospace; }
  @bottom-right { content: counter(page) " / " counter(pages); font: 7pt sans-serif; } }
@media print {
  :root { font-size: 9.6pt; color-scheme: light; --ink: #000; --faint: #333; --paper: #fff; --line: #999; --mark: #000; }
  body { margin: 0; padding: 0; max-width: none; } table { font-size: 8.5pt; } td, th { padding-top: .2rem; padding-bottom: .2rem; }
  dl { grid-template-columns: 13rem minmax(0, 1fr); }
  h2, h3, h4, caption { break-after: avoid; } .key { break-before: page; } .key > h2 { margin-top: 0; border: 0; }
  tr, dl { break-inside: avoid; } thead { display: table-header-group; } }
`;
}
