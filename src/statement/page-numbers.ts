/** `Page 2 of 7`, `Page 2`: which pages a file counts and lacks. */
import type { Line } from "./types.ts";

interface PageNumber {
  at: number;
  /** Null where the page does not say how many there are. */
  of: number | null;
}

/** Pages that are missing between two pages of the file (1-based); null where the file, or the count, starts or ends. */
export interface Gap {
  after: number | null;
  before: number | null;
  /** Their numbers as the document counts them. */
  missing: number[];
}

const NUMBER =
  /\b(?:page|pg|seite|pagina|página|pág|pag|blad|bladzijde|halaman|hal|muka surat|strona|sida|side|sayfa)\.?(?: ?(?:no|nr|number)\.?)? ?[:.]? ?(\d{1,4}) ?(?:of|out of|von|van|de|di|sur|dari|drpd|af|av|z|from|\/) ?(\d{1,4})\b/i;
const BARE = /^(\d{1,4}) ?(?:\/|of|von|van) ?(\d{1,4})$/;
/** `Page No: 3` at a line's end; `continued on page 3` speaks of another one. */
const ALONE =
  /(?:^|[^\p{L}])(?<!\b(?:on|see|to|next|auf|siehe|nach|op|zie|naar) )(?:page|pg|seite|pagina|página|blad|bladzijde|sayfa)\.?(?: ?(?:no|nr|number)\.?)? ?[:.]? ?(\d{1,3})$/iu;
/** Numbers of pages stand in the head or the foot: within this many lines. */
const HEAD = 14;
const FOOT = 8;

function numberOf(lines: readonly Line[]): PageNumber | null {
  const edges = lines.length <= HEAD + FOOT ? lines : [...lines.slice(-FOOT), ...lines.slice(0, HEAD)];
  for (const { text } of edges) {
    const match = NUMBER.exec(text) ?? BARE.exec(text);
    const [at, of] = [Number(match?.[1]), Number(match?.[2])];
    if (match !== null && at >= 1 && at <= of) return { at, of };
  }
  const alone = new Set(edges.map(({ text }) => Number(ALONE.exec(text)?.[1] ?? 0)));
  alone.delete(0);
  const [at, other] = alone;
  return at === undefined || other !== undefined ? null : { at, of: null };
}

/** Where pages are missing. A page without a number may be any: it fills the gap that it stands in. */
export function findGaps(pages: readonly { lines: readonly Line[] }[]): Gap[] {
  const numbers = pages.map(({ lines }) => numberOf(lines));
  const gaps: Gap[] = [];
  let last: (PageNumber & { page: number }) | null = null;
  let unnumbered = 0;
  const close = (): void => {
    if (last !== null && last.of !== null) add(gaps, last.page, null, last.at + 1 + unnumbered, last.of);
  };
  numbers.forEach((number, index) => {
    if (number === null) {
      unnumbered += 1;
      return;
    }
    const page = index + 1;
    const goesOn = last !== null && last.of === number.of && last.at < number.at;
    if (goesOn && last !== null) add(gaps, last.page, page, last.at + 1 + unnumbered, number.at - 1);
    else {
      close();
      // A number alone may go on from another file: only two of them say what lies between.
      if (number.of !== null) add(gaps, null, page, 1 + unnumbered, number.at - 1);
    }
    last = { ...number, page };
    unnumbered = 0;
  });
  close();
  return gaps;
}

function add(gaps: Gap[], after: number | null, before: number | null, from: number, to: number): void {
  const missing = Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
  if (missing.length > 0) gaps.push({ after, before, missing });
}

/** Numbers of the pages that are missing in or beside a span of the file's pages. */
export function missingIn(gaps: readonly Gap[], { from, to }: { from: number; to: number }): number[] {
  const isIn = (page: number | null): boolean => page !== null && page >= from && page <= to;
  return gaps.filter(({ after, before }) => isIn(after) || isIn(before)).flatMap(({ missing }) => missing);
}
