/** Style and script of the report page. */

export const STYLE = `
:root {
  --ground: #f4f5f7; --card: #fff; --ink: #1c2430; --quiet: #667080; --line: #dde1e7;
  --chain: #12804a; --totals: #1c62c4; --none: #a05a00; --broken: #c22534; --fact: #7a3fb8; --column: #4b5a70;
  --glow: #ffd54a;
  font: 14px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #12161c; --card: #1b212a; --ink: #e6eaf0; --quiet: #98a3b3; --line: #323b48;
    --chain: #4cc98a; --totals: #76aeff; --none: #f0b057; --broken: #ff7a85; --fact: #c79bf5; --column: #a9b7cb;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); }
header { display: flex; flex-wrap: wrap; gap: 8px 32px; align-items: center; justify-content: space-between;
  padding: 12px 20px; background: var(--card); border-bottom: 1px solid var(--line); }
h1 { margin: 0; font-size: 17px; overflow-wrap: anywhere; }
h2 { margin: 0 0 8px; font-size: 17px; overflow-wrap: anywhere; }
h3 { margin: 20px 0 6px; font-size: 13px; color: var(--quiet); }
p { margin: 4px 0; }
a { color: inherit; }
.quiet { color: var(--quiet); font-size: 12px; overflow-wrap: anywhere; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 16px; margin: 0; padding: 0; list-style: none; font-size: 12px; }
.legend label { cursor: pointer; display: inline-flex; align-items: center; gap: 5px; }
.legend input { margin: 0; accent-color: var(--column); }
.swatch { display: inline-grid; place-items: center; width: 20px; height: 15px; border: 1.5px solid var(--column);
  border-radius: 3px; font-size: 11px; font-weight: 700; line-height: 1; vertical-align: -2px; }
.swatch.chain { color: var(--chain); border-color: var(--chain); }
.swatch.totals { color: var(--totals); border-color: var(--totals); border-style: dashed; }
.swatch.none { color: var(--none); border-color: var(--none); border-style: dotted; }
.swatch.broken { color: var(--broken); border-color: var(--broken); border-width: 2.5px; }
.swatch.column { border-style: dashed; }
.swatch.fact { border-color: var(--fact); }
main { display: grid; }
section { padding: 16px 20px 40px; min-width: 0; }
.data { display: grid; gap: 16px; align-content: start; }
article { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 16px 18px; min-width: 0; }
.alone .data { max-width: 1100px; width: 100%; margin: 0 auto; }
@media (min-width: 1000px) {
  body.split { height: 100vh; display: grid; grid-template-rows: auto 1fr; }
  .split main { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); min-height: 0; }
  .split section { overflow: auto; scroll-padding: 80px; }
  .split .pages { border-right: 1px solid var(--line); }
}
.sheet { margin: 0 auto 20px; max-width: 900px; }
figcaption { padding: 5px 2px; font-size: 12px; color: var(--quiet); }
.paper { position: relative; }
.paper img, .paper .blank, .paper svg { position: absolute; top: 0; left: 0; height: 100%; }
.paper img, .paper .blank { background: #fff; box-shadow: 0 0 0 1px var(--line), 0 1px 6px #0002; }
.paper svg { width: 100%; overflow: visible; }
/* On paper colours are those of the light page, whatever the screen's. */
.paper { --chain: #12804a; --totals: #1c62c4; --none: #a05a00; --broken: #c22534; --fact: #7a3fb8; --column: #4b5a70; }
svg text { font-family: system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
.band { fill: none; stroke: var(--column); stroke-width: .6; stroke-dasharray: 4 3; opacity: .75; }
.frame { fill: color-mix(in srgb, var(--fact) 8%, transparent); stroke: var(--fact); stroke-width: .9; }
.label rect { fill: var(--tone); }
.label text { fill: #fff; font-weight: 600; }
.of-column { --tone: var(--column); }
.of-fact { --tone: var(--fact); }
.of-break { --tone: var(--broken); }
.lead { stroke: var(--broken); stroke-width: .9; }
.row { outline: none; cursor: pointer; }
.row .line { fill: var(--tone); fill-opacity: .07; stroke: var(--tone); stroke-width: .7; stroke-opacity: .8; }
.row .sign { fill: var(--tone); font-weight: 700; }
.row .cell { fill: none; stroke: none; }
.chain { --tone: var(--chain); }
.totals { --tone: var(--totals); }
.none { --tone: var(--none); }
.broken { --tone: var(--broken); }
.row.totals .line { stroke-dasharray: 5 2; }
.row.none .line { stroke-dasharray: 1 2; stroke-width: 1; }
.row.broken .line { stroke-width: 1.6; fill-opacity: .14; }
.row.on .line, .row:hover .line, .row:focus-visible .line, .row:target .line {
  fill: var(--glow); fill-opacity: .35; stroke-width: 1.8; stroke-opacity: 1; }
.row.on .cell, .row:hover .cell, .row:focus-visible .cell, .row:target .cell { stroke: #1c2430; stroke-width: .8; }
body:has(#show-columns:not(:checked)) .column, body:has(#show-facts:not(:checked)) .fact,
body:has(#show-rows:not(:checked)) .row { visibility: hidden; }
.legend .column, .legend .fact { visibility: visible !important; }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(190px, 1fr)); gap: 8px 16px; margin: 14px 0 0; }
dt { font-size: 12px; color: var(--quiet); }
dd { margin: 0; font-weight: 600; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
.verdict { padding: 8px 12px; border-radius: 7px; font-weight: 600; border-left: 4px solid var(--tone);
  background: color-mix(in srgb, var(--tone) 12%, transparent); color: var(--ink); }
.good { --tone: var(--chain); } .warn { --tone: var(--none); } .bad { --tone: var(--broken); }
.bar { display: flex; gap: 2px; height: 8px; margin: 14px 0 4px; border-radius: 4px; overflow: hidden; }
.bar span { background: var(--tone); min-width: 3px; }
.bar .totals { background: repeating-linear-gradient(90deg, var(--tone) 0 6px, transparent 6px 8px); }
.bar .none { background: repeating-linear-gradient(90deg, var(--tone) 0 2px, transparent 2px 4px); }
.counts { font-size: 12px; }
.tag { color: var(--tone); font-weight: 700; white-space: nowrap; }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 12.5px; }
th { text-align: left; font-size: 11px; color: var(--quiet); font-weight: 600; }
th, td { padding: 4px 6px; border-bottom: 1px solid var(--line); vertical-align: top; }
.rows thead th { position: sticky; top: -16px; background: var(--card); z-index: 1; box-shadow: 0 1px var(--line); }
.number { text-align: right; white-space: nowrap; }
.date { white-space: nowrap; }
.narration { overflow-wrap: anywhere; min-width: 110px; }
.rows tbody tr { scroll-margin: 60px; }
.rows tr.broken td { background: color-mix(in srgb, var(--broken) 10%, transparent); }
.rows tbody tr.on td, .rows tbody tr:hover td, .rows tbody tr:target td {
  background: color-mix(in srgb, var(--glow) 32%, transparent); }
.expected { color: var(--broken); font-weight: 600; }
.breaks, .findings { margin: 0; padding-left: 18px; }
.findings strong, .totals td:last-child { color: var(--tone); }
.totals th[scope] { font-size: 12.5px; color: var(--ink); font-weight: 400; }
@media (max-width: 640px) { section { padding: 10px; } article { padding: 12px; } .proof { display: none; } }
@media print {
  :root { --ground: #fff; --card: #fff; --ink: #000; --quiet: #444; --line: #bbb; color-scheme: light; }
  section { padding: 0; } .data { display: block; } .legend input { display: none; }
  .paper img, .paper .blank { box-shadow: none; outline: 1px solid var(--line); outline-offset: -1px; }
  body.split { height: auto; display: block; } .split main { display: block; } .split section { overflow: visible; }
  .sheet { break-inside: avoid; max-width: 17cm; } article { border: none; padding: 0; break-before: page; }
  .rows thead th { position: static; } tr { break-inside: avoid; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;

/** A row lights up in both places; from the table its place is scrolled to. */
export const SCRIPT = `
const lit = new Set();
function light(id, from) {
  for (const one of lit) one.classList.remove("on");
  lit.clear();
  if (id === undefined) return;
  for (const one of document.querySelectorAll('[data-row="' + id + '"]')) { one.classList.add("on"); lit.add(one); }
  const place = from === "table" ? document.getElementById("p" + id) : document.getElementById("t" + id);
  place?.scrollIntoView({ block: "nearest", behavior: "smooth" });
}
function follow() {
  const id = /^#[pt](\\d+-\\d+)$/.exec(location.hash)?.[1];
  if (id) light(id, location.hash[1] === "t" ? "table" : "page");
}
addEventListener("hashchange", follow);
follow();
for (const name of ["mouseover", "focusin"]) {
  document.addEventListener(name, (event) => {
    const row = event.target.closest?.("[data-row]");
    if (row) light(row.dataset.row, row.tagName === "TR" ? "table" : "page");
    else if (name === "mouseover") light();
  });
}
`;
