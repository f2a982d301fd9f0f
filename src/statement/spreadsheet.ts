/**
 * XLSX (ECMA-376 workbooks) to grids of cells. The file is a ZIP of XML: it is unpacked here, within limits, and the
 * reader gets nothing but the parts that were, stored. So a bomb is refused before it is unpacked.
 */
import { unzipSync, zipSync } from "fflate";
import readXlsxFile from "read-excel-file/universal";
import type { Cell, Grid } from "./grid.ts";
import { foldSpaces } from "./text.ts";
import type { DocumentMetadata } from "./types.ts";
import { Damaged, TooLarge } from "./unreadable.ts";
import { parseXml, textAt, type XmlNode } from "./xml.ts";
import { NO_METADATA } from "./ledger.ts";

/** 100,000 rows of 8 cells are some 40 MB of XML. */
const MOST_BYTES = 48 * 2 ** 20;
const MOST_PARTS = 500;

const WORKBOOK = "xl/workbook.xml";
const PART =
  /^(?:\[Content_Types\]\.xml|_rels\/.*|docProps\/(?:core|app)\.xml|xl\/(?:_rels\/.*|workbook\.xml|styles\.xml|sharedStrings\.xml|worksheets\/[^/]+\.xml))$/i;

export interface Workbook {
  grids: Grid[];
  metadata: DocumentMetadata;
}

/** Whether the bytes are a ZIP. */
export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4;
}

/**
 * The parts of a workbook; null where the ZIP holds none (a document of another program). Throws Damaged where it
 * cannot be unpacked, TooLarge where it says that it unpacks to more than any statement: never more than it says is
 * unpacked.
 */
function unpack(bytes: Uint8Array): Record<string, Uint8Array> | null {
  let total = 0;
  let parts = 0;
  try {
    const found = unzipSync(bytes, {
      filter: ({ name, originalSize }) => {
        if (!PART.test(name)) return false;
        parts += 1;
        total += originalSize;
        if (total > MOST_BYTES || parts > MOST_PARTS)
          throw new TooLarge("The workbook unpacks to more than it may");
        return true;
      },
    });
    return WORKBOOK in found ? found : null;
  } catch (error) {
    if (error instanceof TooLarge) throw error;
    throw new Damaged("The workbook cannot be unpacked", { cause: error });
  }
}

/** Null where the ZIP is no workbook. Throws Damaged or TooLarge. */
export async function readWorkbook(bytes: Uint8Array): Promise<Workbook | null> {
  const parts = unpack(bytes);
  if (parts === null) return null;
  for (const [name, xml] of Object.entries(parts)) if (SHEET.test(name)) parts[name] = withReferences(xml);
  const stored = zipSync(parts, { level: 0 });
  const sheets = await readSheets(stored.buffer);
  return { grids: sheets.map(toGrid), metadata: metadataOf(parts) };
}

const SHEET = /^xl\/worksheets\//i;
const ROW_OR_CELL = /<((?:\w+:)?)(row|c)((?:\s[^<>]*)?)(\/?)>/g;
/** The first cells show whether the writer numbers them. */
const PROBE_BYTES = 64 * 1024;

/** Some programs leave out where a cell stands, as the standard allows: it is the next one. The reader needs it said. */
function withReferences(bytes: Uint8Array): Uint8Array {
  const head = new TextDecoder().decode(bytes.subarray(0, PROBE_BYTES));
  if (!/<(?:\w+:)?c(?![^<>]*\sr=)[\s>/]/.test(head)) return bytes;
  let [row, column] = [0, 0];
  const xml = new TextDecoder().decode(bytes);
  const numbered = xml.replace(
    ROW_OR_CELL,
    (tag, prefix: string, name: string, rest: string, end: string) => {
      const stated = /\sr="([A-Z]*)(\d+)"/.exec(rest);
      if (name === "row") {
        [row, column] = [stated === null ? row + 1 : Number(stated[2]), 0];
        return stated === null ? `<${prefix}row r="${row}"${rest}${end}>` : tag;
      }
      column = stated === null ? column + 1 : columnNumber(stated[1] ?? "");
      return stated === null ? `<${prefix}c r="${columnName(column)}${row}"${rest}${end}>` : tag;
    },
  );
  return new TextEncoder().encode(numbered);
}

/** 1 is `A`, 27 is `AA`. */
function columnName(column: number): string {
  const rest = Math.floor((column - 1) / 26);
  return (rest > 0 ? columnName(rest) : "") + String.fromCharCode(65 + ((column - 1) % 26));
}

function columnNumber(name: string): number {
  let number = 0;
  for (const letter of name) number = number * 26 + letter.charCodeAt(0) - 64;
  return number;
}

type Value = string | number | boolean | Stored | TypedDate | null;

/** A number as written in the file: no float comes between. */
interface Stored {
  number: string;
}

/** The reader's dates: midnight UTC of the day that the cell shows. */
interface TypedDate {
  getTime(): number;
}

async function readSheets(archive: ArrayBuffer): Promise<Value[][][]> {
  try {
    const sheets = await readXlsxFile<Stored>(archive, { parseNumber: (number) => ({ number }) });
    return sheets.map(({ data }) => data.map((row) => row.map(toValue)));
  } catch (error) {
    // Whatever the reader stumbles over is in the file: a missing part, a cell out of place, XML that never ends.
    throw new Damaged("The workbook cannot be read", { cause: error });
  }
}

/** The reader's types call a date `typeof Date`; it gives dates. */
function toValue(value: unknown): Value {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  if (isStored(value) || isDate(value)) return value;
  return null;
}

function isStored(value: unknown): value is Stored {
  return value instanceof Object && "number" in value && typeof value.number === "string";
}

function isDate(value: unknown): value is TypedDate {
  return value instanceof Object && "getTime" in value && typeof value.getTime === "function";
}

function toGrid(rows: Value[][]): Grid {
  return { rows: rows.map((row) => row.map(toCell)), lines: rows.map((_, index) => index + 1) };
}

function toCell(value: Value): Cell {
  if (value === null) return "";
  if (typeof value === "string") return value.trim();
  if (typeof value !== "object") return String(value);
  if ("number" in value) return value;
  const instant = Temporal.Instant.fromEpochMilliseconds(value.getTime());
  return { date: instant.toZonedDateTimeISO("UTC").toPlainDate() };
}

/** What the writing program says of itself; the parts may be absent, or nothing that can be read. */
function metadataOf(parts: Readonly<Record<string, Uint8Array>>): DocumentMetadata {
  const core = part(parts["docProps/core.xml"]);
  const app = part(parts["docProps/app.xml"]);
  return {
    ...NO_METADATA,
    producer: textOf(app, "Application"),
    author: textOf(core, "creator"),
    title: textOf(core, "title"),
    createdAt: instantOf(textAt(core, "created")),
    modifiedAt: instantOf(textAt(core, "modified")),
  };
}

function textOf(node: XmlNode | null, name: string): string | null {
  return foldSpaces(textAt(node, name) ?? "").slice(0, LONGEST_ENTRY) || null;
}

/** Shown to people, and compared with known programs. */
const LONGEST_ENTRY = 1000;

function part(bytes: Uint8Array | undefined) {
  if (bytes === undefined) return null;
  try {
    return parseXml(new TextDecoder().decode(bytes));
  } catch (error) {
    if (error instanceof Damaged || error instanceof TooLarge) return null;
    throw error;
  }
}

function instantOf(text: string | null): string | null {
  if (text === null) return null;
  try {
    return Temporal.Instant.from(text).toString();
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
