/** Some hundred statements more, with page breaks where nobody put them. */
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { createExtractor } from "../../src/statement/pdf/pool.ts";
import { sweep } from "./catalogue.ts";
import { sameFacts, sameRows, sameVerdict } from "./compare.ts";
import { generate } from "./generate.ts";

/** 30 files each; measured 26 ms a file on 2 cores, making it included. */
const SEEDS = 12;

const extractor = createExtractor({ workers: 2 });
after(async () => extractor.close());

describe("sweep over the layouts", () => {
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    test(`seed ${seed}`, async (t) => {
      for (const spec of sweep(seed)) {
        const { bytes, truth } = await generate(spec);
        const options = { password: truth.password, maxPages: 500, timeoutMs: 30_000 };
        const read = await extractor.extract(bytes, options);
        await t.test(spec.name, () => {
          assert.ok(read.ok, read.ok ? "" : read.error.code);
          assert.equal(read.statements.length, truth.statements.length);
          truth.statements.forEach((wanted, i) => {
            const found = read.statements[i];
            assert.ok(found);
            sameRows(found, wanted);
            sameVerdict(found, wanted);
            sameFacts(found, wanted);
          });
        });
      }
    });
  }
});
