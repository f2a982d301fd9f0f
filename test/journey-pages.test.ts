/** Every state of the journey, light and dark, wide and narrow: accessible, and nothing wider than the window. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser } from "playwright-core";
import { fitsWidth, isAccessible, openBrowser, visit, withoutBrowser } from "./browser.ts";
import { openStage, SCENES } from "./journey-scenes.ts";
import type { Journeys } from "./journey-setup.ts";

describe("every state of the journey", { skip: withoutBrowser(), concurrency: 4 }, () => {
  let journeys: Journeys;
  let browser: Browser;
  before(async () => {
    [journeys, browser] = await Promise.all([openStage(), openBrowser()]);
  });
  after(async () => {
    await browser.close();
    await journeys.close();
  });

  for (const { name, link, play, shows } of SCENES) {
    test(name, async () => {
      const { page, faults, close } = await visit(browser, await link(journeys), {
        viewport: { width: 1440, height: 1000 },
        reducedMotion: "reduce",
      });
      await play?.(page, journeys);
      await page.getByText(shows).first().waitFor();
      // One heading of the first rank, and the title says the same.
      assert.equal(await page.title(), await page.locator("h1").innerText());
      await isAccessible(page, `${name}, wide and light`);
      await page.setViewportSize({ width: 360, height: 640 });
      await page.emulateMedia({ colorScheme: "dark" });
      await fitsWidth(page, name);
      await isAccessible(page, `${name}, narrow and dark`);
      assert.deepEqual(faults, []);
      await close();
    });
  }

  test("a server that is not reached is told so, and asked again", async () => {
    const { page, close } = await visit(browser, "about:blank");
    let reachable = false;
    await page.route("**/connect/api/session", (route) => (reachable ? route.continue() : route.abort()));
    await page.goto(await journeys.newLink());
    await page.getByRole("heading", { name: "No connection" }).waitFor();
    await isAccessible(page, "no connection");
    reachable = true;
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByText("Often chosen").waitFor();
    await close();
  });
});
