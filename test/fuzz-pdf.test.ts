/**
 * Damaged and hostile PDFs through the real worker pool: each costs its own answer and nothing else. The same files
 * on every run; `node test/fuzz-pdf.test.ts SEED` tries others.
 */
import assert from "node:assert/strict";
import { availableParallelism } from "node:os";
import { test } from "node:test";
import { createExtractor } from "../src/statement/pdf/pool.ts";
import { objectLike, pageStream, statementPdf, withUpdate } from "../src/statement/fraud/testing.ts";
import type { Extraction, ExtractionErrorCode } from "../src/statement/types.ts";
import { MUTATIONS } from "./mutations.ts";
import { statement } from "./statements/catalogue.ts";
import { createRandom } from "./statements/random.ts";

const SEED = Number(process.argv[2] ?? 1);
const ROUNDS = 12;
/** Every so many files are drawn: a picture takes 30 ms a page. */
const DRAWN = 12;
/** A sound file of this size takes 50 ms; nothing may hold a worker for longer than it was given. */
const TIMEOUT_MS = 1500;
const OPTIONS = { maxPages: 60, timeoutMs: TIMEOUT_MS };
/** A loaded machine may take its time over a sound file. */
const SOUND = { password: null, maxPages: 60, timeoutMs: 60_000 };
const CODES: ReadonlySet<ExtractionErrorCode> = new Set([
  "PASSWORD_INCORRECT",
  "PDF_IS_IMAGE",
  "STATEMENT_UNSUPPORTED_FORMAT",
  "STATEMENT_TOO_MANY_PAGES",
  "STATEMENT_NO_TRANSACTIONS",
  "UNPARSABLE",
  "EXTRACTION_FAILED",
]);

interface Base {
  name: string;
  pdf: string;
  password: string | null;
}

/** Plain, locked, drawn through a form, turned, and with a second version. */
async function bases(): Promise<Base[]> {
  const names = ["canara-one-page", "hdfc-encrypted", "baroda-form", "sbi-rotate-90"];
  const generated = await Promise.all(
    names.map(async (name) => {
      const { bytes, truth } = await statement(name);
      return { name, pdf: Buffer.from(bytes).toString("latin1"), password: truth.password };
    }),
  );
  const first = await statementPdf();
  const [page, body] = objectLike(first, /\/Type \/Page\b/);
  const updated = withUpdate(first, [
    [page, body.replace(/\/Contents (\d+ 0 R)/, "/Contents [$1 91 0 R]")],
    [91, pageStream("BT /F1 10 Tf 50 500 Td (drawn later) Tj ET")],
  ]);
  return [...generated, { name: "updated", pdf: Buffer.from(updated).toString("latin1"), password: null }];
}

const outcomeOf = (extraction: Extraction): string => (extraction.ok ? "read" : extraction.error.code);

test("mutated files end in a value each, and the pool reads a sound one after them", async (t) => {
  const faults: Error[] = [];
  const extractor = createExtractor({
    workers: Math.min(2, availableParallelism()),
    maxQueue: MUTATIONS.length * ROUNDS + 1,
    onFault: (error) => faults.push(error),
  });
  t.after(() => extractor.close());
  const random = createRandom(SEED);
  const files = await bases();
  const sound = files[0] ?? assert.fail("no files");
  const before = await extractor.extract(Buffer.from(sound.pdf, "latin1"), SOUND);

  const began = performance.now();
  const tally = new Map<string, number>();
  const work: Promise<void>[] = [];
  let drawn = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [index, mutation] of MUTATIONS.entries()) {
      const { pdf, password } = files[(round + index) % files.length] ?? sound;
      const mutated = Buffer.from(mutation.apply(pdf, random), "latin1");
      // Of some the pages are drawn for the report, too.
      const hooks = index % DRAWN === round % DRAWN ? { onSheets: () => void (drawn += 1) } : {};
      const read = async (): Promise<void> => {
        const extraction = await extractor.extract(mutated, { password, ...OPTIONS }, hooks);
        const outcome = outcomeOf(extraction);
        assert.ok(extraction.ok || CODES.has(extraction.error.code), `${mutation.name}: ${outcome}`);
        tally.set(outcome, (tally.get(outcome) ?? 0) + 1);
      };
      work.push(read());
    }
  }
  await Promise.all(work);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  t.diagnostic(
    `${work.length} files in ${seconds} s, ${drawn} drawn: ${JSON.stringify(Object.fromEntries(tally))}`,
  );

  assert.ok(work.length >= 200 && drawn > 10);
  // A file may be refused or end a worker; it may never find a fault of this program.
  assert.deepEqual(faults, []);
  const after = await extractor.extract(Buffer.from(sound.pdf, "latin1"), SOUND);
  assert.ok(after.ok && after.statements[0]?.verification.status === "proven");
  assert.deepEqual(after, before);
  // Mutations that change nothing, or everything, would test nothing.
  assert.ok((tally.get("read") ?? 0) < 0.8 * work.length, "most files were hardly damaged");
  assert.ok(tally.size >= 4, "all files failed alike");
});
