/** Some hundred statements more, with page breaks where nobody put them. */
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { createExtractor } from "../../src/statement/pdf/pool.ts";
import { sweep } from "./catalogue.ts";
import { sameFacts, sameRows, sameVerdict, type Tally } from "./compare.ts";
import { generate } from "./generate.ts";
import { mixed } from "./mixed.ts";
import type { Spec } from "./types.ts";

/** About 120 files each; measured 14 ms a file on 2 cores, making it included. `SWEEP_SEEDS=100` runs more. */
const SEEDS = Number(process.env["SWEEP_SEEDS"] ?? 4);
/** Layouts drawn by lot for each seed. */
const MIXED = 24;
/** Share of narrations that must be read as printed where lines break in the middle of words; of all others every one. */
const LEAST_TORN = 0.95;

const extractor = createExtractor({ workers: 2 });
after(async () => extractor.close());

const torn: Tally = { all: 0, same: 0 };
let files = 0;

async function check(spec: Spec): Promise<void> {
  const { bytes, truth } = await generate(spec);
  const options = { password: truth.password, maxPages: 500, timeoutMs: 30_000 };
  const read = await extractor.extract(bytes, options);
  assert.ok(read.ok, read.ok ? "" : read.error.code);
  assert.equal(read.statements.length, truth.statements.length);
  files += 1;
  truth.statements.forEach((wanted, i) => {
    const found = read.statements[i];
    assert.ok(found);
    sameRows(found, wanted, spec.layout === "torn-narration" ? torn : undefined);
    sameVerdict(found, wanted);
    sameFacts(found, wanted);
  });
}

describe("sweep over the layouts", () => {
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    test(`seed ${seed}`, async (t) => {
      for (const spec of [...sweep(seed), ...mixed(seed, MIXED)])
        await t.test(spec.name, async () => check(spec));
    });
  }

  test("is as large as promised, and reads narrations that were torn", () => {
    assert.ok(files >= 400, `${files} files`);
    assert.ok(torn.same >= LEAST_TORN * torn.all, `${torn.same} of ${torn.all}`);
  });
});
