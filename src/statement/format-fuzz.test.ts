/** Damaged files of every format end as an answer: never as a fault of this program, whatever is torn out of them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { unzipSync, zipSync } from "fflate";
import * as fc from "fast-check";
import { PLAIN_CSV, SAMPLE, toCamt, toCsv, toMt940, toOfx, toXlsx } from "./accounts.testing.ts";
import { EXPORTS } from "./exports.testing.ts";
import { formatOf } from "./format.ts";
import { readFormat } from "./read-format.ts";

const RUNS = 400;

/** What is done to a file, at a place between 0 and 1. */
type Damage = { place: number } & (
  | { kind: "cut" | "double" | "drop"; length: number }
  | { kind: "put"; text: string }
);

const place = fc.double({ min: 0, max: 1, noNaN: true });
const piece = fc.constantFrom('"', ",", ";", "\n", "<", ">", "&#0;", "&#55357;", "_x0000_", "</Ntry>", ":61:", ":62F:", "<STMTTRN>", "-", "9".repeat(40), "\u0660", "=", "'", "\t", "NaN", "1e999", "{1:", "?20", "<c/>"); // prettier-ignore
const damage: fc.Arbitrary<Damage> = fc.oneof(
  fc.record({ place, kind: fc.constantFrom("cut" as const, "double" as const, "drop" as const), length: fc.nat({ max: 60 }) }), // prettier-ignore
  fc.record({ place, kind: fc.constant("put" as const), text: piece }),
);

function apply(text: string, damage: Damage): string {
  const at = Math.floor(damage.place * text.length);
  if (damage.kind === "put") return text.slice(0, at) + damage.text + text.slice(at);
  const [before, part, behind] = [
    text.slice(0, at),
    text.slice(at, at + damage.length),
    text.slice(at + damage.length),
  ];
  if (damage.kind === "cut") return before;
  return damage.kind === "double" ? before + part + part + behind : before + behind;
}

async function answer(bytes: Uint8Array): Promise<void> {
  const format = formatOf(bytes);
  if (format.kind === "pdf" || format.kind === "unknown") return;
  const extraction = await readFormat(format, bytes, 10);
  if (!extraction.ok) return;
  const { statements, metadata } = extraction;
  for (const { transactions, verification, openingBalance, identity, currency } of statements) {
    assert.ok(transactions.length > 0);
    assert.ok(verification.status !== "proven" || openingBalance !== null || verification.totals.length > 0);
    assert.ok(transactions.every(({ amount }) => amount >= 0n && amount < 10n ** 15n));
    // What a database of UTF-8 text takes: no NUL, no half of a pair.
    const texts = JSON.stringify({ transactions, identity, currency, metadata }, (_, value: unknown) =>
      typeof value === "bigint" ? String(value) : value,
    );
    assert.doesNotMatch(texts, /\\u00[01]|\\ud[89a-f]/);
  }
}

test("texts with pieces cut, doubled, dropped or put in", async () => {
  const texts = [
    toMt940(SAMPLE),
    toCamt(SAMPLE),
    toOfx(SAMPLE, { sgml: true, opening: true }),
    toCsv(SAMPLE, PLAIN_CSV),
    ...Object.values(EXPORTS),
  ];
  const damages = fc.array(damage, { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...texts), damages, async (text, list) => {
      await answer(new TextEncoder().encode(list.reduce(apply, text)));
    }),
    { numRuns: RUNS },
  );
});

test("workbooks with a part damaged, and whole archives", async () => {
  const bytes = await toXlsx(SAMPLE, true, [["Account Number", "50100999123456"]]);
  const parts = unzipSync(bytes);
  const names = Object.keys(parts);
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...names), damage, fc.boolean(), async (name, done, whole) => {
      const text = new TextDecoder().decode(parts[name]);
      const part = new TextEncoder().encode(apply(text, done));
      await answer(zipSync({ ...parts, [name]: part }));
      const at = Math.floor(done.place * (bytes.length - 1));
      if (whole) await answer(bytes.with(at, 255 - (bytes[at] ?? 0)));
    }),
    { numRuns: RUNS / 4 },
  );
});
