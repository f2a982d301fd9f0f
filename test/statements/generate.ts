/** A synthetic statement with its truth: the same spec gives the same bytes on every machine. */
import { buffer } from "node:stream/consumers";
import { bottomOf, type Canvas, losePages, openDocument } from "./canvas.ts";
import type { Scene } from "./heads.ts";
import { layoutOf } from "./layouts/index.ts";
import { openAccount } from "./ledger.ts";
import { drawScan } from "./picture.ts";
import { createRandom } from "./random.ts";
import { misprinted, printedRows, sumsOf } from "./rows.ts";
import { drawAccount, drawFooters } from "./table.ts";
import { retouched } from "./text/retouch.ts";
import { truthOf } from "./truth.ts";
import type { Account, Generated, Layout, Spec, Truth } from "./types.ts";

function layoutFor(spec: Spec): Layout {
  return { ...layoutOf(spec.layout), ...spec.change };
}

async function finish(canvas: Canvas): Promise<Buffer> {
  const bytes = buffer(canvas.doc);
  canvas.doc.end();
  return bytes;
}

async function generateScan(spec: Spec): Promise<Generated> {
  const layout = layoutFor(spec);
  const first = spec.accounts[0];
  if (first === undefined) throw new Error(`${spec.name} has no account`);
  const doc = openDocument(layout, Temporal.PlainDate.from(first.to));
  const random = createRandom(first.seed);
  const [width, height] = layout.page;
  doc.image(drawScan(width * 2, height * 2, random), 0, 0, { width, height });
  doc.addPage();
  doc.image(drawScan(width * 2, height * 2, random), 0, 0, { width, height });
  return {
    bytes: await finish({ doc, y: 0 }),
    truth: { name: spec.name, pages: 2, password: null, error: "PDF_IS_IMAGE", statements: [] },
  };
}

/** Under one head all accounts are of one holder at one branch. */
function accountsOf(spec: Spec): Account[] {
  const accounts = spec.accounts.map((account) => openAccount(spec.brand, account));
  const [first] = accounts;
  if (spec.oneHead !== true || first === undefined) return accounts;
  const { holder, address, branch, ifsc, micr } = first;
  return accounts.map((account) => Object.assign({}, account, { holder, address, branch, ifsc, micr }));
}

/** A second account starts on a page of its own, or under a heading where one is left. */
function startNext(canvas: Canvas, layout: Layout, oneHead: boolean): void {
  if (oneHead && canvas.y + 160 < bottomOf(layout)) return;
  canvas.doc.addPage().font(layout.font).fontSize(layout.size);
  canvas.y = 30;
}

export async function generate(spec: Spec): Promise<Generated> {
  if (spec.imageOnly === true) return generateScan(spec);
  const layout = layoutFor(spec);
  const accounts = accountsOf(spec);
  const made = accounts[0]?.period.to.add({ days: 1 });
  if (made === undefined) throw new Error(`${spec.name} has no account`);
  const canvas: Canvas = { doc: openDocument(layout, made, spec.password), y: 0 };
  const oneHead = spec.oneHead === true;
  const statements = accounts.map((account, i) => {
    if (i > 0) startNext(canvas, layout, oneHead);
    const sums = sumsOf(account);
    const scene: Scene = {
      canvas,
      layout,
      account,
      sums,
      withoutSummary: spec.withoutSummary === true,
      withoutNumber: spec.withoutNumber === true,
    };
    const rows = printedRows(misprinted(account.entries, spec.misprint), layout);
    const pages = drawAccount(scene, rows, i > 0 && oneHead ? "section" : layout.head);
    const lost = rows.filter((_, at) => spec.lostPages?.includes(pages[at] ?? 0) === true);
    const entries = new Set(lost.map(({ entry }) => entry));
    const made = truthOf(account, layout, spec, sums, entries, new Set(pages).size > 1);
    // The head that all share names the first one's months.
    const isLater = oneHead && !account.period.from.equals(accounts[0]?.period.from ?? account.period.from);
    if (isLater) made.period = null;
    return made;
  });
  const pages = drawFooters(canvas, layout);
  const lost = (spec.lostPages ?? []).filter((page) => page <= pages);
  losePages(canvas.doc, lost);
  const truth: Truth = {
    name: spec.name,
    pages: pages - lost.length,
    password: spec.password ?? null,
    error: null,
    statements,
  };
  return retouched({ bytes: await finish(canvas), truth }, spec.retouch);
}
