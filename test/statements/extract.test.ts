/**
 * Every generated statement against its truth, row by row. The truth is never loosened to fit the reader:
 * where a row differs, the reader is wrong.
 */
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { createExtractor } from "../../src/statement/pdf/pool.ts";
import type { Extraction, Statement } from "../../src/statement/types.ts";
import { names, statement } from "./catalogue.ts";
import { sameFacts, sameRows, sameVerdict, type Tally } from "./compare.ts";

const extractor = createExtractor({ workers: 1 });
after(async () => extractor.close());

const options = { password: null, maxPages: 500, timeoutMs: 30_000 };

async function readCase(name: string): Promise<Extraction> {
  const { bytes, truth } = await statement(name);
  return extractor.extract(bytes, { ...options, password: truth.password });
}

/** Lines that break in the middle of a word are counted in the sweep. */
function tallyOf(name: string): Tally | undefined {
  return name === "torn-narration" ? { all: 0, same: 0 } : undefined;
}

describe("extraction of the generated statements", () => {
  for (const name of names) {
    test(name, async (t) => {
      const { truth } = await statement(name);
      const read = await readCase(name);
      assert.equal(read.ok ? null : read.error.code, truth.error);
      if (!read.ok) return;
      assert.equal(read.pageCount, truth.pages);
      assert.equal(read.statements.length, truth.statements.length);
      for (const [i, wanted] of truth.statements.entries()) {
        const found: Statement | undefined = read.statements[i];
        assert.ok(found);
        await t.test("rows", () => sameRows(found, wanted, tallyOf(name)));
        await t.test("verdict", () => sameVerdict(found, wanted));
        await t.test("facts", () => sameFacts(found, wanted));
      }
    });
  }

  test("an encrypted file without its password, or with a wrong one, is refused", async () => {
    const { bytes } = await statement("hdfc-encrypted");
    for (const password of [null, "wrong"]) {
      const read = await extractor.extract(bytes, { ...options, password });
      assert.equal(read.ok ? null : read.error.code, "PASSWORD_INCORRECT");
    }
  });

  test("more pages than allowed are refused", async () => {
    const { bytes } = await statement("hdfc-10-pages");
    const read = await extractor.extract(bytes, { ...options, maxPages: 9 });
    assert.equal(read.ok ? null : read.error.code, "STATEMENT_TOO_MANY_PAGES");
  });
});
