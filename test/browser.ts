/**
 * Debian's Chromium, driven by playwright-core; one per test file, a fresh context per visitor. What runs in the page is
 * written as text: tests are checked without the DOM's types.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import axe from "axe-core";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";
import { staleApps, type WebApp } from "../scripts/web-sources.mjs";

const ROOT = join(import.meta.dirname, "..");
const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

/** CHROMIUM names one; else the first on the PATH. Null where there is none. */
export function findChromium(): string | null {
  const named = process.env["CHROMIUM"];
  if (named) return named;
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter(Boolean);
  const places = folders.flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return places.find((place) => existsSync(place)) ?? null;
}

/** For `skip` of a test or suite: what is missing, in words; false where nothing is. CI must not skip. */
export function withoutBrowser(): string | false {
  if (findChromium() !== null || process.env["CI"]) return false;
  return "no Chromium on the PATH: apt-get install chromium, or name one in CHROMIUM";
}

export async function openBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === null) {
    throw new Error("There is no Chromium on the PATH: apt-get install chromium, or name one in CHROMIUM.");
  }
  // As root Chromium refuses its own sandbox; /dev/shm is small in containers.
  const args = ["--disable-dev-shm-usage", ...(process.getuid?.() === 0 ? ["--no-sandbox"] : [])];
  return chromium.launch({ executablePath, args });
}

/** Builds those that are missing or older than their sources. Before the server: it lists the files at its start. */
export function buildPages(...apps: WebApp[]): void {
  if (staleApps().some((app) => apps.includes(app)))
    execFileSync(process.execPath, ["scripts/build-web.ts", ...apps], { cwd: ROOT, stdio: "inherit" });
}

export interface Visitor {
  page: Page;
  /** What went wrong in the page: uncaught errors, refused by the content policy. */
  faults: string[];
  close: () => Promise<void>;
}

/** Loaded machines are slow; nothing waits this long where all is well. */
const PATIENCE_MS = 30_000;

export async function visit(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<Visitor> {
  const context = await browser.newContext({ locale: "en-IN", ...options });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error" && /Content Security Policy|Uncaught/.test(message.text()))
      faults.push(message.text());
  });
  await page.goto(url);
  return { page, faults, close: () => context.close() };
}

interface Violation {
  id: string;
  impact?: string | null;
  nodes: { target: unknown; failureSummary?: string }[];
}

/** No serious or critical finding of axe-core (WCAG 2.2 A and AA, and its own practices). */
export async function isAccessible(page: Page, what: string): Promise<void> {
  // Evaluated, not added as a script: the page's content policy is not loosened for it.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<{ violations: Violation[] }>("axe.run()");
  const grave = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  const told = grave.map(({ id, nodes }) => ({
    id,
    nodes: nodes.map(({ target, failureSummary }) => ({ target, failureSummary })),
  }));
  assert.deepEqual(told, [], what);
}

/** Nothing is wider than the window. */
export async function fitsWidth(page: Page, what: string): Promise<void> {
  const [content, window] = await page.evaluate<[number, number]>(
    "[document.documentElement.scrollWidth, document.documentElement.clientWidth]",
  );
  assert.ok(content <= window, `${what}: ${content} px in a window of ${window} px`);
}
