/**
 * What a spreadsheet program checks before it opens a workbook, as far as it can be checked without one: every part is
 * well-formed, of a declared type, and every relation leads to a part; elements stand in the schema's order.
 */
import assert from "node:assert/strict";
import { strFromU8, unzipSync } from "fflate";
import { Parser } from "saxen";

export type Parts = Readonly<Record<string, string>>;

export function partsOf(bytes: Uint8Array): Parts {
  return Object.fromEntries(
    Object.entries(unzipSync(bytes)).map(([name, content]) => [name, strFromU8(content)]),
  );
}

interface Element {
  name: string;
  attributes: Record<string, string>;
  children: Element[];
}

/** Throws where it is not well-formed. */
export function parseXml(part: string, xml: string): Element {
  const top: Element = { name: "", attributes: {}, children: [] };
  const open = [top];
  const parser = new Parser();
  parser.on(
    "openTag",
    (name: string, attributes: () => Record<string, string>, _: unknown, ended: boolean) => {
      const element = { name, attributes: { ...attributes() }, children: [] };
      open.at(-1)?.children.push(element);
      if (!ended) open.push(element);
    },
  );
  parser.on("closeTag", (name: string, _: unknown, ended: boolean) => {
    if (!ended) assert.equal(open.pop()?.name, name, part);
  });
  const fail = (error: Error) => {
    throw new Error(`${part}: ${error.message}`);
  };
  parser.on("error", fail);
  parser.on("warn", fail);
  parser.parse(xml);
  assert.equal(open.length, 1, `${part} ends in the middle`);
  const [root, ...more] = top.children;
  assert.ok(root && more.length === 0, `${part} has one root`);
  return root;
}

/** ECMA-376 part 1, §18.2.27, §18.3.1.99 and §21.2.2.145; only what we or the writer use. */
const ORDER: Readonly<Record<string, readonly string[]>> = {
  workbook: ["workbookPr", "bookViews", "sheets", "definedNames", "calcPr"],
  worksheet: [
    "sheetViews", "cols", "sheetData", "autoFilter", "mergeCells", "pageMargins", "pageSetup", "drawing",
  ],
  styleSheet: ["numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs"],
  "c:plotArea": ["c:layout", "c:barChart", "c:lineChart", "c:catAx", "c:valAx"],
  "c:ser": ["c:idx", "c:order", "c:tx", "c:spPr", "c:invertIfNegative", "c:marker", "c:cat", "c:val", "c:smooth"],
  "c:chart": ["c:title", "c:autoTitleDeleted", "c:plotArea", "c:legend", "c:plotVisOnly", "c:dispBlanksAs"],
}; // prettier-ignore

function checkOrder(part: string, { name, children }: Element): void {
  const order = ORDER[name];
  if (order) {
    const places = children.map((child) => order.indexOf(child.name));
    assert.ok(!places.includes(-1), `${part}: ${name} has ${children.map((child) => child.name).join(", ")}`);
    // Of bars and lines there may be several; nothing else may come twice.
    assert.deepEqual(
      places,
      [...places].sort((a, b) => a - b),
      `${part}: the order within ${name}`,
    );
  }
  for (const child of children) checkOrder(part, child);
}

/** `xl/worksheets/_rels/sheet1.xml.rels` speaks of `xl/worksheets/sheet1.xml`. */
const ownerOf = (rels: string): string => rels.replace(/(^|\/)_rels\/([^/]*)\.rels$/, "$1$2");
const resolved = (owner: string, target: string): string =>
  new URL(target, `http://x/${owner}`).pathname.slice(1);

export function checkPackage(bytes: Uint8Array): Parts {
  const parts = partsOf(bytes);
  const roots = new Map<string, Element>();
  for (const [name, xml] of Object.entries(parts)) {
    const root = parseXml(name, xml);
    checkOrder(name, root);
    roots.set(name, root);
  }
  checkContentTypes(parts, roots);
  for (const [name, root] of roots) {
    if (!name.endsWith(".rels")) continue;
    const ids = root.children.map(({ attributes }) => attributes["Id"]);
    assert.equal(new Set(ids).size, ids.length, `${name} names a relation twice`);
    for (const { attributes } of root.children) {
      const target = resolved(ownerOf(name), attributes["Target"] ?? "");
      assert.ok(roots.has(target), `${name} leads to ${target}`);
    }
  }
  for (const [name, root] of roots) {
    const rels = roots.get(name.replace(/([^/]*)$/, "_rels/$1.rels"));
    const known = new Set(rels?.children.map(({ attributes }) => attributes["Id"]));
    for (const id of relationsIn(root)) assert.ok(known.has(id), `${name} uses ${id}`);
  }
  return parts;
}

function checkContentTypes(parts: Parts, roots: ReadonlyMap<string, Element>): void {
  const types = roots.get("[Content_Types].xml")?.children ?? [];
  const overridden = types.filter(({ name }) => name === "Override").map(({ attributes }) => attributes);
  for (const { PartName = "" } of overridden) assert.ok(PartName.slice(1) in parts, `${PartName} is there`);
  const named = new Set(overridden.map(({ PartName = "" }) => PartName.slice(1)));
  for (const name of Object.keys(parts)) {
    const isPlain = name.endsWith(".rels") || name === "[Content_Types].xml";
    assert.ok(isPlain || named.has(name), `${name} has a type of its own`);
  }
}

function relationsIn({ attributes, children }: Element): string[] {
  const own = attributes["r:id"];
  return [...(own === undefined ? [] : [own]), ...children.flatMap(relationsIn)];
}
