import assert from "node:assert/strict";
import { after, suite, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import type { Extraction } from "../types.ts";
import { createExtractor } from "./pool.ts";
import type { Extractor, ExtractorOptions } from "./pool.ts";
import { bombStream, makePdf, onePage, put, stream } from "./testing.ts";

const entry = new URL("testing-worker.ts", import.meta.url);
const OPTIONS = { password: null, maxPages: 500, timeoutMs: 20_000 };
const MIB = 2 ** 20;

const open: Extractor[] = [];
after(() => Promise.all(open.map((extractor) => extractor.close())));

function extractor(options: ExtractorOptions = {}): Extractor {
  const made = createExtractor({ workers: 1, entry, ...options });
  open.push(made);
  return made;
}

function pdf(text: string): Uint8Array {
  return onePage(stream("", Buffer.from(`BT /F1 10 Tf 50 700 Td (${text}) Tj ET`)));
}

function outcome(extraction: Extraction): string {
  if (!extraction.ok) return `${extraction.error.stage} ${extraction.error.code}`;
  return extraction.statements[0]?.transactions[0]?.description ?? "no row";
}

suite("an extraction", () => {
  test("comes back with its dates and amounts as they were", async () => {
    const extraction = await extractor().extract(pdf("hello there"), OPTIONS);
    assert.ok(extraction.ok);
    const [statement] = extraction.statements;
    const [row] = statement?.transactions ?? [];
    assert.ok(statement?.period && row);
    assert.ok(row.date instanceof Temporal.PlainDate);
    assert.equal(row.date.toString(), "2024-02-29");
    assert.equal(statement.period.to.toString(), "2024-02-29");
    assert.equal(row.valueDate, null);
    assert.equal(row.amount, 987654321012345n);
    assert.equal(row.balance, -1n);
    assert.equal(row.description, "hello there");
    assert.equal(extraction.pageCount, 1);
  });

  test("without any statement says so", async () => {
    assert.equal(
      outcome(await extractor().extract(pdf("NOTHING"), OPTIONS)),
      "table STATEMENT_NO_TRANSACTIONS",
    );
  });

  test("reports each page", async () => {
    const bytes = await makePdf((doc) => {
      for (const page of [1, 2, 3]) {
        if (page > 1) doc.addPage();
        put(doc, `page ${page}`, 50, 50);
      }
    });
    const seen: string[] = [];
    const onPage = (done: number, total: number): void => {
      seen.push(`${done}/${total}`);
    };
    assert.equal(outcome(await extractor().extract(bytes, OPTIONS, { onPage })), "page 1 page 2 page 3");
    assert.deepEqual(seen, ["1/3", "2/3", "3/3"]);
  });

  test("moves the bytes only when the caller gives them away", async () => {
    const pool = extractor();
    const bytes = pdf("kept");
    await pool.extract(bytes, OPTIONS);
    assert.ok(bytes.length > 0);
    // A view on a part of a larger buffer is copied, the rest never leaves the thread.
    const view = Buffer.concat([Buffer.alloc(10), bytes, Buffer.alloc(10)]).subarray(10, 10 + bytes.length);
    assert.equal(outcome(await pool.extract(view, OPTIONS, { transfer: true })), "kept");
    assert.ok(view.length > 0);
    const given = new Uint8Array(bytes);
    assert.equal(outcome(await pool.extract(given, OPTIONS, { transfer: true })), "kept");
    assert.equal(given.length, 0);
  });
});

suite("a file that misbehaves costs only its own answer", () => {
  const faults: Error[] = [];
  const pool = extractor({ onFault: (error) => faults.push(error) });
  const FAILED = "limits EXTRACTION_FAILED";

  for (const command of ["CRASH", "EXIT", "HEAP"]) {
    test(`${command}: the files behind it are read`, async () => {
      const texts = ["before", command, "after"];
      const results = await Promise.all(texts.map((text) => pool.extract(pdf(text), OPTIONS)));
      assert.deepEqual(results.map(outcome), ["before", FAILED, "after"]);
    });
  }

  test("only a fault of the program is reported as one", () => {
    assert.deepEqual(
      faults.map((fault) => fault.message),
      ["a fault on demand"],
    );
  });

  test("one that passes its time is ended, and the next is read", async () => {
    const [slow, next] = await Promise.all([
      pool.extract(pdf("LOOP"), { ...OPTIONS, timeoutMs: 150 }),
      pool.extract(pdf("next"), OPTIONS),
    ]);
    assert.equal(outcome(slow), FAILED);
    assert.ok(!slow.ok && slow.error.message.includes("150 ms"));
    assert.equal(outcome(next), "next");
  });

  test("one too many waiting is refused at once", async () => {
    const small = extractor({ maxQueue: 1 });
    // The first is waiting too until its worker starts.
    const first = small.extract(pdf("first"), OPTIONS);
    assert.equal(outcome(await small.extract(pdf("second"), OPTIONS)), FAILED);
    assert.equal(outcome(await first), "first");
  });

  test("closing answers what is under way, and refuses what comes later", async () => {
    const closing = createExtractor({ workers: 1, entry });
    const ready = await closing.extract(pdf("ready"), OPTIONS);
    assert.equal(outcome(ready), "ready");
    const [running, waiting] = [closing.extract(pdf("LOOP"), OPTIONS), closing.extract(pdf("x"), OPTIONS)];
    await closing.close();
    assert.equal(outcome(await running), FAILED);
    assert.equal(outcome(await waiting), FAILED);
    await assert.rejects(closing.extract(pdf("late"), OPTIONS), /closed/);
  });
});

suite("bombs end within the limits", () => {
  // One worker may hold 384 MiB of WebAssembly (measured: 381 more than before); uncapped it took 1,983.
  const ROOM = 550 * MIB;
  const bombs: [name: string, block: Buffer, count: number, layers: number][] = [
    ["1.6 kB that inflate to 500 MiB", Buffer.alloc(MIB, " "), 500, 2],
    ["a kilobyte in three layers", Buffer.alloc(MIB, "0"), 500, 3],
    ["50 million saved states", Buffer.from("q ".repeat(500_000)), 50, 1],
    ["7 million strokes", Buffer.from("0 0 m 1 1 l S\n".repeat(70_000)), 100, 1],
  ];
  for (const [name, block, count, layers] of bombs) {
    test(name, async () => {
      const bytes = onePage(await bombStream(block, count, layers));
      const pool = extractor();
      assert.equal(outcome(await pool.extract(pdf("before"), OPTIONS)), "before");
      const before = process.memoryUsage.rss();
      let peak = before;
      const watch = setInterval(() => {
        peak = Math.max(peak, process.memoryUsage.rss());
      }, 5);
      const extraction = await pool.extract(bytes, OPTIONS);
      clearInterval(watch);
      assert.equal(outcome(extraction), "limits EXTRACTION_FAILED");
      assert.ok(peak - before < ROOM, `${Math.round((peak - before) / MIB)} MiB`);
      assert.equal(outcome(await pool.extract(pdf("after"), OPTIONS)), "after");
    });
  }

  test("a page and text of absurd size, and a bitmap of 100 gigapixels that is never painted", async () => {
    const pool = extractor();
    const absurd = "BT /F1 10 Tf 50 700 Td (small) Tj ET BT /F1 1e30 Tf 1e30 700 Td (large) Tj ET";
    const page = onePage(stream("", Buffer.from(absurd)), "/MediaBox [0 0 1e30 1e30]");
    assert.match(outcome(await pool.extract(page, OPTIONS)), /small|STATEMENT_NO_TRANSACTIONS/);
    const size = "/W 400000 /H 250000 /BPC 8 /CS /G /F /Fl";
    const inline = `q 595 0 0 842 0 0 cm BI ${size} ID ${"x".repeat(2000)} EI Q`;
    const bitmap = onePage(stream("", Buffer.from(`${inline} BT /F1 10 Tf 50 700 Td (text) Tj ET`)));
    const result = outcome(await pool.extract(bitmap, OPTIONS));
    assert.match(result, /^text$|PDF_IS_IMAGE|STATEMENT_NO_TRANSACTIONS|EXTRACTION_FAILED/);
    assert.equal(outcome(await pool.extract(pdf("after"), OPTIONS)), "after");
  });
});

/** A small deterministic generator (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

test("300 damaged files: each is answered, and the pool goes on", async () => {
  const pool = extractor({ workers: 2, maxQueue: 300 });
  const whole = await makePdf((doc) => {
    for (let row = 0; row < 30; row += 1)
      put(doc, `0${row % 9}/02/2024 row ${row} 1,000.00`, 50, 50 + row * 12);
  });
  const random = seeded(20_240_229);
  const answers = await Promise.all(
    Array.from({ length: 300 }, async (_, round) => {
      const cut = round % 3 === 0 ? Math.floor(random() * whole.length) : whole.length;
      const bytes = whole.slice(0, cut);
      for (let change = 0; change < 1 + (round % 20); change += 1) {
        bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
      }
      const extraction = await pool.extract(bytes, { ...OPTIONS, timeoutMs: 5000 });
      return extraction.ok ? "ok" : extraction.error.code;
    }),
  ).catch((error: unknown) => assert.fail(String(error)));
  const kinds = new Set(answers);
  assert.ok(kinds.has("ok") && kinds.has("STATEMENT_UNSUPPORTED_FORMAT"), [...kinds].join(" "));
  assert.equal(outcome(await pool.extract(pdf("after"), OPTIONS)), "after");
});

test("an idle pool ends its threads and starts them again", async () => {
  const pool = extractor({ idleMs: 1 });
  assert.equal(pool.threads(), 0);
  for (const text of ["one", "two"]) {
    assert.equal(outcome(await pool.extract(pdf(text), OPTIONS)), text);
    assert.equal(pool.threads(), 1);
    while (pool.threads() > 0) await setImmediate();
  }
});
