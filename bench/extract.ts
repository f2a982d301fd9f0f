/**
 * Pages per second of the whole way (bytes to verified statements) on one thread, beside `pdftotext -bbox`,
 * which gives boxes of words and nothing more, on the same files in the same run.
 *
 *     npm run -s bench:extract -- DIR [ROUNDS]
 *
 * It runs within the limits of memory that a worker of the pool has (`pool.ts`): without them V8 collects late, and the
 * peak says nothing of what reading takes. Rounds alternate between the two, the first one warms up and is not counted. The time of pdftotext contains
 * the start of its process for each file (about 5 ms), as a program that calls it would pay.
 * The last line is JSON: `{files, pages, pages_per_s, ratio_to_pdftotext, peak_mb}`; a ratio above 1 is faster.
 */

import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { extractFile } from "../src/statement/pdf/extract-file.ts";
import { openPdf } from "../src/statement/pdf/open.ts";
import { compilePdfium, createPdfium } from "../src/statement/pdf/pdfium.ts";
import { readStatements } from "../src/statement/read.ts";

const OPTIONS = { password: null, maxPages: 5000 };

/** `maxOldGenerationSizeMb: 256`, `maxYoungGenerationSizeMb: 32` (three semi-spaces). */
const LIMITS = ["--max-old-space-size=256", "--max-semi-space-size=10"];
if (!LIMITS.every((limit) => process.execArgv.includes(limit))) {
  const again = spawnSync(process.execPath, [...LIMITS, ...process.argv.slice(1)], { stdio: "inherit" });
  process.exit(again.status ?? 1);
}

const [folder, rounds = "3"] = process.argv.slice(2);
if (folder === undefined || !(Number(rounds) >= 1)) {
  process.stderr.write("Usage: bench/extract.ts DIR [ROUNDS]\n");
  process.exit(2);
}

const pdfium = await createPdfium(await compilePdfium());
const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".pdf"))
  .sort()
  .map((name) => {
    const path = join(folder, name);
    return { name, path, bytes: new Uint8Array(readFileSync(path)) };
  });

function timed(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

function pdftotext(path: string): void {
  const { error, status } = spawnSync("pdftotext", ["-bbox", path, "/dev/null"], { stdio: "ignore" });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`pdftotext ended with ${status} on ${path}`);
}

let pages = 0;
let ours = 0;
let opening = 0;
let theirs = 0;
let counted = 0;
for (const { name, path, bytes } of files) {
  const { extraction } = extractFile(pdfium, bytes, OPTIONS, readStatements);
  if (extraction.pageCount === null || pdfium.memoryRefused()) {
    process.stdout.write(`${name}: left out (${extraction.ok ? "memory" : extraction.error.code})\n`);
    continue;
  }
  pdftotext(path);
  const times = { ours: 0, opening: 0, theirs: 0 };
  for (let round = 0; round < Number(rounds); round += 1) {
    times.ours += timed(() => extractFile(pdfium, bytes, OPTIONS, readStatements));
    times.opening += timed(() => openPdf(pdfium, bytes, OPTIONS));
    times.theirs += timed(() => pdftotext(path));
  }
  const per = (ms: number): string => (ms / Number(rounds)).toFixed(1).padStart(8);
  const found = extraction.ok ? extraction.statements.map((each) => each.verification.status).join(" ") : "-";
  process.stdout.write(
    `${per(times.ours)} ms (opening ${per(times.opening)})  pdftotext ${per(times.theirs)} ms  ` +
      `${String(extraction.pageCount).padStart(4)} pages  ${name}  ${found}\n`,
  );
  pages += extraction.pageCount;
  ours += times.ours / Number(rounds);
  opening += times.opening / Number(rounds);
  theirs += times.theirs / Number(rounds);
  counted += 1;
}

process.stdout.write(`opening alone: ${Math.round((pages / opening) * 1000)} pages/s\n`);
const result = {
  files: counted,
  pages,
  pages_per_s: Math.round((pages / ours) * 1000),
  ratio_to_pdftotext: Number((theirs / ours).toFixed(2)),
  peak_mb: Math.round(process.resourceUsage().maxRSS / 1024),
};
process.stdout.write(`${JSON.stringify(result)}\n`);
