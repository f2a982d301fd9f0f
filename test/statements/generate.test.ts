import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, test } from "node:test";
import { promisify } from "node:util";
import { names, specs, statement } from "./catalogue.ts";
import { generate } from "./generate.ts";
import type { TruthRow, TruthStatement } from "./types.ts";

const run = promisify(execFile);

const minor = (text: string): bigint => BigInt(text.replace(".", ""));

/** The rows at which the printed balance does not follow from the last printed one. */
function breaksIn({ opening_balance, transactions }: TruthStatement): number[] {
  let known = opening_balance === null ? null : minor(opening_balance);
  const breaks: number[] = [];
  transactions.forEach((row: TruthRow, i) => {
    if (known !== null) known += row.type === "credit" ? minor(row.amount) : -minor(row.amount);
    if (row.balance === null) return;
    if (known !== null && known !== minor(row.balance)) breaks.push(i);
    known = minor(row.balance);
  });
  return breaks;
}

async function hasPdftotext(): Promise<boolean> {
  return run("pdftotext", ["-v"]).then(
    () => true,
    () => false,
  );
}

describe("generator of statements", () => {
  test("gives the same bytes for the same spec, also encrypted", async () => {
    for (const spec of specs.filter(({ name }) => /3-months|encrypted|scanned/.test(name))) {
      const [first, second] = [await generate(spec), await generate(spec)];
      assert.ok(first.bytes.equals(second.bytes), spec.name);
      assert.deepEqual(first.truth, second.truth);
    }
  });

  test("names every case once", () => {
    assert.equal(new Set(names).size, names.length);
  });

  for (const name of names) {
    test(`${name}: its truth adds up, or breaks where it says`, async () => {
      const { bytes, truth } = await statement(name);
      assert.equal(bytes.subarray(0, 5).toString(), "%PDF-");
      assert.equal(truth.statements.length === 0, truth.error !== null);
      for (const one of truth.statements) {
        assert.ok(one.transactions.length > 0);
        const dates = one.transactions.map(({ date }) => date);
        assert.deepEqual(dates, dates.toSorted());
        const expected = one.verification.breaks.map(({ row }) => row);
        // A misprinted balance contradicts its own row, and the row after it.
        assert.deepEqual(breaksIn(one).slice(0, Math.max(1, expected.length)), expected);
      }
    });
  }

  test("prints every amount, balance and word of the truth", async (t) => {
    if (!(await hasPdftotext())) return t.skip("pdftotext is not installed");
    const folder = await mkdtemp(path.join(tmpdir(), "statements-"));
    t.after(async () => rm(folder, { recursive: true }));
    // What a retouch does to the text is more than pdftotext sees through; nor does it join torn words.
    const plain = specs.filter(
      ({ name, retouch }) => retouch === undefined && !/60-pages|scanned|torn|one-decimal/.test(name),
    );
    for (const { name } of plain) {
      const { bytes, truth } = await statement(name);
      const file = path.join(folder, `${name}.pdf`);
      await writeFile(file, bytes);
      const { stdout } = await run("pdftotext", [
        "-raw",
        ...(truth.password === null ? [] : ["-upw", truth.password]),
        file,
        "-",
      ]);
      const text = stdout.replaceAll(/\s+/g, " ");
      const spaced = [...stdout.matchAll(/\d{1,3}(?: \d{3})+\D\d\d\b/g)].map(([number]) => number);
      const printed = [...stdout.split(/\s+/), ...spaced];
      const numbers = new Set(printed.map((word) => word.replaceAll(/\D/g, "")));
      for (const { transactions } of truth.statements) {
        for (const row of transactions) {
          for (const word of row.description.split(" ")) assert.ok(text.includes(word), `${name}: ${word}`);
          for (const money of [row.amount, row.balance]) {
            assert.ok(money === null || numbers.has(money.replaceAll(/\D/g, "")), `${name}: ${money}`);
          }
        }
      }
    }
  });
});
