/**
 * The look of the page: light, dark, on a small screen and on paper. Colour is never the only sign of anything. No
 * text is smaller than 12 px.
 */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --line: #c9d1d9; --now: #b3261e;
  --soon: #8a5a00; --later: #2f6f9f; --band: #fff3d6; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6edf3; --paper: #11151a; --line: #3d444d; --now: #ff8a80; --soon: #f0b849;
    --later: #79b8ea; --band: #33290f; } }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body { margin: 1.5rem auto; padding: 0 1rem; max-width: 90rem; background: var(--paper);
  color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
li, dialog { overflow-wrap: anywhere; } .whole { white-space: nowrap; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin: 1.5rem 0 .5rem; }
svg { display: block; overflow: visible; width: 100%; height: 140px; } svg text { font-size: 12px; fill: var(--ink); }
svg .axis { stroke: var(--ink); } .within { fill: var(--band); background: var(--band); }
.now { color: var(--now); fill: var(--now); } .soon { color: var(--soon); fill: var(--soon); }
.later { color: var(--later); fill: var(--later); }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; font-size: .875rem; }
.legend i { display: inline-block; margin-right: .4rem; border: .35rem solid; }
.legend i.within { border: 1px solid var(--line); padding: .3rem; }
.dates { margin: .5rem 0; padding: 0; list-style: none; columns: 10rem; font-size: .875rem; }
.filters { display: flex; flex-wrap: wrap; gap: .5rem 1rem; margin: .75rem 0; align-items: center; }
.filters label { display: flex; gap: .4rem; align-items: center; }
input, select, button { font: inherit; color: inherit; }
input[type="search"], select, .pages button, dialog button { min-height: 2rem; padding: 0 .6rem;
  background: var(--paper); border: 1px solid var(--line); border-radius: .25rem; }
button { cursor: pointer; } button:disabled { opacity: .5; cursor: default; }
:focus-visible { outline: 2px solid var(--later); outline-offset: 2px; }
.pages { display: flex; gap: 1rem; align-items: center; position: sticky; bottom: 0; padding: .5rem 0;
  background: var(--paper); border-top: 1px solid var(--line); font-size: .875rem; }
table { border-collapse: collapse; width: 100%; table-layout: fixed; font-size: .8125rem; }
caption { text-align: left; padding-bottom: .5rem; }
th, td { text-align: left; vertical-align: top; padding: .35rem .5rem;
  border-bottom: 1px solid var(--line); }
th:first-child, td:first-child { padding-left: 0; }
td { white-space: pre; overflow: hidden; text-overflow: ellipsis; }
th button, td button { background: none; border: 0; padding: 0; text-align: left; }
th button { font-weight: bold; }
td.key { white-space: nowrap; }
td code, .start { display: block; overflow: hidden; text-overflow: ellipsis; }
td button { display: flex; max-width: 100%; text-decoration: underline; text-underline-offset: .15em; outline-offset: -2px; }
td code, .id { font-family: monospace; font-size: .925em; }
td.now, td.soon { font-weight: bold; }
th button::after { content: " \\2195" / ""; opacity: .5; }
th[aria-sort="ascending"] button::after { content: " \\2191" / ""; opacity: 1; }
th[aria-sort="descending"] button::after { content: " \\2193" / ""; opacity: 1; }
@media print, (min-width: 64.01rem) {
  .action { width: 20%; } .key { width: 23%; } .region { width: 9.5%; } .spec { width: 13.5%; }
  .state { width: 10.5%; } .imported { width: 7.5%; } .expires { width: 8%; } .rotations { width: 8%; }
  .wide .action { width: 16%; } .wide .key { width: 18%; } .used { width: 9%; } }
dialog { width: calc(100% - 2rem); max-width: 50rem; background: var(--paper); color: var(--ink);
  border: 1px solid var(--line); border-radius: .5rem; }
dialog h2 { margin-top: 0; } dialog p { white-space: pre-wrap; font-size: .875rem; }
dialog::backdrop { background: #0008; }
@media screen and (max-width: 64rem) {
  table, thead, tbody, caption { display: block; }
  tr { display: grid; grid-template-columns: minmax(0, 1fr) auto; column-gap: .75rem;
    padding: .35rem 0; border-bottom: 1px solid var(--line); }
  thead tr { display: flex; flex-wrap: wrap; }
  .filters label { flex: 1 0 16rem; } .filters select, [type="search"] { flex: 1; min-width: 0; }
  th, td { padding: 0; border: 0; }
  td { white-space: nowrap; }
  .spec, .state, .imported, .rotations, .used, td button + code { display: none; }
  td.action, td.expires { grid-row: 1; } td.key, td.region { grid-row: 2; }
  td.expires, td.region { text-align: right; } td button { line-height: 1.5rem; } }
@page { size: landscape; }
@media print {
  :root { --ink: #000; --paper: #fff; --line: #999; --now: #000; --soon: #000; --later: #555;
    --band: #eee; }
  body { margin: 0; max-width: none; font-size: 9pt; } th button::after { content: ""; }
  .filters, .pages { display: none; } table { font-size: 7.5pt; } td { white-space: pre-wrap; }
  td.key { white-space: normal; overflow-wrap: anywhere; } td button { display: inline; }
  .start { display: inline; }
  thead { display: table-header-group; } tr { break-inside: avoid; } }
`;
