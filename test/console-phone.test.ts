/** The console on a phone: lists are cards there, and nothing is reached by scrolling sideways. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { fitsWidth, isAccessible, withoutBrowser, type Visitor } from "./browser.ts";
import { makeFirstOwner, openStage, startSink, type Sink, type Stage } from "./console-web-setup.ts";

const PHONE = { width: 390, height: 844 };

describe("the console on a phone", { skip: withoutBrowser() }, () => {
  let stage: Stage;
  let sink: Sink;
  let owner: Visitor;

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
    await stage.trigger("ENRICHMENT_NOTIFICATION");
  });
  after(async () => {
    await stage.close();
    await sink.close();
  });

  const go = (path: string) => owner.page.goto(`${stage.server.url}/console/sandbox/${path}`);

  test("a webhook, its form and the lists are for everybody, and on a phone nothing hides at the side", async () => {
    const { page } = owner;
    await go("webhooks");
    await page.getByRole("link", { name: /^http/ }).click();
    await page.getByRole("heading", { level: 1, name: /127\.0\.0\.1/ }).waitFor();
    const detail = new URL(page.url()).pathname.replace("/console/sandbox/", "");
    const paths = ["webhooks", "events", "deliveries", "settings/team", "settings/audit", "developers"];
    for (const path of [detail, `${detail}/edit`, ...paths]) {
      await page.setViewportSize({ width: 1440, height: 900 });
      await go(path);
      await page.getByRole("heading", { level: 1 }).waitFor();
      await page.locator(".mantine-Skeleton-root").first().waitFor({ state: "detached" });
      // The lists are looked at so where they are tried.
      const isWebhook = path.startsWith(detail);
      if (isWebhook) await isAccessible(page, `${path} in light`);
      await page.emulateMedia({ colorScheme: "dark" });
      if (isWebhook) await isAccessible(page, `${path} in dark`);
      await page.setViewportSize(PHONE);
      await page.locator(".mantine-AppShell-navbar").waitFor({ state: "hidden" });
      await fitsWidth(page, path);
      const hidden = await page.evaluate<number>(
        "Math.max(0, ...[...document.querySelectorAll('.bb-table-wrap')].map((box) => box.scrollWidth - box.clientWidth))",
      );
      assert.equal(hidden, 0, `${path} hides ${hidden} px at the side`);
      await isAccessible(page, `${path} on a phone`);
      await page.emulateMedia({ colorScheme: "light" });
    }
    assert.deepEqual(owner.faults, []);
  });
});
