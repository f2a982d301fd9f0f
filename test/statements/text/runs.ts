/** The text runs of a page that pdfkit drew, each with where its glyphs stand, and the operators that paint them anew. */
import PdfKit from "pdfkit";

/** One text as the generator put it. */
export interface Run {
  /** Left end of the base line, in points from the bottom left. */
  x: number;
  y: number;
  /** The page's name of the font, `F1`. */
  font: string;
  size: number;
  text: string;
  /** Left edge of each character in points, and behind the last one where the text ends. */
  edges: number[];
}

/** What a page paints, in its order: runs of text, and the operators between them. */
export type Painting = (Run | string)[];

const RUN = /q\n1 0 0 -1 0 [\d.]+ cm\nBT\n1 0 0 1 (\S+) (\S+) Tm\n\/(\S+) (\S+) Tf\n\[(.*?)\] TJ\nET\nQ\n/g;
const PIECE = /<([0-9a-f]*)>|(-?[\d.]+)/g;

/** @param fontNames the standard font behind each of the page's names: `F1` is `Helvetica` */
export function paintingOf(content: string, fontNames: ReadonlyMap<string, string>): Painting {
  const painting: Painting = [];
  let at = 0;
  for (const match of content.matchAll(RUN)) {
    const [whole, x, y, font = "", size, pieces = ""] = match;
    if (match.index > at) painting.push(content.slice(at, match.index));
    at = match.index + whole.length;
    const name = fontNames.get(font);
    if (name === undefined) throw new Error(`no font ${font}`);
    painting.push(placed({ x: Number(x), y: Number(y), font, size: Number(size) }, name, pieces));
  }
  painting.push(content.slice(at));
  return painting;
}

function placed(where: Pick<Run, "x" | "y" | "font" | "size">, name: string, pieces: string): Run {
  const edges: number[] = [];
  let { x } = where;
  let text = "";
  for (const [, hex, shift] of pieces.matchAll(PIECE)) {
    x -= (Number(shift ?? 0) / 1000) * where.size;
    for (const character of Buffer.from(hex ?? "", "hex").toString("latin1")) {
      edges.push(x);
      text += character;
      x += widthOf(name, character) * where.size;
    }
  }
  edges.push(x);
  return { ...where, text, edges };
}

/** Another text in the place of a run's own, without kerning. */
export function placeText(run: Run, text: string, fontName: string): Run {
  const edges = [run.x];
  for (const character of text.split(""))
    edges.push((edges.at(-1) ?? run.x) + widthOf(fontName, character) * run.size);
  return { ...run, text, edges };
}

const measure = new PdfKit();
const widths = new Map<string, number>();

/** Width of a WinAnsi character in ems. */
export function widthOf(font: string, character: string): number {
  const key = font + character;
  let width = widths.get(key);
  if (width === undefined) {
    // pdfkit takes Unicode: 0x80 to 0x9f differ from Latin-1, of which the generator prints the euro and the pound alone.
    width = measure
      .font(font)
      .fontSize(1)
      .widthOfString(character === "\u0080" ? "€" : character);
    widths.set(key, width);
  }
  return width;
}

const hex = (text: string): string => Buffer.from(text, "latin1").toString("hex");
const number = (value: number): string => String(Number(value.toFixed(3)));

/**
 * The operators for `text` at a place. They stand in the page's own space: pdfkit turns the y axis for the whole page,
 * so that each text has to turn it back.
 */
export function show(
  { font, size }: Pick<Run, "font" | "size">,
  text: string,
  x: number,
  y: number,
  height: number,
  operators = "",
): string {
  return `q 1 0 0 -1 0 ${height} cm BT ${operators} /${font} ${size} Tf 1 0 0 1 ${number(x)} ${number(y)} Tm <${hex(text)}> Tj ET Q\n`;
}

/** One operator for the whole run with its glyphs where `edges` puts them. */
export function showAt(run: Run, edges: readonly number[], fontName: string, height: number): string {
  const { font, size, text, y } = run;
  let pen = edges[0] ?? run.x;
  let pieces = "";
  text.split("").forEach((character, at) => {
    const x = edges[at] ?? pen;
    pieces += `${number(((pen - x) / size) * 1000)} <${hex(character)}> `;
    pen = x + widthOf(fontName, character) * size;
  });
  return `q 1 0 0 -1 0 ${height} cm BT /${font} ${size} Tf 1 0 0 1 ${number(edges[0] ?? run.x)} ${number(y)} Tm [${pieces}] TJ ET Q\n`;
}
