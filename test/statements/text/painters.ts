/** Ways to paint a page's runs anew. */
import type { Retouch } from "./names.ts";
import { type Painting, placeText, type Run, show, showAt } from "./runs.ts";

export interface PageTools {
  /** 0-based. */
  index: number;
  /** In points. */
  width: number;
  height: number;
  /** The standard font behind each of the page's names. */
  fonts: ReadonlyMap<string, string>;
  /** Adds an object to the page's resources: `addResource("XObject", "Im", …)`. */
  addResource(kind: string, name: string, value: string, stream: string | null): void;
}

type Painter = (painting: Painting, page: PageTools) => string;

/** Paints each run by `paint`, and what stands between them as it is. */
const each =
  (paint: (run: Run, page: PageTools, at: number) => string): Painter =>
  (painting, page) =>
    painting.map((part, at) => (typeof part === "string" ? part : paint(part, page, at))).join("");

const fontOf = (run: Run, page: PageTools): string => page.fonts.get(run.font) ?? "";
const plain = (run: Run, page: PageTools): string => showAt(run, run.edges, fontOf(run, page), page.height);

const AMOUNT = /^\D{0,4}\d[\d.,]*[.,]\d\d\b/;

function glyphRuns(run: Run, page: PageTools): string {
  return run.text
    .split("")
    .map((character, at) => show(run, character, run.edges[at] ?? run.x, run.y, page.height))
    .join("");
}

/** Glyph by glyph, under a text for ears. */
function spoken(run: Run, page: PageTools): string {
  const said = AMOUNT.test(run.text) ? `minus ${run.text} in words` : run.text;
  const escaped = said.replaceAll(/[\\()]/g, "\\$&");
  return `/Span << /ActualText (${escaped}) >> BDC ${glyphRuns(run, page)}EMC\n`;
}

/** Points by which kerning pulls glyphs apart, in ems: less than a space, more than it should. */
const WORD_TEAR = 0.21;
const AMOUNT_TEAR = 0.45;

/** What stands behind an `m`, `e`, `T` or `A` inside a word stands too far right; in a long run behind two of them. */
function torn(run: Run): Run {
  if (AMOUNT.test(run.text)) return run;
  let tears = 0;
  const most = run.text.length > 16 ? 2 : 1;
  const edges = run.edges.map((edge, at) => {
    const inside = /[meTA][^ ]/.test(run.text.slice(at - 1, at + 1));
    if (inside && tears < most) tears += 1;
    return edge + tears * WORD_TEAR * run.size;
  });
  return { ...run, edges };
}

/** The last four characters stand where they stood, what is before them further left. */
function tornAmounts(run: Run, page: PageTools): string {
  const amount = AMOUNT.exec(run.text)?.[0];
  if (amount === undefined || amount.length < 6 || /^\d\d\.\d\d\.\d\d$/.test(amount)) return plain(run, page);
  const cut = amount.length - 4;
  const edges = run.edges.map((edge, at) => (at < cut ? edge - AMOUNT_TEAR * run.size : edge));
  return showAt(run, edges, fontOf(run, page), page.height);
}

/** Text for ears, not for eyes; its amounts and dates would spoil every row. */
const LABEL = "Row: 03/02/2024 Debit 1,234.56 Balance 9,876.54";

const HIDINGS: readonly ((run: Run, page: PageTools) => string)[] = [
  (run, page) => show(run, LABEL, run.x, run.y + 5, page.height, "3 Tr"),
  (run, page) => show({ ...run, size: 0.01 }, LABEL, run.x, run.y + 5, page.height),
  (run, page) => show(run, LABEL, run.x, run.y + 5, page.height, "1 1 1 rg"),
  (run, page) => show(run, LABEL, run.x - 2 * page.width, run.y + 5, page.height),
  (run, page) => show(run, LABEL, run.x, run.y + 5, page.height, "/Clear gs"),
];

function hiddenLabels(painting: Painting, page: PageTools): string {
  page.addResource("ExtGState", "Clear", "<< /Type /ExtGState /ca 0 /CA 0 >>", null);
  let count = 0;
  return each((run) => {
    if (!AMOUNT.test(run.text)) return plain(run, page);
    count += 1;
    return plain(run, page) + (HIDINGS[count % HIDINGS.length]?.(run, page) ?? "");
  })(painting, page);
}

/** Bold text in the size of a header, less than the size of the page's other texts. */
function isTitle(run: Run, page: PageTools, sizes: readonly number[]): boolean {
  return fontOf(run, page).endsWith("Bold") && run.size < Math.max(...sizes) && run.size % 1 === 0.5;
}

/** One grey pixel a letter is picture enough: what matters is that no text says it. */
function picturedHeader(painting: Painting, page: PageTools): string {
  const sizes = painting.filter((part) => typeof part !== "string").map(({ size }) => size);
  const image =
    "<< /Type /XObject /Subtype /Image /Width 2 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 >>";
  page.addResource("XObject", "Title", image, "\u0040\u00c0");
  return each((run) => {
    if (!isTitle(run, page, sizes)) return plain(run, page);
    const width = (run.edges.at(-1) ?? run.x) - run.x;
    return `q ${width} 0 0 ${run.size} ${run.x} ${page.height - run.y - run.size} cm /Title Do Q\n`;
  })(painting, page);
}

const moved = (run: Run, right: number, up: number): Run => ({
  ...run,
  x: run.x + right,
  y: run.y + up,
  edges: run.edges.map((edge) => edge + right),
});

function watermark(painting: Painting, page: PageTools): string {
  const size = 54;
  const letters = "SPECIMEN".split("");
  let count = 0;
  return each((run) => {
    count += 1;
    const at = count % 9;
    const letter = letters[at];
    if (letter === undefined || !AMOUNT.test(run.text)) return plain(run, page);
    const x = 60 + at * 55;
    const y = page.height - 180 - at * 60;
    const slanted = `q 0.85 g 1 0 0 -1 0 ${page.height} cm BT /${run.font} ${size} Tf 0.77 0.64 -0.64 0.77 ${x} ${y} Tm (${letter}) Tj ET Q\n`;
    const upright = `q 0.9 g ${show({ ...run, size: size / 2 }, letter, x + 20, y - 12, page.height)} Q\n`;
    return plain(run, page).replace("Q\n", `Q ${slanted}`) + upright;
  })(painting, page);
}

/** A cell's right edge cuts the narration off for the eye; a row of another page lies outside the page's clip. */
function clipped(painting: Painting, page: PageTools): string {
  const seen = `40 40 ${page.width - 80} ${page.height - 80} re W n`;
  return each((run) => {
    if (AMOUNT.test(run.text)) {
      const away = `1 0 0 -1 0 ${page.height} cm ${run.x - 5} ${run.y - 3} 1 1 re W n 1 0 0 -1 0 ${page.height} cm`;
      return `${plain(run, page)}q ${away} ${show(run, LABEL, run.x, run.y + 6, page.height)}Q\nq ${seen} Q\n`;
    }
    const half = ((run.edges.at(-1) ?? run.x) - run.x) * 0.6;
    return `q ${run.x - 1} ${page.height - run.y - run.size} ${half} ${run.size * 1.5} re W n ${plain(run, page)}Q\n`;
  })(painting, page);
}

const SHORTEST_BROKEN = 6;

/** Half of the first word of each further line of a narration moves up to the line above it, with a soft hyphen behind it. */
function softHyphens(painting: Painting, page: PageTools): string {
  const runs = [...painting];
  runs.forEach((run, at) => {
    const above = runs[at - 1];
    if (run === undefined || typeof run === "string" || above === undefined || typeof above === "string")
      return;
    const word = /^[A-Z]+/.exec(run.text)?.[0] ?? "";
    const isNext = above.x === run.x && above.y > run.y && above.y - run.y < 1.3 * run.size;
    if (!isNext || word.length < SHORTEST_BROKEN || run.text.charAt(word.length) !== " ") return;
    const half = word.length >> 1;
    const font = fontOf(run, page);
    runs[at - 1] = placeText(above, `${above.text} ${word.slice(0, half)}\u00ad`, font);
    runs[at] = placeText(run, run.text.slice(half), font);
  });
  return each(plain)(runs, page);
}

export const painters: Readonly<Partial<Record<Retouch, Painter>>> = {
  "glyph-runs": each(glyphRuns),
  "torn-glyphs": each((run, page) => glyphRuns(torn(run), page)),
  spoken: each(spoken),
  "torn-words": each((run, page) => plain(torn(run), page)),
  "torn-amounts": each(tornAmounts),
  "hidden-labels": hiddenLabels,
  "pictured-header": picturedHeader,
  overprint: each((run, page) => plain(run, page) + plain(moved(run, 0.3, 0.15), page)),
  shadow: each((run, page) => `q 0.7 g ${plain(moved(run, 0.7, -0.7), page)}Q ${plain(run, page)}`),
  watermark,
  clipped,
  "soft-hyphens": softHyphens,
};
