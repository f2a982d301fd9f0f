/** Live lists in a browser: told by the stream of news; without it they ask. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { withoutBrowser, type Visitor } from "./browser.ts";
import { makeFirstOwner, openStage, startSink, type Sink, type Stage } from "./console-web-setup.ts";
import { until } from "./main-path-setup.ts";

const STREAM = "**/console/api/news";

describe("live lists in a browser", { skip: withoutBrowser() }, () => {
  let stage: Stage;
  let sink: Sink;
  let owner: Visitor;
  let asked: string[];

  before(async () => {
    [stage, sink] = await Promise.all([openStage(), startSink()]);
    owner = await stage.open(stage.firstLink, { reducedMotion: "reduce" });
    await makeFirstOwner(owner.page);
    const headers = { "x-bankbell-console": "1", "x-bankbell-environment": "sandbox" };
    const data = { url: sink.url, format: "session", description: "Loan desk" };
    const made = await owner.page
      .context()
      .request.post(`${stage.server.url}/console/api/endpoints`, { headers, data });
    assert.equal(made.status(), 201, await made.text());
    asked = [];
    owner.page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  });
  after(async () => {
    await stage.close();
    await sink.close();
  });

  const go = (path: string) => owner.page.goto(`${stage.server.url}/console/sandbox/${path}`);
  const count = (path: string) => asked.filter((one) => one === `/console/api/${path}`).length;

  test("a new event and its delivery appear by the stream", async () => {
    const { page } = owner;
    const opened = page.waitForResponse(STREAM);
    await go("deliveries");
    assert.equal((await opened).status(), 200);
    await page.getByText("No deliveries yet").waitFor();
    const delivered = page.getByRole("row", { name: /Delivered/ });
    for (const index of [0, 1]) {
      await stage.trigger("ENRICHMENT_NOTIFICATION");
      await delivered.nth(index).waitFor();
    }
    await go("events");
    const rows = page.getByRole("link", { name: "ENRICHMENT_NOTIFICATION" });
    await rows.nth(1).waitFor();
    await stage.trigger("ENRICHMENT_NOTIFICATION");
    await rows.nth(2).waitFor();
  });

  test("without the stream the list asks for itself", async () => {
    const { page } = owner;
    await page.route(STREAM, (route) => route.abort());
    await go("events");
    await page.getByRole("link", { name: "ENRICHMENT_NOTIFICATION" }).first().waitFor();
    const rows = page.getByRole("link", { name: "ENRICHMENT_NOTIFICATION" });
    const known = await rows.count();
    const before = count("events");
    await stage.trigger("ENRICHMENT_NOTIFICATION");
    await rows.nth(known).waitFor();
    assert.ok(count("events") > before);
    await page.unroute(STREAM);
  });

  test("while nothing happens, nothing is asked for", async () => {
    const { page, close } = await stage.open("/sandbox/events", {
      storageState: await owner.page.context().storageState(),
    });
    const lists: string[] = [];
    page.on("request", (request) => {
      if (new URL(request.url()).pathname === "/console/api/events") lists.push(request.url());
    });
    await page.clock.install();
    const opened = page.waitForResponse(STREAM);
    await page.reload();
    await opened;
    await page.getByRole("link", { name: "ENRICHMENT_NOTIFICATION" }).first().waitFor();
    // The look that follows the stream's beginning.
    await page.clock.runFor(1000);
    await until("the second look", () => lists.length >= 2 || undefined);
    const before = lists.length;
    await page.clock.runFor(30_000);
    assert.equal(lists.length, before, "half a minute without a question");
    await close();
  });
});
