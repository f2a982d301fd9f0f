import { Refusal, type Detail } from "./errors.ts";

/** `DD/MM/YYYY`, a day that exists; null where it is absent. Throws Refusal INVALID_DATE_FORMAT. */
export function readDate(text: string | undefined, about: Detail["about"] = null): Temporal.PlainDate | null {
  if (text === undefined) return null;
  const [, day, month, year] = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text.trim()) ?? [];
  try {
    return Temporal.PlainDate.from(
      { day: Number(day), month: Number(month), year: Number(year) },
      { overflow: "reject" },
    );
  } catch {
    throw new Refusal("INVALID_DATE_FORMAT", { about });
  }
}
