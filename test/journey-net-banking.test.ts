/** Net banking in the journey: the whole program with its sandbox bank, a wrong password there, then the right one. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { PASSWORD } from "../orion/data/users.ts";
import { startChildServer, type ChildServer } from "../src/child-server.ts";
import { buildPages, openBrowser, visit, withoutBrowser } from "./browser.ts";

describe("net banking in the journey", { skip: withoutBrowser() }, () => {
  let server: ChildServer;
  let browser: Browser;
  let log = "";
  before(async () => {
    buildPages("connect");
    [server, browser] = await Promise.all([
      startChildServer({ env: { BANKBELL_ORION: "on" }, onLog: (text) => (log += text) }),
      openBrowser(),
    ]);
  });
  after(async () => {
    await browser.close();
    await server.stop();
  });

  const newSession = async () => {
    const today = Temporal.Now.plainDateISO("UTC");
    const dmy = (date: Temporal.PlainDate) => date.toLocaleString("en-GB");
    return server.client.createSession({
      link_id: "customer-0042",
      from_date: dmy(today.subtract({ months: 3 })),
      to_date: dmy(today),
      redirect_url: `${server.url}/docs`,
    });
  };
  const toOrion = async (page: Page) => {
    await page.getByRole("searchbox").fill("orion");
    await page.getByRole("button", { name: "Orion" }).click();
    await page.getByRole("button", { name: /^Connect by net banking/ }).click();
    await page.getByRole("button", { name: "Go to Orion" }).click();
    await page.getByLabel("User name").waitFor();
  };

  test("a wrong password, the right one, and the transactions are there", async () => {
    const session = await newSession();
    const { page, faults, close } = await visit(browser, session.redirect_url);
    await toOrion(page);
    await page.getByLabel("User name").fill("anna");
    await page.getByLabel("Password").fill("wrong");
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByRole("alert").waitFor();
    await page.getByLabel("User name").fill("anna");
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByRole("button", { name: "Share these accounts" }).click();
    // Three whole months came: the session is complete, and the customer back where they began.
    await page.waitForURL(/success=true/);
    assert.equal(new URL(page.url()).searchParams.get("session_id"), session.session_id);
    const status = await server.client.uploadStatus(session.session_id);
    assert.equal(status.upload_status, "COMPLETED");
    assert.match(JSON.stringify(status), /"source":"online"/);
    assert.deepEqual(faults, []);
    assert.equal(/customer-0042|anna/.test(log), false);
    await close();
  });

  test("who cancels at the bank may try again or upload", async () => {
    const session = await newSession();
    const { page, close } = await visit(browser, session.redirect_url);
    await toOrion(page);
    await page.getByLabel("User name").fill("anna");
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByRole("button", { name: "Cancel and go back" }).click();
    await page.getByText("The connection did not come about").waitFor();
    await page.getByRole("button", { name: "Upload statements" }).click();
    await page.getByRole("heading", { name: "Add your statements" }).waitFor();
    await close();
  });
});
