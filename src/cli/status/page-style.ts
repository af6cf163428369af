/** The look of the page: light, dark and on paper. Colour is never the only sign of anything. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --line: #c9d1d9; --now: #b3261e;
  --soon: #8a5a00; --later: #2f6f9f; --band: #fff3d6; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6edf3; --paper: #11151a; --line: #3d444d; --now: #ff8a80; --soon: #f0b849;
    --later: #79b8ea; --band: #33290f; } }
body { margin: 2rem auto; padding: 0 1rem; max-width: 80rem; background: var(--paper);
  color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
svg { width: 100%; height: auto; } svg text { font-size: 11px; fill: var(--ink); }
svg .axis { stroke: var(--ink); } svg .within { fill: var(--band); }
svg .soon { fill: var(--soon); stroke: var(--ink); } svg .later { fill: var(--later); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
caption { text-align: left; padding-bottom: .5rem; }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem;
  border-bottom: 1px solid var(--line); }
th button { font: inherit; font-weight: bold; color: inherit; background: none; border: 0;
  padding: 0; cursor: pointer; text-align: left; }
th button:focus-visible { outline: 2px solid var(--later); outline-offset: 2px; }
th button::after { content: " \\2195" / ""; opacity: .5; }
th[aria-sort="ascending"] button::after { content: " \\2191" / ""; opacity: 1; }
th[aria-sort="descending"] button::after { content: " \\2193" / ""; opacity: 1; }
.now { color: var(--now); font-weight: bold; } .soon { color: var(--soon); font-weight: bold; }
td ul { margin: 0; padding: 0; list-style: none; } code { overflow-wrap: anywhere; }
@media print {
  :root { --ink: #000; --paper: #fff; --line: #999; --now: #000; --soon: #000; --later: #555;
    --band: #eee; }
  body { margin: 0; max-width: none; font-size: 9pt; } th button::after { content: ""; }
  .scroll { overflow: visible; } thead { display: table-header-group; } tr { break-inside: avoid; } }
`;
