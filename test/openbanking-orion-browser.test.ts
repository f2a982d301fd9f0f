/** A consent through a real browser on the sandbox bank: the hosted page, Orion's own pages, and back. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { Browser } from "playwright-core";
import { ONE_TIME_CODE, PASSWORD } from "../orion/data/users.ts";
import { startOrion, type Orion } from "../orion/server.ts";
import { bankTasks } from "../src/connect/jobs.ts";
import { openProviders, type OpenProviders } from "../src/connect/providers/configured.ts";
import { sealKey } from "../src/platform/crypto.ts";
import { openBrowser, visit, withoutBrowser } from "./browser.ts";
import { pageOf } from "./openbanking-consents-setup.ts";
import { bodyOf, openOpenBanking, type OpenBanking } from "./openbanking-setup.ts";

describe("with Orion", { skip: withoutBrowser() }, () => {
  let browser: Browser;
  let orion: Orion;
  let bench: OpenBanking;
  let providers: OpenProviders;
  let client: Server;
  let clientUrl: string;
  let dataDir: string;
  // The bank's clock is the world's: assertions and tokens are dated by it.
  const clock = () => Temporal.Now.instant();

  before(async () => {
    browser = await openBrowser();
    dataDir = await mkdtemp(join(tmpdir(), "bankbell-orion-"));
    orion = await startOrion({ port: 0, host: "127.0.0.1", seed: "consents" });
    bench = await openOpenBanking({ clock, connect: { clock } });
    const { connect, url: publicUrl } = bench.http;
    connect.publicUrl = publicUrl;
    providers = await openProviders({
      file: null,
      orionUrl: orion.url,
      dataDir,
      master: sealKey(randomBytes(32)),
      publicUrl,
      clock,
      allowNetworks: ["127.0.0.0/8"],
    });
    connect.providers = providers;
    client = createServer((_, response) => response.end("back"));
    await new Promise<void>((resolve) => client.listen(0, "127.0.0.1", resolve));
    clientUrl = `http://localhost:${(client.address() as AddressInfo).port}`;
  });
  after(async () => {
    await browser?.close();
    client?.closeAllConnections();
    client?.close();
    await bench?.close();
    await providers?.close();
    await orion?.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  const consent = async () => {
    const customer = String(bodyOf(await bench.ask("/customers", { form: { name: "Asha Sample" } }))["id"]);
    return bodyOf(
      await bench.ask("/consents", { form: { customer, return_url: `${clientUrl}/back?state=1` } }),
    );
  };
  const read = async ({ id }: Record<string, unknown>) => bodyOf(await bench.ask(`/consents/${String(id)}`));

  async function toOrion(made: Record<string, unknown>, username: string) {
    const visitor = await visit(browser, new URL(pageOf(made), bench.http.url).href);
    const { page } = visitor;
    await page.getByRole("link", { name: "Orion" }).click();
    await page.getByRole("button", { name: "Next" }).click();
    await page.waitForURL(`${orion.url}/**`);
    await page.getByLabel("User name").fill(username);
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Continue" }).click();
    return visitor;
  }

  test("yes, with a one-time code: authorized, revocable, and the bank told", async () => {
    const made = await consent();
    const { page, faults, close } = await toOrion(made, "ben");
    await page.getByLabel("Code").fill(ONE_TIME_CODE);
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByRole("button", { name: "Share these accounts" }).click();
    await page.waitForURL(`${clientUrl}/**`);
    assert.match(page.url(), /\/back\?state=1&fx_consent=cst_/);
    assert.deepEqual(faults, []);
    await close();
    assert.equal((await read(made))["status"], "authorized");

    await bench.ask(`/consents/${String(made["id"])}/revoke`, { method: "POST" });
    const { rows } = await bench.http.database.pool.query<{ payload: { bank_consent: string } }>(
      `select j.payload from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
       where t.identifier = 'revoke_bank_consent'`,
    );
    const bankConsent = rows[0]?.payload.bank_consent ?? "";
    const ais = providers.find("orion")?.ais;
    assert.deepEqual(await ais?.readConsent(bankConsent), { ok: true, value: "authorized" });
    await bankTasks(bench.http.connect)["revoke_bank_consent"]?.(rows[0]?.payload);
    const after = await ais?.readConsent(bankConsent);
    assert.ok(after?.ok === false || after?.value === "revoked", JSON.stringify(after));
  });

  test("cancel at the bank: failed with access_denied", async () => {
    const made = await consent();
    const { page, close } = await toOrion(made, "anna");
    await page.getByRole("button", { name: "Cancel and go back" }).click();
    await page.waitForURL(`${clientUrl}/**`);
    assert.match(page.url(), /&error=access_denied&/);
    await close();
    const after = await read(made);
    assert.deepEqual([after["status"], after["failure_code"]], ["failed", "access_denied"]);
  });
});
