/**
 * `npm run build:web -- [--force] [connect console embed]`: builds what of the web pages (all of them, where none is
 * named) is missing or older than its sources; `--force`: whether it is or not. Into
 * `web/dist/<app>`, with a Brotli and a gzip copy beside each file that shrinks, so that serving compresses nothing.
 */
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs, promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { build } from "vite";
import { viteConfig } from "../web/vite.config.ts";
import { takeLock } from "./setup.mjs";
import { distOf, sourcesHash, staleApps, stampOf, webApps, type WebApp } from "./web-sources.mjs";

const SHRINKS = /\.(html|js|css|svg|json|txt|map)$/;
/** Below this a header costs more than it saves. */
const LEAST_BYTES = 512;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { force: { type: "boolean" } },
    allowPositionals: true,
  });
  const isWanted = (app: WebApp) => positionals.length === 0 || positionals.includes(app);
  const release = await takeLock("web.lock");
  try {
    if (values.force) await Promise.all(webApps().map((app) => rm(stampOf(app), { force: true })));
    for (const app of staleApps().filter(isWanted)) await buildApp(app);
  } finally {
    release();
  }
}

/** Built beside its place and moved there whole: a server that starts meanwhile sees the old or the new. */
async function buildApp(app: WebApp): Promise<void> {
  const began = performance.now();
  const hash = sourcesHash(app);
  const dist = distOf(app);
  const fresh = `${dist}.new`;
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh, { recursive: true });
  await build(viteConfig(app, fresh));
  await compressAll(fresh);
  await writeFile(join(fresh, ".sources"), hash);
  await rm(dist, { recursive: true, force: true });
  await rename(fresh, dist);
  process.stderr.write(`Built web/dist/${app} in ${((performance.now() - began) / 1000).toFixed(1)} s.\n`);
}

async function compressAll(dir: string): Promise<void> {
  const names = await readdir(dir, { recursive: true });
  await Promise.all(names.map((name) => compress(join(dir, name))));
}

const brotli = promisify(brotliCompress);
const deflate = promisify(gzip);

async function compress(file: string): Promise<void> {
  if (!SHRINKS.test(file) || !(await stat(file)).isFile()) return;
  const bytes = await readFile(file);
  if (bytes.length < LEAST_BYTES) return;
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  await writeFile(`${file}.br`, await brotli(bytes, { params }));
  await writeFile(`${file}.gz`, await deflate(bytes, { level: 9 }));
}

await main();
