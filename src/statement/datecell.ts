import type { Column } from "./columns.ts";
import { type DateOrder, type PrintedDate, readDate } from "./dates.ts";
import type { Word } from "./types.ts";

/** Dates further down a line than its third word belong to the narration. */
const DATE_WITHIN = 3;
const MOST_DATE_WORDS = 6;

/** A date among the words of a line, first to last inclusive. */
export interface FoundDate {
  date: PrintedDate;
  first: number;
  last: number;
}

/** The date that begins inside a column: between the column left of it and the column right of it. */
export function dateIn(
  words: readonly Word[],
  columns: readonly Column[],
  kind: "date" | "valueDate",
  order: DateOrder,
): FoundDate | null {
  const at = columns.findIndex((column) => column.kind === kind);
  if (at < 0) return null;
  const from = columns[at - 1]?.x1 ?? -Infinity;
  const to = columns[at + 1]?.x0 ?? Infinity;
  const column = columns[at];
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i];
    if (word === undefined || word.x1 < from || column === undefined) continue;
    if (word.x0 >= to) return null;
    // A heading set in the middle of its column starts right of its cells: take what overlaps it, or stands close by.
    if (word.x1 < column.x0 - 40) continue;
    const date = dateAt(words, i, order);
    if (date !== null) return date;
  }
  return null;
}

function dateAt(words: readonly Word[], first: number, order: DateOrder): FoundDate | null {
  const start = words[first];
  if (start === undefined) return null;
  let text = start.text;
  const ends = [text.length];
  for (let i = first + 1; i < words.length && i < first + MOST_DATE_WORDS; i += 1) {
    const [previous, word] = [words[i - 1], words[i]];
    if (previous === undefined || word === undefined || word.x0 - previous.x1 > word.y1 - word.y0) break;
    text += ` ${word.text}`;
    ends.push(text.length);
  }
  const date = readDate(text, order);
  if (date === null) return null;
  const last = ends.findIndex((end) => end >= date.end);
  // `02/05-SHOP` is glued to its narration: only whole words are a date.
  return last >= 0 && ends[last] === date.end ? { date, first, last: first + last } : null;
}

/** The date at the start of a line, behind at most a serial number and one word more. */
export function leadingDate(words: readonly Word[], order: DateOrder): FoundDate | null {
  for (let i = 0; i < words.length && i < DATE_WITHIN; i += 1) {
    const date = dateAt(words, i, order);
    if (date !== null) return date;
  }
  return null;
}

/** A date left of all numbers whose column's heading stands elsewhere. Only with a year or a month's name. */
export function fullLeadingDate(
  words: readonly Word[],
  columns: readonly Column[],
  order: DateOrder,
): FoundDate | null {
  if (columns.some((column) => column.kind === "valueDate")) return null;
  const date = leadingDate(words, order);
  const column = columns.find((candidate) => candidate.kind === "date");
  const start = date && words[date.first];
  if (!date || !start || date.date.form === "bare" || column === undefined) return null;
  return start.x0 < column.x1 + 10 ? date : null;
}
