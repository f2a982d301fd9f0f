/** The journey inside other pages: the frame and its messages, the embed script, a WebView, who may frame it. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { isAccessible, openBrowser, visit, withoutBrowser } from "./browser.ts";
import { dress, idIn, openJourneys, PASSWORD, statementOf, type Journeys } from "./journey-setup.ts";

interface Told {
  name: string;
  payload: unknown;
}

describe("the journey in other pages", { skip: withoutBrowser() }, () => {
  let journeys: Journeys;
  let browser: Browser;
  let lender: Lender;
  before(async () => {
    [journeys, browser, lender] = await Promise.all([openJourneys(), openBrowser(), openLender()]);
    await dress(journeys.http, { origins: [lender.origin], name: "Northwind Loans", color: "#0b7a4b" });
  });
  after(async () => {
    await browser.close();
    await journeys.close();
    await lender.close();
  });

  const toldTo = (page: Page) => page.evaluate<Told[]>("window.told");
  const whenTold = (page: Page, name: string) =>
    page.waitForFunction(`window.told.some((one) => one.name === ${JSON.stringify(name)})`);

  test("the embed script opens it, hears every event, and gives the focus back", async () => {
    const link = await journeys.newLink();
    lender.show(embedding(journeys.http.url, link));
    const { page, faults, close } = await visit(browser, lender.origin);
    await page.getByRole("button", { name: "Share statements" }).click();
    const frame = page.frameLocator("dialog[open] iframe");
    await frame.getByText("Northwind Loans", { exact: true }).waitFor();
    await isAccessible(page, "the page around the frame");
    await frame.getByRole("button", { name: "Kotak Mahindra Bank" }).click();
    const files = frame.getByLabel("Choose files");
    await files.setInputFiles([await statementOf("january", PASSWORD)]);
    await whenTold(page, "onError");
    await frame.getByLabel("Password of january.pdf").fill(PASSWORD);
    await frame.getByRole("button", { name: "Open" }).click();
    await frame.getByText("February 2024 and March 2024 are missing.").waitFor();
    await frame.getByRole("button", { name: "Continue" }).click();
    await frame.getByRole("button", { name: "Share with Northwind Loans" }).click();
    await whenTold(page, "onSuccess");
    const linkId = "customer-0042";
    assert.deepEqual(await toldTo(page), [
      { name: "onInfo", payload: { linkId, event_name: "bank_selected", message: "Kotak Mahindra Bank" } },
      { name: "onError", payload: { linkId, reason: "Password Incorrect", error_type: "MU003" } },
      { name: "onSuccess", payload: { linkId, sessionId: idIn(link) } },
    ]);
    assert.equal(await page.locator("dialog").count(), 0);
    assert.equal(await page.locator("button:focus").count(), 1);
    assert.deepEqual(faults, []);
    await close();
  });

  test("Escape inside the frame asks first; leaving is an exit", async () => {
    lender.show(embedding(journeys.http.url, await journeys.newLink()));
    const { page, close } = await visit(browser, lender.origin);
    await page.getByRole("button", { name: "Share statements" }).click();
    const frame = page.frameLocator("dialog[open] iframe");
    await frame.getByRole("searchbox").press("Escape");
    await frame.getByRole("heading", { name: "Leave without sharing?" }).waitFor();
    await frame.getByRole("button", { name: "Stay" }).click();
    assert.deepEqual(await toldTo(page), []);
    await frame.getByRole("button", { name: "Leave" }).click();
    await frame.getByRole("dialog").getByRole("button", { name: "Leave" }).click();
    await whenTold(page, "onExit");
    assert.deepEqual(await toldTo(page), [
      { name: "onExit", payload: { linkId: "customer-0042", message: "The customer left the journey" } },
    ]);
    await close();
  });

  test("for a bank's own pages the frame opens a window, and follows what comes of it", async () => {
    const { intake, database } = journeys.http;
    const { reach } = intake;
    intake.reach = { ...reach, banks: () => [{ bank: "hdfc", name: "HDFC Bank", provider: "stage" }] };
    const link = await journeys.newLink({ bank_name: "hdfc", mode: "online" });
    lender.show(embedding(journeys.http.url, link));
    const { page, close } = await visit(browser, lender.origin);
    await page.getByRole("button", { name: "Share statements" }).click();
    const frame = page.frameLocator("dialog[open] iframe");
    const opened = page.context().waitForEvent("page");
    await frame.getByRole("button", { name: "Go to HDFC Bank" }).click();
    await frame.getByText("Go on in the window that has opened.").waitFor();
    const other = await opened;
    await other.getByRole("button", { name: "Go to HDFC Bank" }).waitFor();
    assert.equal(new URL(other.url()).searchParams.get("session_id"), idIn(link));
    await database.pool.query(
      `insert into net_banking_visits
         (env_id, public_id, session_id, bank_name, provider, status, bank_consent_id, created_at, updated_at)
       select env_id, public_id, id, 'hdfc', 'stage', 'completed', public_id::text, created_at, created_at
       from sessions where public_id = $1`,
      [idIn(link)],
    );
    await frame.getByText("Your transactions from HDFC Bank are here.").waitFor();
    intake.reach = reach;
    await close();
  });

  test("only origins that the environment names may frame it", async () => {
    const link = await journeys.newLink();
    const policy = async (url: string) =>
      (await fetch(url)).headers.get("content-security-policy")?.match(/frame-ancestors [^;]*/)?.[0];
    assert.equal(await policy(link), `frame-ancestors 'self' ${lender.origin}`);
    assert.equal(await policy(`${journeys.http.url}/connect/`), "frame-ancestors 'self'");

    const stranger = await openLender();
    stranger.show(`<!doctype html><title>Stranger</title><iframe src="${link}"></iframe>`);
    const { page, close } = await visit(browser, stranger.origin);
    const refused = page.waitForEvent("console", (message) => /frame-ancestors/.test(message.text()));
    await page.reload();
    await refused;
    assert.equal(await page.frameLocator("iframe").getByText("Northwind Loans").count(), 0);
    await close();
    await stranger.close();
  });

  test("an Android WebView is called with the bare payload, as JSON", async () => {
    const link = await journeys.newLink({ bank_name: "kotak" });
    const { page, close } = await visit(browser, "about:blank");
    await page.addInitScript(`
      window.told = [];
      const method = (name) => (text) => window.told.push({ name, payload: JSON.parse(text) });
      window.BankConnectAndroid = { onResult: method("onResult"), onExit: method("onExit") };`);
    await page.goto(link);
    await page.getByRole("button", { name: "Leave" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Leave" }).click();
    await page.getByRole("heading", { name: "You have left" }).waitFor();
    const payload = { linkId: "customer-0042", message: "The customer left the journey" };
    assert.deepEqual(await toldTo(page), [
      { name: "onResult", payload },
      { name: "onExit", payload },
    ]);
    await close();
  });
});

interface Lender {
  /** Another origin than the server's. */
  origin: string;
  show: (html: string) => void;
  close: () => Promise<void>;
}

async function openLender(): Promise<Lender> {
  let html = "";
  const server: Server = createServer((_request, response) => {
    response.setHeader("content-type", "text/html; charset=utf-8");
    response.end(html);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    show: (text) => void (html = text),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

const embedding = (server: string, link: string): string => `<!doctype html>
<html lang="en"><head><title>Northwind Loans</title></head><body><main><h1>Your loan</h1>
<button type="button">Share statements</button></main>
<script src="${server}/connect/embed.js"></script>
<script>
  window.told = [];
  const hear = (name) => (payload) => window.told.push({ name, payload });
  document.querySelector("button").addEventListener("click", () => Bankbell.open({
    url: ${JSON.stringify(link)},
    onSuccess: hear("onSuccess"), onExit: hear("onExit"), onError: hear("onError"), onInfo: hear("onInfo"),
  }));
</script></body></html>`;
