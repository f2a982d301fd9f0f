/** Words of a line that say a given thing, whatever way they are printed. */

import type { DateOrder } from "../dates.ts";
import { readDate } from "../dates.ts";
import { abs } from "../money.ts";
import type { Line, Word } from "../types.ts";
import type { Box } from "./types.ts";

const MOST_WORDS = 8;

export function around(words: readonly Box[]): Box | null {
  const [first] = words;
  if (first === undefined) return null;
  return {
    x0: Math.min(...words.map((word) => word.x0)),
    y0: Math.min(...words.map((word) => word.y0)),
    x1: Math.max(...words.map((word) => word.x1)),
    y1: Math.max(...words.map((word) => word.y1)),
  };
}

/** The shortest (or longest) run of words, the first or the last of its kind, that `says` accepts; null for none. */
function runOf(
  words: readonly Word[],
  says: (run: readonly Word[]) => boolean,
  from: "left" | "right" = "left",
  longest = false,
): readonly Word[] | null {
  const most = Math.min(MOST_WORDS, words.length);
  for (let size = 1; size <= most; size += 1) {
    const length = longest ? most + 1 - size : size;
    for (let step = 0; step + length <= words.length; step += 1) {
      const first = from === "left" ? step : words.length - length - step;
      const run = words.slice(first, first + length);
      if (says(run)) return run;
    }
  }
  return null;
}

const joined = (run: readonly Word[]): string => run.map((word) => word.text).join("");

/** What an amount prints besides digits and marks: signs, a currency, `Cr`. A date or a time has more. */
const AMOUNT = /^[^\d]{0,5}\d[\d.,'’]*[^\d]{0,5}$/;

/** An amount of so many minor units, whatever its marks and sign: `1,234.50 Cr` is 123450. */
export function amountIn(line: Line, minor: bigint, from: "left" | "right"): readonly Word[] | null {
  const wanted = abs(minor).toString();
  return runOf(
    line.words,
    (run) => {
      const text = joined(run);
      if (run.length > 3 || !AMOUNT.test(text)) return false;
      const digits = text.replaceAll(/\D/g, "").replace(/^0+(?=\d)/, "");
      return digits === wanted || (!/[.,]\d{1,2}\D*$/.test(text) && `${digits}00` === wanted);
    },
    from,
  );
}

export function dateInLine(line: Line, date: Temporal.PlainDate, order: DateOrder): readonly Word[] | null {
  const says = (run: readonly Word[]): boolean => {
    const text = run.map((word) => word.text).join(" ");
    const read = readDate(text, order);
    if (read === null || read.end < text.replace(/[,.;:]+$/, "").length) return false;
    const { year, month, day } = read;
    return month === date.month && day === date.day && (year === null || year === date.year);
  };
  // With its year and time of day where they are printed.
  return runOf(line.words, says, "left", true);
}

const plain = (text: string): string => text.toUpperCase().replaceAll(/[^\p{L}\p{N}*]/gu, "");

/** `wanted` without its spaces and marks, as a run of words or the end of one: `A/C:00112233`. */
export function textInLine(line: Line, wanted: string): readonly Word[] | null {
  const text = plain(wanted);
  if (text.length < 3) return null;
  return (
    runOf(line.words, (run) => plain(joined(run)) === text) ??
    runOf(line.words, (run) => run.length === 1 && plain(joined(run)).endsWith(text))
  );
}
