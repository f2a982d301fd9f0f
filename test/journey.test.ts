/** A customer's way through the hosted journey, in Chromium, over the real extractor. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { fitsWidth, isAccessible, openBrowser, visit, withoutBrowser } from "./browser.ts";
import { NOW, V1 } from "./http-setup.ts";
import { idIn, openJourneys, PASSWORD, statementOf, type Journeys } from "./journey-setup.ts";

describe("the hosted journey", { skip: withoutBrowser() }, () => {
  let journeys: Journeys;
  let browser: Browser;
  before(async () => {
    [journeys, browser] = await Promise.all([openJourneys(), openBrowser()]);
  });
  after(async () => {
    await browser.close();
    await journeys.close();
  });

  const completions = async (link: string): Promise<Record<string, unknown>[]> => {
    const { body } = await journeys.http.call(`${V1}/session_data/${idIn(link)}/webhook_payloads/`);
    return (body as { payloads: Record<string, unknown>[] }).payloads;
  };
  const give = async (page: Page, ...files: Awaited<ReturnType<typeof statementOf>>[]) =>
    page.getByLabel("Choose files").setInputFiles(files);

  test("a locked file, a missing month, a second file; shared once, and back to who asked", async () => {
    const link = await journeys.newLink({ redirect_url: `${journeys.http.url}/docs?from=journey` });
    const { page, faults, close } = await visit(browser, link);
    await page.getByRole("button", { name: "Kotak Mahindra Bank" }).click();
    await give(page, await statementOf("january", PASSWORD), await statementOf("march"));

    const password = page.getByLabel("Password of january.pdf");
    await password.fill("wrong");
    await password.press("Enter");
    await page.getByText("That password did not open it").waitFor();
    await isAccessible(page, "a wrong password");
    await password.fill(PASSWORD);
    await password.press("Enter");
    await page.getByText("February 2024 is missing.").waitFor();
    assert.deepEqual(await completions(link), []);

    await give(page, await statementOf("march"));
    await page.getByText("You have added this statement already.").waitFor();
    await page.getByRole("button", { name: "Remove march.pdf" }).first().click();
    await give(page, await statementOf("february"));
    await page.getByText("Everything that is asked for is there.").waitFor();
    // Level 1 is met, but whether this is all is the customer's to say.
    assert.deepEqual(await completions(link), []);
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByRole("heading", { name: "Check and share" }).waitFor();
    await isAccessible(page, "the review");
    await page.getByRole("button", { name: "Share with Test" }).click();

    await page.waitForURL(/success=true/);
    const { searchParams, pathname } = new URL(page.url());
    assert.deepEqual(
      [pathname, ...searchParams],
      ["/docs", ["from", "journey"], ["success", "true"], ["session_id", idIn(link)]],
    );
    const [told, ...more] = await completions(link);
    assert.equal(told?.["event_name"], "SESSION_REQUIREMENT_COMPLETION_NOTIFICATION");
    assert.deepEqual(more, []);

    // The same link afterwards says that it is done, and shares nothing a second time.
    await page.goto(link);
    await page.getByRole("heading", { name: "Thank you, all done" }).waitFor();
    assert.equal((await completions(link)).length, 1);
    assert.deepEqual(faults, []);
    await close();
  });

  test("a reload goes on where the customer was, also in a link of version 2", async () => {
    const link = await journeys.newLink({}, 2);
    const { page, close } = await visit(browser, link);
    await page.getByRole("searchbox", { name: "Search for your bank" }).fill("kot mah");
    await page.getByText("1 bank", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Kotak Mahindra Bank" }).click();
    await give(page, await statementOf("january"));
    await page.getByText("February 2024 and March 2024 are missing.").waitFor();
    await page.reload();
    await page.getByText("February 2024 and March 2024 are missing.").waitFor();
    // Elsewhere, with the link alone.
    const other = await visit(browser, link);
    await other.page.getByText("january.pdf").waitFor();
    await other.page.getByText("From Kotak").or(other.page.getByText("account ending in")).first().waitFor();
    await other.close();

    // Taken back, its months are asked for again.
    await page.getByRole("button", { name: "Remove january.pdf" }).click();
    await page.getByText("january.pdf", { exact: true }).waitFor({ state: "detached" });
    assert.equal(await page.getByRole("button", { name: "Continue" }).getAttribute("aria-disabled"), "true");
    await close();

    const cut = new URL(link);
    cut.searchParams.set("token", `${cut.searchParams.get("token")?.slice(0, -1)}x`);
    const forged = await visit(browser, cut.href);
    await forged.page.getByRole("heading", { name: "This link does not work" }).waitFor();
    await forged.close();
  });

  test("a page that is left open says when its time is over, and takes nothing more", async () => {
    const link = await journeys.newLink({ bank_name: "kotak", session_expiry: 5 });
    const { page, close } = await visit(browser, "about:blank");
    await page.clock.install({ time: new Date("2024-04-25T10:00:00Z") });
    await page.goto(link);
    await page.getByRole("heading", { name: "Add your statements" }).waitFor();
    journeys.http.setNow("2024-04-25T10:05:01Z");
    await page.clock.fastForward("05:01");
    await page.getByRole("heading", { name: "This link has expired" }).waitFor();
    const [told] = await completions(link);
    assert.equal(told?.["event_name"], "SESSION_EXPIRY_NOTIFICATION");
    journeys.http.setNow(NOW);
    await close();
  });

  test("by keyboard alone, in Hindi, on a small dark phone", async () => {
    const link = await journeys.newLink({ bank_name: "kotak" });
    const { page, faults, close } = await visit(browser, link, {
      locale: "hi-IN",
      colorScheme: "dark",
      viewport: { width: 360, height: 640 },
      reducedMotion: "reduce",
    });
    await page.getByRole("heading", { name: "अपने स्टेटमेंट जोड़ें" }).waitFor();
    assert.equal(await page.locator("html").getAttribute("lang"), "hi");
    const ground = await page.evaluate("getComputedStyle(document.body).backgroundColor");
    assert.equal(ground, "rgb(15, 19, 25)");
    await fitsWidth(page, "upload");
    // The heading has the focus; the next stop is the file input, which the Enter key opens.
    const picker = page.waitForEvent("filechooser");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await (await picker).setFiles([await statementOf("january", PASSWORD)]);
    await page.getByLabel("january.pdf का पासवर्ड").waitFor();
    await fitsWidth(page, "password");
    await isAccessible(page, "a password, dark, in Hindi");
    await tabTo(page, "input[type=password]");
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press("Enter");
    await page.getByText("फ़रवरी 2024 और मार्च 2024 का स्टेटमेंट बाकी है।").waitFor();
    await fitsWidth(page, "an account");
    await tabTo(page, ".actions .primary");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "जाँचें और साझा करें" }).waitFor();
    await fitsWidth(page, "review");
    await isAccessible(page, "the review, dark, in Hindi");
    await tabTo(page, ".actions .primary");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "धन्यवाद, काम पूरा हुआ" }).waitFor();
    await fitsWidth(page, "done");
    assert.equal((await completions(link)).length, 1);
    assert.deepEqual(faults, []);
    await close();
  });
});

/** Presses Tab until the element that matches has the focus; fails where the whole page has been gone round. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 40; presses++) {
    if ((await page.locator(`${selector}:focus`).count()) > 0) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`${selector} is not reached by the keyboard`);
}
