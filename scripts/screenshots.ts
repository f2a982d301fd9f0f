/**
 * `npm run screenshots [-- NAME…]`: pictures of every page and state, wide and narrow, light and dark, into
 * `screenshots/` (not kept in git), for a person to look through. A stage is a folder of pictures; names choose stages.
 */
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { openBrowser, visit } from "../test/browser.ts";
import { consoleStage } from "./screenshots-console.ts";
import { journeyStage } from "./screenshots-journey.ts";
import { pagesStage } from "./screenshots-pages.ts";

export interface Picture {
  name: string;
  /** Opens the page at this address … */
  url: () => Promise<string>;
  /** … and leaves it as it is to be seen. */
  play: (page: Page) => Promise<void>;
}

export interface Stage {
  name: string;
  open: () => Promise<{ pictures: readonly Picture[]; close: () => Promise<void> }>;
}

const STAGES: readonly Stage[] = [journeyStage, consoleStage, pagesStage];

const SIZES = [
  { width: 1440, height: 1000 },
  { width: 390, height: 844 },
] as const;
const SCHEMES = ["light", "dark"] as const;
const FOLDER = join(import.meta.dirname, "..", "screenshots");

async function take(browser: Browser, stage: Stage): Promise<void> {
  const folder = join(FOLDER, stage.name);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const { pictures, close } = await stage.open();
  for (const { name, url, play } of pictures) {
    for (const viewport of SIZES) {
      const visitor = await visit(browser, await url(), { viewport, reducedMotion: "reduce" });
      await play(visitor.page);
      for (const colorScheme of SCHEMES) {
        await visitor.page.emulateMedia({ colorScheme });
        const path = join(folder, `${name}-${viewport.width}-${colorScheme}.png`);
        await visitor.page.screenshot({ path, fullPage: true });
      }
      await visitor.close();
    }
    process.stdout.write(`${stage.name}/${name}\n`);
  }
  await close();
}

const wanted = process.argv.slice(2);
const browser = await openBrowser();
for (const stage of STAGES) {
  if (wanted.length === 0 || wanted.includes(stage.name)) await take(browser, stage);
}
await browser.close();
