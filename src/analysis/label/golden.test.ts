/**
 * The golden sets: narrations with the channel, description, merchant category and counterparty they should get.
 * `india.txt`, `uk.txt` and `mixed.txt` are what the rules were written with; `unseen.txt` has shapes from elsewhere and is
 * never used to change the rules, so its figure is the one to believe. Both are printed; what is missed only of the first, because a
 * miss that has been read is a rule that will be written.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { AccountProfile, Direction, Label } from "../types.ts";
import { labelOne, labellerOf, type Labeller } from "./label.ts";

interface Case {
  country: string;
  direction: Direction;
  narration: string;
  /** channel | description | merchant category | name | addresses */
  expected: string;
}

const FIRST = ["india.txt", "uk.txt", "mixed.txt", "elsewhere.txt"];

const KNOWN = { ownNames: [], employers: [], companies: [] };

const labellers = new Map<string, Labeller>();

function labellerFor(country: string): Labeller {
  const known = labellers.get(country);
  if (known !== undefined) return known;
  const profile: AccountProfile = {
    id: "account",
    bank: "other",
    country,
    currency: null,
    holder: null,
    accountNumber: null,
    category: null,
    limit: null,
    openingBalance: null,
  };
  const labeller = labellerOf(profile, KNOWN);
  labellers.set(country, labeller);
  return labeller;
}

function casesOf(file: string): Case[] {
  const lines = readFileSync(new URL(`golden/${file}`, import.meta.url), "utf8").split("\n");
  return lines
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => {
      const [head = "", narration = "", ...rest] = line.split("|").map((field) => field.trim());
      assert.equal(rest.length >= 4, true, `too few fields: ${line}`);
      const expected = [...rest, "", ""].slice(0, 5).join(" | ");
      return {
        country: head.slice(0, 2),
        direction: head.endsWith("D") ? "debit" : "credit",
        narration,
        expected,
      };
    });
}

function told({ channel, description, merchantCategory, counterparty }: Label): string {
  const { name, vpa, iban, account } = counterparty;
  const addresses = Object.entries({ vpa, iban, account })
    .filter(([, value]) => value !== null)
    .map(([key, value]) => `${key}=${value}`)
    .join(" ");
  return [channel, description, merchantCategory, name ?? "", addresses].join(" | ");
}

function labelCase({ country, direction, narration }: Case): Label {
  const date = Temporal.PlainDate.from("2024-01-05");
  return labelOne(
    { hash: "", accountId: "", date, narration, reference: null, direction, amount: 1n, balance: null },
    labellerFor(country),
  );
}

const fieldOf = (line: string, field: number): string => line.split(" | ")[field] ?? "";

/** Share of exact cases; says it, and the misses where `listed`. */
function share(title: string, cases: readonly Case[], listed: boolean, say: (line: string) => void): number {
  const misses = cases
    .map((each) => ({ ...each, got: told(labelCase(each)) }))
    .filter(({ got, expected }) => got !== expected);
  const exact = cases.length - misses.length;
  say(`${title}: ${exact} of ${cases.length} exact, ${((100 * exact) / cases.length).toFixed(1)} %`);
  for (const [field, title] of ["channel", "description", "merchant category", "name"].entries()) {
    const right =
      cases.length -
      misses.filter((miss) => fieldOf(miss.got, field) !== fieldOf(miss.expected, field)).length;
    say(`  ${title}: ${((100 * right) / cases.length).toFixed(1)} %`);
  }
  for (const { narration, expected, got } of listed ? misses : [])
    say(`  ${narration}\n    expected ${expected}\n    got      ${got}`);
  return exact / cases.length;
}

test("the first golden set: at least 300 narrations, at least 98 % exact", (t) => {
  const cases = FIRST.flatMap(casesOf);
  assert.ok(cases.length >= 300, `${cases.length} narrations`);
  const exact = share("first set", cases, true, (line) => t.diagnostic(line));
  assert.ok(exact >= 0.98, `${(100 * exact).toFixed(1)} %`);
});

test("the second golden set, which the rules were not written from: no worse than measured", (t) => {
  const cases = casesOf("unseen.txt");
  assert.ok(cases.length >= 100, `${cases.length} narrations`);
  const exact = share("second set", cases, false, (line) => t.diagnostic(line));
  assert.ok(exact >= 0.82, `${(100 * exact).toFixed(1)} %`);
});

test("no narration stands in both sets", () => {
  const first = new Set(FIRST.flatMap(casesOf).map(({ narration }) => narration));
  const both = casesOf("unseen.txt").filter(({ narration }) => first.has(narration));
  assert.deepEqual(
    both.map(({ narration }) => narration),
    [],
  );
});
