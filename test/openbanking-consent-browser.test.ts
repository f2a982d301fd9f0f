/** The hosted consent page in a real browser: from the page to the bank and back, on a desk and on a small telephone. */
import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, test } from "node:test";
import type { Browser } from "playwright-core";
import { isAccessible, openBrowser, visit, withoutBrowser } from "./browser.ts";
import type { Connect } from "../src/connect/context.ts";
import { openConsents, pageOf, type ConsentBench } from "./openbanking-consents-setup.ts";
import { bodyOf } from "./openbanking-setup.ts";

const SHOTS = process.env["SCREENSHOTS"];

/** Of an element: whether its middle is seen, and its letters have a size. Runs in the page, so it is text. */
const IS_ON_TOP = `(part) => {
  const { left, top, width, height } = part.getBoundingClientRect();
  const found = document.elementFromPoint(left + Math.min(width, 40) / 2, top + height / 2);
  return width > 100 && height > 12 && parseFloat(getComputedStyle(part).fontSize) >= 12 && part.contains(found);
}`;

describe("in a browser", { skip: withoutBrowser() }, () => {
  let browser: Browser;
  let bench: ConsentBench;
  let site: Site;
  before(async () => {
    browser = await openBrowser();
    site = await openSite();
    const connect: Partial<Connect> = {};
    bench = await openConsents({ connect });
    // The port is known only now: addresses that leave the server must lead back to it.
    bench.http.connect.publicUrl = bench.http.url;
    site.bench = bench;
    const { provider } = bench.bank;
    const authorizationUrl = provider.authorizationUrl.bind(provider);
    Object.assign(provider, {
      name: "Orion Bank",
      authorizationUrl: async (trip: Parameters<typeof authorizationUrl>[0]) => {
        const outcome = await authorizationUrl(trip);
        if (!outcome.ok) return outcome;
        const url = new URL("/bank", site.url);
        url.search = outcome.value.search;
        return { ok: true, value: url };
      },
    });
  });
  after(async () => {
    await browser?.close();
    await bench?.close();
    await site?.close();
  });

  const consent = async (fields: Record<string, string> = {}) =>
    bodyOf(
      await bench.ask("/consents", {
        form: { customer: await bench.customer(), return_url: `${site.url}/back?state=1`, ...fields },
      }),
    );
  const open = (made: Record<string, unknown>, options = {}) =>
    visit(browser, new URL(pageOf(made), bench.http.url).href, options);

  for (const [width, height, colorScheme] of [
    [1440, 900, "light"],
    [390, 844, "dark"],
    [360, 740, "light"],
  ] as const) {
    test(`choose a bank, see what is asked, go there, come back (${width} px, ${colorScheme})`, async () => {
      const made = await consent({ retro_date: "2023-04-25" });
      const { page, faults, close } = await open(made, { viewport: { width, height }, colorScheme });
      const shot = (name: string) =>
        SHOTS ? page.screenshot({ path: `${SHOTS}/${name}-${width}.png`, fullPage: true }) : undefined;
      const fits = async () => {
        const wide = await page.evaluate("document.documentElement.scrollWidth");
        assert.ok(Number(wide) <= width, `${page.url()} is ${String(wide)} px wide`);
      };
      await shot("bank");
      await fits();
      await isAccessible(page, "the choice of a bank");
      await page.getByRole("searchbox").fill("orion");
      await page.getByRole("button", { name: "Search" }).click();
      await page.getByRole("link", { name: "Orion Bank" }).click();
      assert.match(await page.locator("h1").innerText(), /is requesting permission/);
      await shot("permission");
      await fits();
      await isAccessible(page, "the permissions");
      await page.getByRole("button", { name: "Next" }).click();
      await page.waitForURL(/\/bank\?/);
      await page.getByRole("link", { name: "Yes" }).click();
      await page.waitForURL(/\/back\?/);
      assert.match(page.url(), new RegExp(`/back\\?state=1&fx_consent=${String(made["id"])}&`));
      assert.deepEqual(faults, []);
      await close();
      assert.equal((await bench.read(made["id"]))["status"], "authorized");
    });
  }

  test("back, forward and reload after the end show the end", async () => {
    const made = await consent({ provider: "orion", return_url: "" });
    const { page, faults, close } = await open(made);
    await page.getByRole("button", { name: "Next" }).click();
    await page.waitForURL(/\/bank\?/);
    await page.getByRole("link", { name: "Yes" }).click();
    await page.getByRole("heading", { name: "You are connected" }).waitFor();
    if (SHOTS) await page.screenshot({ path: `${SHOTS}/connected.png` });
    await isAccessible(page, "the end");
    await page.reload();
    await page.getByRole("heading", { name: "You are connected" }).waitFor();
    await page.goBack();
    await page.goto(new URL(pageOf(made), bench.http.url).href);
    await page.getByRole("heading", { name: "You are connected" }).waitFor();
    assert.deepEqual(faults, []);
    await close();
  });

  test("cancel, and a refusal at the bank, lead back with error=access_denied", async () => {
    const cancelled = await consent({ provider: "orion" });
    const first = await open(cancelled);
    await first.page.getByRole("button", { name: "Cancel" }).click();
    await first.page.waitForURL(/\/back\?/);
    assert.match(first.page.url(), /&error=access_denied&/);
    assert.deepEqual(first.faults, []);
    await first.close();

    const refused = await consent({ provider: "orion" });
    const second = await open(refused);
    await second.page.getByRole("button", { name: "Next" }).click();
    await second.page.waitForURL(/\/bank\?/);
    await second.page.getByRole("link", { name: "No" }).click();
    await second.page.waitForURL(/\/back\?/);
    assert.match(second.page.url(), /&error=access_denied&/);
    await second.close();
    for (const made of [cancelled, refused]) assert.equal((await bench.read(made["id"]))["status"], "failed");
  });

  for (const way of ["fragment", "form"] as const) {
    test(`a bank that answers by ${way}`, async () => {
      const made = await consent({ provider: "orion" });
      const { page, faults, close } = await open(made);
      await page.getByRole("button", { name: "Next" }).click();
      await page.waitForURL(/\/bank\?/);
      await page.goto(page.url().replace("/bank?", `/bank-${way}?`));
      if (way === "form") await page.getByRole("button").click();
      await page.waitForURL(/\/back\?/);
      assert.match(page.url(), /fx_consent=/);
      assert.deepEqual(faults, []);
      await close();
      assert.equal((await bench.read(made["id"]))["status"], "authorized");
    });
  }

  test("a template's sheet cannot hide what is asked and who is responsible", async () => {
    const [app] = bodyOf(await bench.ask("/apps"))["data"] as { id: string }[];
    const hides = [
      "h1, .permissions, .regulated, form { display: none !important; opacity: 0 }",
      "html { font-size: 0; zoom: 0.01 } .permissions li * { font-size: 0 !important; text-indent: -999px }",
      "main, footer, .consent-left-bar, .block-content { display: none; height: 0; overflow: hidden }",
      ".permissions h2, .permissions p, .regulated p { display: none; visibility: hidden; max-width: 0 }",
      "body::before { content: ''; position: fixed; inset: 0; background: #fff; z-index: 9 }",
      ".consent-left-bar { position: absolute; left: -9999px; translate: -9999px } .two { grid-template-columns: 0 1fr }",
      ".consent-right-bar { position: fixed; inset: 0; z-index: 9; background: #fff } .extra { position: fixed; inset: 0 }",
    ];
    const made = await consent({ provider: "orion" });
    for (const hide of hides) {
      const css = `${hide} .consent-content { border: 4px solid #1b7f4d }`;
      const form = { name: "Sly", css, header_html: "<p>Hello</p>" };
      const template = bodyOf(await bench.ask(`/apps/${app?.id}/templates`, { form }));
      const url = new URL(`${pageOf(made)}?template=${String(template["id"])}`, bench.http.url).href;
      const { page, faults, close } = await visit(browser, url);
      for (const part of ["h1", ".permissions li:last-child p", ".period dd", ".regulated p"]) {
        const found = page.locator(part).first();
        await found.scrollIntoViewIfNeeded();
        assert.equal(await found.isVisible(), true, `${part}: ${hide}`);
        // Big enough to read, inside of the window, and on top.
        const shown = await page.evaluate(`(${IS_ON_TOP})(document.querySelector("${part}"))`);
        assert.equal(shown, true, `${part}: ${hide}`);
      }
      assert.equal(await page.getByRole("button", { name: "Cancel" }).isVisible(), true);
      assert.equal(
        await page.evaluate("getComputedStyle(document.querySelector('.consent-content')).borderTopWidth"),
        "4px",
      );
      assert.deepEqual(faults, []);
      await close();
    }
  });

  test("pages that stop are readable, too", async () => {
    const { page, close } = await visit(browser, new URL("/c/nobody", bench.http.url).href);
    if (SHOTS) await page.screenshot({ path: `${SHOTS}/unknown.png` });
    await isAccessible(page, "an unknown page");
    await close();
  });
});

interface Site {
  url: string;
  bench: ConsentBench | null;
  close(): Promise<void>;
}

/** On another host name than the server, so that cookies cross sites as they do in the world: the bank, and the client's own page. */
async function openSite(): Promise<Site> {
  const server: Server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://bank.test");
    const { bench } = site;
    const html = (body: string) =>
      response.setHeader("content-type", "text/html").end(`<!doctype html><title>x</title>${body}`);
    if (!bench || !url.pathname.startsWith("/bank")) return html("<p>Back</p>");
    const callback = `${bench.http.url}/callback/orion`;
    const answers = (answer: "allow" | "deny") => bench.bank.visit(url, answer);
    if (url.pathname === "/bank-fragment") {
      response.writeHead(302, {
        location: `${callback}#${new URLSearchParams(answers("allow")).toString()}`,
      });
      return response.end();
    }
    if (url.pathname === "/bank-form") {
      const inputs = Object.entries(answers("allow")).map(
        ([k, v]) => `<input type=hidden name="${k}" value="${v}">`,
      );
      return html(`<form method=post action="${callback}">${inputs.join("")}<button>Go</button></form>`);
    }
    const link = (answer: "allow" | "deny", words: string) =>
      `<a href="/bank-answer?${answer}&${url.searchParams.toString()}">${words}</a>`;
    if (url.pathname === "/bank-answer") {
      const answer = url.searchParams.has("allow") ? "allow" : "deny";
      response.writeHead(302, { location: `${callback}?${new URLSearchParams(answers(answer)).toString()}` });
      return response.end();
    }
    return html(`${link("allow", "Yes")} ${link("deny", "No")}`);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const site: Site = {
    url: `http://localhost:${port}`,
    bench: null,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return site;
}
