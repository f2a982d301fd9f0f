/**
 * Phrases and merchants of one region, compiled once. A phrase counts where its words stand side by side, whatever
 * separates them; `^` in front ties it to the start of the narration, `*` leaves its end open (`BAJAJ FIN*`).
 */
import type { MerchantCategory } from "../types.ts";
import { compile, type Automaton } from "./automaton.ts";
import { europe as europeMerchants, us as usMerchants } from "./merchants/europe.ts";
import { india as indiaMerchants } from "./merchants/india.ts";
import { GROUP_NAMES, GROUPS, type MerchantTable } from "./merchants/table.ts";
import { uk as ukMerchants } from "./merchants/uk.ts";
import { world } from "./merchants/world.ts";
import { common } from "./phrases/common.ts";
import { europe } from "./phrases/europe.ts";
import { india } from "./phrases/india.ts";
import { uk } from "./phrases/uk.ts";
import { us } from "./phrases/us.ts";
import { bitsOf, signalIndex, SIGNALS, type Bits, type PhraseTable } from "./signals.ts";

export type Region = "india" | "uk" | "europe" | "us" | "any";

/** What one pattern of the automaton means: a signal, or a merchant. */
export interface Meaning {
  /** -1 for a merchant. */
  signal: number;
  merchant: Merchant | null;
}

export interface Merchant {
  category: MerchantCategory;
  bits: Bits;
  /** Where it counts: anywhere, inside the counterparty's name, or as the whole of it. */
  where: "anywhere" | "name" | "whole";
  /** Characters; the longest name that is found wins. */
  length: number;
}

export interface Lexicon {
  region: Region;
  automaton: Automaton;
  meanings: readonly Meaning[];
}

const PHRASES: Record<Region, readonly PhraseTable[]> = {
  india: [common, india],
  uk: [common, uk],
  europe: [common, europe],
  us: [common, us],
  any: [common, india, uk, europe, us],
};

const MERCHANTS: Record<Region, readonly MerchantTable[]> = {
  india: [world, indiaMerchants],
  uk: [world, ukMerchants],
  europe: [world, europeMerchants],
  us: [world, usMerchants],
  any: [world, indiaMerchants, ukMerchants, europeMerchants, usMerchants],
};

const EURO_AREA = new Set(
  "AT BE BG CH CY CZ DE DK EE ES FI FR GR HR HU IT LI LT LU LV MC MT NL NO PL PT RO SE SI SK SM".split(" "),
);

/** Ireland's banks write as Britain's do. An unknown country is read with every table: slower to be sure, never blind. */
export function regionOf(country: string | null, currency: string | null): Region {
  if (country === "IN" || (country === null && currency === "INR")) return "india";
  if (country === "GB" || country === "IE" || (country === null && currency === "GBP")) return "uk";
  if (country === "US" || country === "CA" || (country === null && currency === "USD")) return "us";
  if (country !== null && EURO_AREA.has(country)) return "europe";
  return country === null && currency === "EUR" ? "europe" : "any";
}

const listOf = (text: string): string[] =>
  text
    .split(",")
    .map((phrase) => phrase.replace(/\s+/g, " ").trim())
    .filter((phrase) => phrase !== "");

function build(region: Region): Lexicon {
  const patterns: string[] = [];
  const meanings: Meaning[] = [];
  for (const table of PHRASES[region]) {
    for (const signal of SIGNALS) {
      for (const phrase of listOf(table[signal] ?? "")) {
        patterns.push(phrase);
        meanings.push({ signal: signalIndex(signal), merchant: null });
      }
    }
  }
  for (const table of MERCHANTS[region]) {
    for (const where of ["anywhere", "name", "whole"] as const) {
      const groups = { anywhere: table.names, name: table.words, whole: table.whole ?? {} }[where];
      for (const name of GROUP_NAMES) {
        const group = GROUPS[name];
        const bits = bitsOf(group.signals);
        for (const phrase of listOf(groups[name] ?? "")) {
          patterns.push(phrase);
          const length = phrase.replace("*", "").length;
          meanings.push({ signal: -1, merchant: { category: group.category, bits, where, length } });
        }
      }
    }
  }
  return { region, automaton: compile(patterns), meanings };
}

const built = new Map<Region, Lexicon>();

export function lexiconOf(region: Region): Lexicon {
  const known = built.get(region);
  if (known !== undefined) return known;
  const lexicon = build(region);
  built.set(region, lexicon);
  return lexicon;
}
