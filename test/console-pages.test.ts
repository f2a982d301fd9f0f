/** Sessions, open banking, requests and settings in the console, in Chromium: with statements, a bank and payments in it. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import {
  buildPages,
  fitsWidth,
  isAccessible,
  openBrowser,
  visit,
  withoutBrowser,
  type Visitor,
} from "./browser.ts";
import { fillPages, type Pages } from "./console-pages-setup.ts";
import { PASSWORD } from "./console-people.ts";
import { makeFirstOwner } from "./console-web-setup.ts";
import { connectTo } from "./main-path-setup.ts";

/** Of a first load, compressed: scripts, styles and the page. */
const BUDGET = 350_000;

describe("the console's pages in a browser", { skip: withoutBrowser() }, () => {
  let browser: Browser;
  let pages: Pages;
  let owner: Visitor;
  let page: Page;
  /** The path of the statement that is proven. */
  let statement = "";

  before(async () => {
    buildPages("console");
    browser = await openBrowser();
    pages = await fillPages();
    owner = await visit(browser, pages.firstLink, { reducedMotion: "reduce", acceptDownloads: true });
    page = owner.page;
    await makeFirstOwner(page);
  });
  after(async () => {
    await browser.close();
    // Absent where it could not be filled: it is stopped then.
    await (pages as Pages | undefined)?.world.stop();
  });

  const url = (path: string) => `${pages.world.server.url}/console/sandbox/${path}`;
  const heading = (name: string | RegExp, on = page) => on.getByRole("heading", { level: 1, name }).waitFor();
  const tab = (name: string | RegExp) => page.getByRole("tab", { name }).click();

  test("a session is found by its link_id, and opened with its coverage", async () => {
    await page.goto(url("sessions"));
    await page.getByRole("link", { name: /contradicts itself/ }).waitFor();
    await page.getByLabel("Find").fill("customer-0042");
    await page.waitForURL(/search=customer-0042/);
    await page.getByRole("link", { name: /contradicts itself/ }).waitFor({ state: "detached" });
    await page.getByRole("link", { name: "customer-0042" }).click();
    await heading("customer-0042");
    await page.getByRole("img", { name: "Feb 2024: 29 of 29 days covered" }).waitFor();
    await page.getByRole("img", { name: "Fraud checks: completed" }).waitFor();
  });

  test("its figures are charts with words for those who see none", async () => {
    await tab("Figures");
    const balance = page.getByRole("img", { name: /^Balance from .* on 1 Jan 2024 to / });
    await balance.locator("svg path").first().waitFor();
    await page
      .getByRole("img", { name: /^Jan 2024: .* in, .* out/ })
      .locator("svg path")
      .first()
      .waitFor();
    await isAccessible(page, "figures");
    await tab("Income and recurring");
    await page.getByRole("region", { name: "Salary" }).getByText("QUARTZ MILLS PVT LTD").first().waitFor();
  });

  test("its transactions are narrowed by words", async () => {
    await tab("Transactions");
    await page.getByText("84 of 84 shown").waitFor();
    await page.getByLabel("Find").fill("tiffins");
    await page.getByText(/^\d of \d shown$/).waitFor();
    await isAccessible(page, "transactions");
  });

  test("a statement is proven row by row, shown on its pages, and downloaded with an audit row", async () => {
    await tab("Overview");
    await page.getByRole("link", { name: "statement.pdf" }).click();
    await heading("statement.pdf");
    statement = new URL(page.url()).pathname.replace("/console/sandbox/", "");
    await page.getByText("Proven", { exact: true }).waitFor();
    await page.getByText("page 1, line 11").waitFor();
    await tab("On the page");
    const frame = page.frameLocator("iframe");
    await frame.getByText("proven: the arithmetic closes over every row").waitFor();
    const picture = frame.locator("img").first();
    assert.ok(await picture.evaluate((image) => Number(Reflect.get(image, "naturalWidth")) > 0));
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "File" }).click(),
    ]);
    assert.equal(file.suggestedFilename(), "statement.pdf");
    const given = await readFile(new URL("../examples/statement.pdf", import.meta.url));
    assert.ok(given.equals(await readFile(await file.path())));
    const client = await connectTo(pages.world.server);
    const { rows } = await client.query(
      "select actor from audit where action = 'files.read' and target = $1",
      [`session:${pages.processed}`],
    );
    await client.end();
    assert.equal(rows.length, 2, "its pages, and its file");
    assert.ok(rows.every(({ actor }) => String(actor).startsWith("user:")));
  });

  test("a statement that contradicts itself says where, and leads there; fraud shows the same", async () => {
    await page.goto(url(`sessions/${pages.broken}`));
    await page.getByText("Does not add up").waitFor();
    await tab(/^Fraud \(\d+\)/);
    await page.getByRole("button", { name: /Inconsistent transaction/ }).click();
    await page.getByText("Expected: 69285.58").waitFor();
    await isAccessible(page, "fraud");
    await tab("Overview");
    await page.getByRole("link", { name: /^hdfc-balance/ }).click();
    await page.getByText("the balance should be ₹69,285.58, the document prints ₹69,286.58").waitFor();
    await page.getByRole("button", { name: "Row 32" }).click();
    await page.locator("#row-32:focus.bb-broken").waitFor();
  });

  test("an owner deletes a session after a question", async () => {
    const { client } = pages.world.server;
    const { session_id: id } = await client.createSession({ link_id: "customer-doomed" });
    await page.goto(url(`sessions/${id}`));
    await page.getByText("Nothing has been uploaded yet").waitFor();
    await page.getByRole("button", { name: "More actions" }).click();
    await page.getByRole("menuitem", { name: "Delete session…" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete session" }).click();
    await heading("Sessions and entities");
    await page.getByRole("link", { name: "customer-0042" }).waitFor();
    assert.equal(await page.getByRole("link", { name: "customer-doomed" }).count(), 0);
    await assert.rejects(client.progress(id), { status: 410 });
  });

  test("a consent has its time line and its accounts; an account its transactions, page by page", async () => {
    await page.goto(url("open-banking/consents"));
    await page.getByRole("link", { name: pages.consent }).click();
    await heading("Consent");
    await page.getByRole("link", { name: "consent.authorized" }).waitFor();
    await page.getByRole("link", { name: "Everyday" }).click();
    await heading("Everyday");
    const rows = page.getByRole("region", { name: "Transactions" }).locator("tbody tr");
    await rows.nth(49).waitFor();
    assert.equal(await rows.count(), 50);
    await page.getByRole("button", { name: "Show more" }).click();
    await rows.nth(60).waitFor();
  });

  test("with the keyboard alone: a payment is opened from the list and canceled", async () => {
    await page.goto(url("open-banking/payments"));
    await page.getByRole("link", { name: "Ann Example" }).waitFor();
    await reach(page, "Ann Example");
    await page.keyboard.press("Enter");
    await heading("£12.34");
    await page.getByText("INVOICE 17").waitFor();
    await page.getByRole("link", { name: "payment.created" }).waitFor();
    await reach(page, "Cancel payment");
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog");
    await dialog.waitFor();
    await dialog.getByRole("button", { name: "Cancel payment" }).press("Enter");
    await page.getByText("Canceled", { exact: true }).waitFor();
  });

  test("a failed call is among the requests, and what fits is shown alone", async () => {
    await page.goto(url("developers/requests"));
    await page.getByText("INVALID_SESSION_EXPIRY").waitFor();
    await page.getByRole("combobox", { name: "Status" }).click();
    await page.getByRole("option", { name: "4xx" }).click();
    await page.waitForURL(/status=4xx/);
    await page.getByText("200", { exact: true }).first().waitFor({ state: "detached" });
    const failed = page.getByRole("row", { name: /INVALID_SESSION_EXPIRY/ });
    await failed.getByText("First key").waitFor();
    await failed.getByRole("button", { name: /^Copy the request id/ }).waitFor();
    await page.getByLabel("Find").fill("nothing-like-it");
    await page.getByText("Nothing fits these filters").waitFor();
  });

  test("the API reference stands in the console, and in nobody else's frame", async () => {
    await page.getByRole("link", { name: "API reference" }).click();
    const frame = page.frameLocator('iframe[title="API reference"]');
    await frame.getByText("/bank-connect/v1/session/").first().waitFor();
    const { headers } = await fetch(`${pages.world.server.url}/docs`);
    assert.match(headers.get("content-security-policy") ?? "", /frame-ancestors 'self'/);
  });

  test("the app and its reminders are saved and read back", async () => {
    await page.goto(url("settings/open-banking"));
    await page.getByText(/^acc_/).waitFor();
    await page.getByText("This server sends no mail").waitFor();
    await page.getByLabel("App name").fill("Northwind Loans");
    await page.getByLabel("Support link").fill("ftp://help");
    await page.getByLabel("Life of a consent (days)").fill("90");
    const save = page.getByRole("button", { name: "Save settings" });
    await save.click();
    await page.getByText("An address that begins with https:// or mailto:.").waitFor();
    await page.getByLabel("Support link").fill("mailto:help@lender.example");
    await page.getByRole("combobox", { name: "Reminders (days before the end)" }).fill("30");
    await page.keyboard.press("Enter");
    await save.click();
    await page.getByText("The settings have been saved.").waitFor();
    await page.reload();
    await page.getByText("30", { exact: true }).waitFor();
    assert.equal(await page.getByLabel("App name").inputValue(), "Northwind Loans");
    assert.equal(await page.getByLabel("Life of a consent (days)").inputValue(), "90");
  });

  test("the journey's looks are seen before they are saved", async () => {
    await page.goto(url("settings/journey"));
    await page.getByRole("textbox", { name: "Name" }).fill("Kite Credit");
    await page.getByRole("textbox", { name: "Colour" }).fill("#fde047");
    await page.getByRole("img", { name: "The journey of Kite Credit in #fde047" }).waitFor();
    await page.getByRole("combobox", { name: "Allowed origins" }).fill("https://app.lender.example");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Save settings" }).click();
    await page.getByText("The settings have been saved.").waitFor();
    await page.reload();
    await page.getByText("https://app.lender.example").waitFor();
    assert.equal(await page.getByRole("textbox", { name: "Colour" }).inputValue(), "#fde047");
  });

  test("a viewer sees a consent and revokes nothing; a developer revokes it", async () => {
    for (const role of ["Viewer", "Developer"]) {
      const invited = await invite(role);
      await invited.page.goto(url(`open-banking/consents/${pages.consent}`));
      await invited.page.getByText("Authorized", { exact: true }).first().waitFor();
      await invited.page.getByRole("link", { name: "Everyday" }).waitFor();
      const revoke = invited.page.getByRole("button", { name: "Revoke", exact: true });
      if (role === "Viewer") {
        assert.equal(await revoke.count(), 0);
        await invited.page.goto(url("settings/journey"));
        await invited.page.getByText("Your role does not allow this").waitFor();
      } else {
        await revoke.click();
        await invited.page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
        await invited.page.getByText("Canceled", { exact: true }).waitFor();
      }
      await invited.close();
    }
  });

  test("every page can be used by everybody, wide and narrow, light and dark", async () => {
    const shown: [path: string, text: string | RegExp][] = [
      ["sessions", "customer-0042"],
      [`sessions/${pages.processed}`, "HDFC Bank"],
      [statement, "page 1, line 11"],
      ["open-banking/customers", "Asha Sample"],
      [`open-banking/customers/${pages.customer}`, "Everyday"],
      ["open-banking/consents", pages.consent],
      [`open-banking/consents/${pages.consent}`, "consent.authorized"],
      [`open-banking/accounts/${pages.account}`, "Holder"],
      ["open-banking/payments", "Ann Example"],
      [`open-banking/payments/${pages.payment}`, "payment.created"],
      ["open-banking/banks", "Healthy"],
      ["developers/requests", "INVALID_SESSION_EXPIRY"],
      ["settings/open-banking", "App id"],
      ["settings/journey", "Preview"],
    ];
    for (const [path, text] of shown) {
      await page.setViewportSize({ width: 1440, height: 900 });
      await page.goto(url(path));
      await page.getByRole("main").getByText(text).first().waitFor();
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        await isAccessible(page, `${path} in ${colorScheme}`);
      }
      await page.setViewportSize({ width: 390, height: 844 });
      await page.locator(".mantine-AppShell-navbar").waitFor({ state: "hidden" });
      await fitsWidth(page, path);
    }
    assert.deepEqual(owner.faults, []);
  });

  test("a session keeps the budget of a first load: charts come with the first figures", async () => {
    await page.goto(url(`sessions/${pages.processed}`));
    await page.getByText("HDFC Bank").first().waitFor();
    const scripts = () =>
      page.evaluate<string[]>("performance.getEntriesByType('resource').map(({ name }) => name)");
    const isChart = (name: string) => /\/charts-[^/]+\.js$/.test(name);
    assert.equal((await scripts()).some(isChart), false);
    const bytes = await page.evaluate<number>(
      "performance.getEntries().filter(({ name }) => !name.includes('/api/')).reduce((sum, { encodedBodySize = 0 }) => sum + encodedBodySize, 0)",
    );
    assert.ok(bytes > 50_000 && bytes <= BUDGET, `${bytes} bytes`);
    await tab("Figures");
    await page.getByRole("img", { name: /^Balance from/ }).waitFor();
    assert.ok((await scripts()).some(isChart));
  });

  async function invite(role: string): Promise<Visitor> {
    await page.goto(url("settings/team"));
    await page.getByRole("button", { name: "Invite" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("E-mail address").fill(`${role.toLowerCase()}@lender.example`);
    await dialog.getByLabel(role).check();
    await dialog.getByRole("button", { name: "Invite" }).click();
    const link = (await dialog.getByText(/\/console\/invitation\//).textContent()) ?? "";
    const invited = await visit(browser, link, { reducedMotion: "reduce" });
    await invited.page.getByLabel("Your name").fill(`A ${role}`);
    await invited.page.locator("input[type=password]").fill(PASSWORD);
    await invited.page.getByRole("button", { name: "Join" }).click();
    await heading("Webhooks", invited.page);
    return invited;
  }
});

/** Tab until what begins with this name has the focus. */
async function reach(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 80; presses++) {
    const focused = await page.evaluate<string>("document.activeElement?.textContent ?? ''");
    if (focused.startsWith(name)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`The keyboard does not reach ${name}.`);
}
