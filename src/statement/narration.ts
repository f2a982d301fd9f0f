/** The narration of a row out of its lines: joined by a space, or by nothing where the document breaks words. */
import type { Region } from "./table.ts";
import type { TableLine, TextPart } from "./tableline.ts";

/** How a document breaks narrations that are wider than their column. */
export interface Breaks {
  /** Right edge of the column's widest line, by region and column. */
  edges: ReadonlyMap<string, number>;
  /** Words that stand whole inside a line; null where lines break between words. */
  words: ReadonlySet<string> | null;
  /** Words of the document where lines end in hyphens; null where none does. */
  hyphenated: ReadonlySet<string> | null;
}

interface Block {
  region: number;
  lines: readonly TableLine[];
}

/** Fewer different breaks tell nothing: the same salary breaks at the same word each month. */
const FEWEST = 8;
/** In a document that breaks words every line is full, to within this many letters; of lines of words one in four is. */
const ROOM = 1.6;
const FULL = 0.9;
/** No letter is wider than this many average ones. */
const WIDEST = 1.45;

const keyOf = (region: number, column: string): string => `${region} ${column}`;

/** Learns from all rows whether narrations break between words or anywhere. */
export function learnBreaks(blocks: readonly Block[]): Breaks {
  const edges = new Map<string, number>();
  const broken: { key: string; part: TextPart; seam: string }[] = [];
  for (const { region, lines } of blocks) {
    if (lines.length < 2) continue;
    const open = new Map<string, TextPart>();
    for (const { texts } of lines) {
      for (const part of texts) {
        const key = keyOf(region, part.column);
        if (part.x1 > (edges.get(key) ?? 0)) edges.set(key, part.x1);
        const above = open.get(key);
        if (above !== undefined) broken.push({ key, part: above, seam: seamOf(above, part) });
        open.set(key, part);
      }
    }
  }
  const full = broken.filter(({ key, part }) => (edges.get(key) ?? 0) - part.x1 <= ROOM * letterOf(part));
  const seams = new Set(broken.map(({ seam }) => seam));
  const isAnywhere = seams.size >= FEWEST && full.length >= FULL * broken.length;
  const hasHyphens = broken.some(({ part }) => part.text.endsWith("-"));
  return {
    edges,
    words: isAnywhere ? wordsIn(blocks) : null,
    hyphenated: hasHyphens ? allWords(blocks) : null,
  };
}

/** What stands on both sides of a break, digits aside. */
function seamOf(above: TextPart, below: TextPart): string {
  const [left, right] = [above.text.split(" ").at(-1) ?? "", below.text.split(" ")[0] ?? ""];
  return `${left} ${right}`.replace(/\d+/g, "0");
}

function letterOf({ text, x0, x1 }: TextPart): number {
  return (x1 - x0) / Math.max(1, text.length);
}

/** Words that no break can have cut: those inside lines, and at the start and the end of a whole narration. */
function wordsIn(blocks: readonly Block[]): Set<string> {
  const words = new Set<string>();
  for (const { lines } of blocks) {
    const columns = Map.groupBy(
      lines.flatMap(({ texts }) => texts),
      ({ column }) => column,
    );
    for (const parts of columns.values()) {
      parts.forEach(({ text }, i) => {
        const all = text.split(" ");
        const end = i === parts.length - 1 ? all.length : all.length - 1;
        for (const word of all.slice(i === 0 ? 0 : 1, end)) words.add(word);
      });
    }
  }
  return words;
}

/** All runs of letters; at hyphens pieces of words are among them. */
function allWords(blocks: readonly Block[]): Set<string> {
  const texts = blocks.flatMap(({ lines }) => lines.flatMap((line) => line.texts));
  return new Set(texts.flatMap(({ text }) => text.match(/\p{L}+/gu) ?? []));
}

/** Column by column, each from top to bottom. */
export function narrationOf(
  lines: readonly TableLine[],
  at: number,
  region: Region | undefined,
  breaks: Breaks,
): string {
  const parts = new Map<string, { text: string; last: TextPart }>();
  const first = region?.columns.find((column) => column.kind === "text")?.id ?? "";
  for (const line of lines) {
    for (const part of line.texts) {
      const id = part.column === "" ? first : part.column;
      const before = parts.get(id);
      const text = before === undefined ? part.text : joined(before, part, at, breaks);
      parts.set(id, { text, last: part });
    }
  }
  if (parts.size <= 1) return parts.values().next().value?.text ?? "";
  const order = region?.columns.map((column) => column.id) ?? [];
  return [...parts].sort(([a], [b]) => order.indexOf(a) - order.indexOf(b)).map(([, { text }]) => text).join(" "); // prettier-ignore
}

/** A hyphen at a line's end goes where the document knows the word without it: it broke `LAN-` from `TERN`. */
function joined(
  before: { text: string; last: TextPart },
  part: TextPart,
  at: number,
  breaks: Breaks,
): string {
  const left = /(?<=^|\s)[\p{L}]+(?=-$)/u.exec(before.last.text)?.[0];
  const [right = ""] = part.text.split(" ");
  if (left !== undefined && breaks.hyphenated?.has(left + right) === true)
    return before.text.slice(0, -1) + part.text;
  return before.text + between(before.last, part, at, breaks) + part.text;
}

/**
 * What joins a line to the one above it. A space at the end of a line is not drawn: whether `SECOND PART` was cut
 * between its words tells the room that is left, and which words the document knows.
 */
function between(above: TextPart, below: TextPart, region: number, { edges, words }: Breaks): string {
  if (words === null) return " ";
  const room = (edges.get(keyOf(region, above.column)) ?? above.x1) - above.x1;
  if (room > WIDEST * letterOf(above)) return " ";
  const [left, right] = [above.text.split(" ").at(-1) ?? "", below.text.split(" ")[0] ?? ""];
  if (words.has(left + right)) return "";
  if (isSeam(left.at(-1) ?? "", right[0] ?? "")) return " ";
  // A piece of a word is seldom a word: one known neighbour is enough.
  return [left, right].some((word) => word.length >= SHORTEST && words.has(word)) ? " " : "";
}

const SHORTEST = 3;

/** Between a digit and a letter, `SBIN0009999` and `RENT`, a word ends; an `X` may stand for a digit. */
function isSeam(left: string, right: string): boolean {
  const kinds = [left, right].map((one) => (/\d/.test(one) ? "digit" : /[\p{L}]/u.test(one) ? "letter" : ""));
  return kinds[0] !== kinds[1] && !kinds.includes("") && !/x/i.test(left + right);
}
