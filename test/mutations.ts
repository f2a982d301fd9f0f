/** Ways to damage a PDF: each takes its bytes as Latin-1 text and gives others, the same for the same random numbers. */
import { inflateSync } from "node:zlib";
import type { Random } from "./statements/random.ts";

export interface Mutation {
  name: string;
  apply: (pdf: string, random: Random) => string;
}

const at = (random: Random, length: number): number => random.int(0, Math.max(0, length - 1));
const replaceAt = (text: string, index: number, length: number, by: string): string =>
  text.slice(0, index) + by + text.slice(index + length);

/** One match of `pattern`, replaced; the text as it is where there is none. */
function replaceOne(pdf: string, pattern: RegExp, random: Random, by: (match: string) => string): string {
  const matches = Array.from(pdf.matchAll(pattern));
  const match = matches[at(random, matches.length)];
  return match === undefined ? pdf : replaceAt(pdf, match.index, match[0].length, by(match[0]));
}

const NUMBERS = [
  "0",
  "-1",
  "2147483647",
  "-2147483648",
  "4294967296",
  "99999999999999999999",
  "1e9",
  "0.0000001",
];
const FILTERS = ["/FlateDecode", "/LZWDecode", "/ASCII85Decode", "/RunLengthDecode", "/DCTDecode", "/JBIG2Decode", "/JPXDecode", "/CCITTFaxDecode", "/Crypt"]; // prettier-ignore
const TYPES = ["/Page", "/Pages", "/Catalog", "/Font", "/XObject", "/ObjStm", "/XRef", "/Annot"];
const OPERATORS = ["q", "Q", "BT", "ET", "Do", "W n", "BI ID EI", "999999 0 0 999999 0 0 cm", "0 0 0 0 0 0 cm", "/F1 1e30 Tf", "3 Tr", "[(1) -1e30 (2)] TJ", "1e-30 Tz"]; // prettier-ignore

function flip(pdf: string, random: Random, count: number, inside: (index: number) => boolean): string {
  const letters = Array.from(pdf);
  for (let done = 0, tries = 0; done < count && tries < 50 * count; tries += 1) {
    const index = at(random, letters.length);
    if (!inside(index)) continue;
    letters[index] = String.fromCharCode(random.int(0, 255));
    done += 1;
  }
  return letters.join("");
}

/** Objects as `[start, end]` of what stands between `obj` and `endobj`. */
function bodies(pdf: string): [number, number][] {
  return Array.from(pdf.matchAll(/ obj\b([\s\S]*?)endobj/g), (match): [number, number] => {
    const start = match.index + 4;
    return [start, start + (match[1]?.length ?? 0)];
  });
}

/** A content stream in plain text with `change` applied, and its length put right. */
function redraw(pdf: string, random: Random, change: (content: string) => string): string {
  const streams = Array.from(
    pdf.matchAll(
      /<<([^<>]*\/Length \d+[^<>]*\/FlateDecode[^<>]*|[^<>]*\/FlateDecode[^<>]*\/Length \d+[^<>]*)>>\s*stream\r?\n/g,
    ),
  );
  const match = streams[at(random, streams.length)];
  if (match === undefined) return pdf;
  const start = match.index + match[0].length;
  const end = pdf.indexOf("endstream", start);
  let content: string;
  try {
    content = inflateSync(Buffer.from(pdf.slice(start, end), "latin1")).toString("latin1");
  } catch {
    // Encrypted: there is nothing to draw anew.
    return pdf;
  }
  const drawn = change(content);
  const object = `<< /Length ${drawn.length} >>\nstream\n${drawn}\n`;
  return replaceAt(pdf, match.index, end - match.index, object);
}

const repeat = (text: string, times: number): string => text.repeat(times);

export const MUTATIONS: readonly Mutation[] = [
  { name: "bytes", apply: (pdf, random) => flip(pdf, random, random.int(1, 40), () => true) },
  {
    name: "bytes outside of streams",
    apply(pdf, random) {
      const spans = Array.from(pdf.matchAll(/stream\r?\n[\s\S]*?endstream/g), (m) => [m.index, m.index + m[0].length] as const); // prettier-ignore
      return flip(pdf, random, random.int(1, 12), (index) =>
        spans.every(([from, to]) => index < from || index >= to),
      );
    },
  },
  { name: "cut off", apply: (pdf, random) => pdf.slice(0, random.int(9, pdf.length)) },
  {
    name: "a piece missing",
    apply(pdf, random) {
      const from = at(random, pdf.length);
      return replaceAt(pdf, from, random.int(1, 4000), "");
    },
  },
  {
    name: "a piece twice",
    apply(pdf, random) {
      const from = at(random, pdf.length);
      const piece = pdf.slice(from, from + random.int(1, 4000));
      return replaceAt(pdf, at(random, pdf.length), 0, piece);
    },
  },
  {
    name: "two objects exchanged",
    apply(pdf, random) {
      const all = bodies(pdf);
      const [a, b] = [all[at(random, all.length)], all[at(random, all.length)]].sort((x, y) => (x?.[0] ?? 0) - (y?.[0] ?? 0)); // prettier-ignore
      if (a === undefined || b === undefined || a === b) return pdf;
      const [first, second] = [pdf.slice(...a), pdf.slice(...b)];
      return pdf.slice(0, a[0]) + second + pdf.slice(a[1], b[0]) + first + pdf.slice(b[1]);
    },
  },
  {
    name: "a reference to another object",
    apply: (pdf, random) => replaceOne(pdf, /\b\d+ 0 R\b/g, random, () => `${random.int(0, 40)} 0 R`),
  },
  {
    name: "a stream's length",
    apply: (pdf, random) => replaceOne(pdf, /\/Length \d+/g, random, () => `/Length ${random.pick(NUMBERS)}`),
  },
  {
    name: "an offset of the table",
    apply: (pdf, random) => replaceOne(pdf, /\b\d{10} \d{5} [nf]/g, random, () => `${String(random.int(0, 9_999_999)).padStart(10, "0")} 00000 ${random.pick(["n", "f"])}`), // prettier-ignore
  },
  {
    name: "startxref",
    apply: (pdf, random) => replaceOne(pdf, /startxref\s+\d+/g, random, () => `startxref\n${random.pick([...NUMBERS, String(at(random, pdf.length))])}`), // prettier-ignore
  },
  {
    name: "no trailer",
    apply: (pdf) => pdf.replaceAll("trailer", "tra1ler").replaceAll("startxref", "st4rtxref"),
  },
  {
    name: "a table that follows itself",
    apply: (pdf) => {
      const start = /startxref\s+(\d+)/.exec(pdf)?.[1] ?? "0";
      return pdf.replace("trailer\n<<", `trailer\n<< /Prev ${start}`);
    },
  },
  { name: "a type", apply: (pdf, random) => replaceOne(pdf, /\/(?:Page|Pages|Catalog|Font)\b/g, random, () => random.pick(TYPES)) }, // prettier-ignore
  {
    name: "a filter",
    apply: (pdf, random) => replaceOne(pdf, /\/FlateDecode/g, random, () => random.pick(FILTERS)),
  },
  {
    name: "a filter many times over",
    apply: (pdf, random) => replaceOne(pdf, /\/Filter \/FlateDecode/g, random, () => `/Filter [${repeat("/FlateDecode ", random.int(2, 3000))}]`), // prettier-ignore
  },
  {
    name: "two keys exchanged",
    apply(pdf, random) {
      const keys = ["/Kids", "/Contents", "/Parent", "/Resources", "/MediaBox", "/Count", "/Root", "/Info"];
      const [a, b] = [random.pick(keys), random.pick(keys)];
      return pdf.replaceAll(a, "/@").replaceAll(b, a).replaceAll("/@", b);
    },
  },
  {
    name: "a number",
    apply: (pdf, random) =>
      replaceOne(pdf, /(?<=[\s[])\d+(?:\.\d+)?(?=[\s\]])/g, random, () => random.pick(NUMBERS)),
  },
  {
    name: "a page of any size",
    apply: (pdf, random) => replaceOne(pdf, /\/MediaBox \[[^\]]*\]/g, random, () => `/MediaBox [${random.pick(NUMBERS)} 0 ${random.pick(NUMBERS)} ${random.pick(NUMBERS)}]`), // prettier-ignore
  },
  {
    name: "so many pages",
    apply: (pdf, random) => replaceOne(pdf, /\/Count \d+/g, random, () => `/Count ${random.pick(NUMBERS)}`),
  },
  {
    name: "deep arrays",
    apply: (pdf, random) => replaceOne(pdf, /\/MediaBox \[|\/Kids \[/g, random, (m) => m + repeat("[", random.int(100, 60_000))), // prettier-ignore
  },
  {
    name: "deep dictionaries",
    apply: (pdf, random) => replaceOne(pdf, /\/Resources /g, random, () => `/Resources ${repeat("<< /A ", random.int(100, 40_000))}`), // prettier-ignore
  },
  {
    name: "a tree of pages that grows from itself",
    apply: (pdf) => {
      const root = /(\d+) 0 obj\s*<<[^>]*\/Type \/Pages/.exec(pdf)?.[1] ?? "1";
      return pdf.replace(/\/Kids \[/, `/Kids [${root} 0 R ${root} 0 R `);
    },
  },
  {
    name: "a font",
    apply: (pdf, random) => replaceOne(pdf, /\/Subtype \/Type1|\/BaseFont \/[\w-]+|\/Encoding \/\w+/g, random, () => random.pick(["/Subtype /Type3", "/Subtype /Type0", "/BaseFont /AAAAAA+", "/Encoding /Identity-H", "/Encoding << /Differences [0 /a 1e9 /b] >>"])), // prettier-ignore
  },
  { name: "locked by nobody", apply: (pdf, random) => pdf.replace("/Root ", `/Encrypt << /Filter /Standard /V ${random.int(0, 9)} /R ${random.int(0, 9)} /O (x) /U (y) /P ${random.pick(NUMBERS)} >> /Root `) }, // prettier-ignore
  {
    name: "operators put in",
    apply: (pdf, random) =>
      redraw(pdf, random, (content) => {
        const lines = content.split("\n");
        for (let count = random.int(1, 30); count > 0; count -= 1) {
          lines.splice(at(random, lines.length), 0, random.pick(OPERATORS));
        }
        return lines.join("\n");
      }),
  },
  {
    name: "operands changed",
    apply: (pdf, random) =>
      redraw(pdf, random, (content) => {
        let changed = content;
        for (let count = random.int(1, 10); count > 0; count -= 1) {
          changed = replaceOne(changed, /-?\d+(?:\.\d+)?(?=\s)/g, random, () => random.pick(NUMBERS));
        }
        return changed;
      }),
  },
  {
    name: "the drawing many times over",
    apply: (pdf, random) => redraw(pdf, random, (content) => repeat(`${content}\n`, random.int(2, 40))),
  },
  {
    name: "brackets never closed",
    apply: (pdf, random) => redraw(pdf, random, (content) => replaceOne(content, /\(|</g, random, (m) => repeat(m, random.int(2, 20_000)))), // prettier-ignore
  },
  {
    name: "saved states without end",
    apply: (pdf, random) =>
      redraw(pdf, random, (content) => repeat("q ", random.int(1000, 200_000)) + content),
  },
];
