/** Fonts of glyph numbers in place of pdfkit's: with a map to Unicode, with an odd one, or with none. */
import { addObject, pagesOf, type PdfFile, type PdfObject } from "./file.ts";
import type { Retouch } from "./names.ts";
import { widthOf } from "./runs.ts";

/** How a text becomes glyphs: which pieces of it are one glyph, and what the font says that a glyph means. */
interface Script {
  /** Pieces of several characters that are one glyph each. */
  ligatures: readonly string[];
  /** Null where the font has no map. */
  unicode: ((piece: string) => string) | null;
  /** Runs that are set in the font. */
  sets: (text: string) => boolean;
}

const everything = (): boolean => true;
const shifted =
  (digits: number, marks: Readonly<Record<string, string>> = {}) =>
  (piece: string): string =>
    marks[piece] ?? (/\d/.test(piece) ? String.fromCodePoint(digits + Number(piece)) : piece);
/** As the names of Unicode's presentation forms have them. */
const LIGATURES: Readonly<Record<string, string>> = { ffi: "\ufb03", ffl: "\ufb04", ff: "\ufb00", fi: "\ufb01", fl: "\ufb02" }; // prettier-ignore

const scripts: Readonly<Partial<Record<Retouch, Script>>> = {
  "no-unicode": { ligatures: [], unicode: null, sets: everything },
  "no-unicode-numbers": {
    ligatures: [],
    unicode: null,
    sets: (text) => /^[^\p{L}]*\d[^\p{L}]*$/u.test(text),
  },
  ligatures: {
    ligatures: Object.keys(LIGATURES),
    unicode: (piece) => LIGATURES[piece] ?? piece,
    sets: everything,
  },
  "devanagari-digits": { ligatures: [], unicode: shifted(0x966), sets: everything },
  "arabic-digits": {
    ligatures: [],
    unicode: shifted(0x660, { ".": "\u066b", ",": "\u066c" }),
    sets: everything,
  },
};

/** Glyph numbers as a subset of a font has them: in no order that says anything. */
const FIRST_GLYPH = 3;
const hex4 = (value: number): string => value.toString(16).padStart(4, "0");

/** WinAnsi differs from Latin-1 in what lies between 0x80 and 0x9f; the generator prints the euro alone of that. */
const unicodeOf = (text: string): string => text.replaceAll("\u0080", "€");
const utf16 = (text: string): string => Buffer.from(text, "utf16le").swap16().toString("hex");

/** The glyphs of one font, numbered as they come. */
type Glyphs = Map<string, number>;

function glyphOf(glyphs: Glyphs, piece: string): number {
  const known = glyphs.get(piece);
  if (known !== undefined) return known;
  const number = FIRST_GLYPH + glyphs.size;
  glyphs.set(piece, number);
  return number;
}

function encode(text: string, glyphs: Glyphs, ligatures: readonly string[]): string {
  let codes = "";
  for (let at = 0; at < text.length;) {
    const ligature = ligatures.find((one) => text.startsWith(one, at));
    const piece = ligature ?? text.charAt(at);
    codes += hex4(glyphOf(glyphs, piece));
    at += piece.length;
  }
  return codes;
}

const thousandths = (font: string, piece: string): number =>
  Math.round(piece.split("").reduce((sum, character) => sum + widthOf(font, character), 0) * 1000);

function toUnicode(glyphs: Glyphs, unicode: (piece: string) => string): string {
  const lines = [...glyphs].map(
    ([piece, number]) => `<${hex4(number)}> <${utf16(unicode(unicodeOf(piece)))}>`,
  );
  return `/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Own def /CMapType 2 def
1 begincodespacerange <0000> <ffff> endcodespacerange
${lines.length} beginbfchar\n${lines.join("\n")}\nendbfchar
endcmap CMapName currentdict /CMap defineresource pop end end`;
}

/** A composite font without a font program: readers take a font of their own and the widths of this one. */
function addFont(file: PdfFile, base: string, glyphs: Glyphs, { unicode }: Script): number {
  const name = `/ABCDEF+${base}`;
  const descriptor = addObject(
    file,
    `<< /Type /FontDescriptor /FontName ${name} /Flags 4 /FontBBox [-200 -250 1200 950] /ItalicAngle 0 /Ascent 750 /Descent -250 /CapHeight 700 /StemV 80 >>`,
  );
  const widths = [...glyphs].map(([piece, number]) => `${number} [${thousandths(base, piece)}]`).join(" ");
  const descendant = addObject(
    file,
    `<< /Type /Font /Subtype /CIDFontType2 /BaseFont ${name} /DW 500 /W [${widths}] /FontDescriptor ${descriptor} 0 R /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>`,
  );
  const map =
    unicode === null ? "" : `/ToUnicode ${addObject(file, "<< >>", toUnicode(glyphs, unicode))} 0 R`;
  return addObject(
    file,
    `<< /Type /Font /Subtype /Type0 /BaseFont ${name} /Encoding /Identity-H /DescendantFonts [${descendant} 0 R] ${map} >>`,
  );
}

const SHOWN = /\/(F\d+) (\S+) Tf\n\[(.*?)\] TJ/g;
const HEX = /<([0-9a-f]*)>/g;
const textOf = (hex: string): string => Buffer.from(hex, "hex").toString("latin1");

/** Sets runs of the file in fonts of glyph numbers, one beside each of pdfkit's. */
function setIn(file: PdfFile, script: Script): void {
  const pages = pagesOf(file);
  const bases = new Map<string, string>();
  const glyphs = new Map<string, Glyphs>();
  for (const { resources } of pages) {
    for (const [, name = "", number] of resources.value.matchAll(/\/(F\d+) (\d+) 0 R/g))
      bases.set(name, /\/BaseFont \/(\S+)/.exec(file.objects.get(Number(number))?.value ?? "")?.[1] ?? "");
  }
  for (const { content } of pages) {
    content.stream = (content.stream ?? "").replaceAll(SHOWN, (whole, name: string, size, shown: string) => {
      const text = [...shown.matchAll(HEX)].map(([, hex = ""]) => textOf(hex)).join("");
      if (!script.sets(text)) return whole;
      const own = glyphs.get(name) ?? new Map<string, number>();
      glyphs.set(name, own);
      const codes = shown.replaceAll(
        HEX,
        (_, hex: string) => `<${encode(textOf(hex), own, script.ligatures)}>`,
      );
      return `/C${name} ${size} Tf\n[${codes}] TJ`;
    });
  }
  const fonts = [...glyphs].map(
    ([name, own]) => `/C${name} ${addFont(file, bases.get(name) ?? "", own, script)} 0 R`,
  );
  for (const { resources } of pages)
    resources.value = resources.value.replace("/Font <<", `/Font <<\n${fonts.join("\n")}`);
}

/** Each font becomes one of drawings that are numbered, and its codes are numbers of drawings. */
function drawn(file: PdfFile): void {
  const box = addObject(file, "<< >>", "600 0 0 0 500 700 d1 0 0 500 700 re f");
  const codes = Array.from({ length: 223 }, (_, at) => at + 32);
  const scrambled = (code: number): number => 32 + (((code - 32) * 7 + 3) % 223);
  for (const font of file.objects.values())
    if (font.value.includes("/Subtype /Type1")) draw(font, box, codes, scrambled);
  for (const { content } of pagesOf(file)) {
    content.stream = (content.stream ?? "").replaceAll(HEX, (_, hex: string) => {
      const text = [...Buffer.from(hex, "hex")].map((code) => scrambled(code));
      return `<${Buffer.from(text).toString("hex")}>`;
    });
  }
}

function draw(
  font: PdfObject,
  box: number,
  codes: readonly number[],
  scrambled: (code: number) => number,
): void {
  const base = /\/BaseFont \/(\S+)/.exec(font.value)?.[1] ?? "";
  const widths = codes.map(() => 500);
  for (const code of codes) widths[scrambled(code) - 32] = thousandths(base, String.fromCharCode(code));
  const names = codes.map((code) => `/g${code}`).join(" ");
  const drawings = codes.map((code) => `/g${code} ${box} 0 R`).join(" ");
  font.value = `<< /Type /Font /Subtype /Type3 /FontBBox [0 0 600 700] /FontMatrix [0.001 0 0 0.001 0 0] /Resources << >>
/FirstChar 32 /LastChar 254 /Widths [${widths.join(" ")}] /Encoding << /Differences [32 ${names}] >> /CharProcs << ${drawings} >> >>`;
}

/** Changes to a whole file before its pages are painted anew. */
export const fontTouches: Readonly<Partial<Record<Retouch, (file: PdfFile) => void>>> = {
  ...Object.fromEntries(
    Object.entries(scripts).map(([touch, script]) => [touch, (file: PdfFile) => setIn(file, script)]),
  ),
  "no-unicode-type3": drawn,
};
