/** The cases whose difficulty is their text. */
import type { AccountSpec, NarrationStyle, Spec } from "../types.ts";
import type { Retouch } from "./names.ts";

const quarter = (rows: number, seed: number): AccountSpec => ({
  from: "2024-01-01",
  to: "2024-03-31",
  rows,
  seed,
});

/** A retouch over a layout: `federal-hidden-labels`. */
const touched = (
  retouch: Retouch,
  brand: string,
  layout: string,
  seed: number,
  narration: NarrationStyle = "usual",
): Spec => ({
  name: `${brand}-${retouch}`,
  brand,
  layout,
  retouch,
  accounts: [{ ...quarter(40, seed), narration }],
});

/** A layout of its own way to write: `pearl-three-decimals`. */
const written = (brand: string, layout: string, seed: number, change: Partial<AccountSpec> = {}): Spec => ({
  name: `${brand}-${layout}`,
  brand,
  layout,
  accounts: [{ ...quarter(40, seed), ...change }],
});

export const textSpecs: readonly Spec[] = [
  written("lotus", "space-point", 231),
  written("marais", "space-comma", 232, { from: "2023-12-03", to: "2024-02-28" }),
  written("marais", "millions", 233, { opening: 12_528_584_88n }),
  written("marais", "one-decimal", 234, { step: 10n }),
  written("plumtree", "whole-units", 235),
  written("pearl", "three-decimals", 236),
  written("glacier", "apostrophe", 237),
  written("lotuspond", "buddhist", 238),
  written("lotuspond", "buddhist-short", 239),
  written("harbour", "timed", 240),
  written("kotak", "foreign", 241),
  touched("glyph-runs", "hdfc", "two-column", 201),
  touched("torn-glyphs", "kotak", "credit-first", 225),
  touched("spoken", "hsbcuk", "day-end", 226),
  touched("torn-words", "axis", "wrapped", 202),
  touched("torn-amounts", "hsbcuk", "day-blocks", 203),
  touched("torn-amounts", "pnb", "carry-totals", 214),
  touched("hidden-labels", "icici", "serial", 204),
  touched("pictured-header", "federal", "credit-first", 222),
  touched("pictured-header", "natwest", "first-date", 223),
  touched("pictured-header", "deutsche", "german", 224),
  touched("overprint", "barclays", "day-end", 206),
  touched("shadow", "deutsche", "german", 207),
  touched("form", "baroda", "carry-totals", 208),
  touched("watermark", "federal", "credit-first", 209),
  touched("clipped", "kotak", "drcr", 210),
  touched("soft-hyphens", "yes", "wrapped", 215, "long"),
  touched("ligatures", "harbour", "signed", 216, "prose"),
  touched("devanagari-digits", "sbi", "credit-first", 217),
  touched("arabic-digits", "lotus", "labels-above", 218),
  touched("no-unicode", "hdfc", "two-column", 219),
  touched("no-unicode-type3", "icici", "serial", 220),
  touched("no-unicode-numbers", "axis", "wrapped", 221),
  touched("rotate-90", "sbi", "typewriter", 211),
  touched("rotate-180", "canara", "carry-totals", 212),
  touched("rotate-270", "monzo", "newest-first", 213),
];
