/**
 * The whole way on the real program: a consent through a real browser at Orion, then accounts, transactions, and
 * webhooks in the right order with signatures that verify. At the end: no token in any log line or payload.
 */
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import { after, before, describe, test } from "node:test";
import type { Browser } from "playwright-core";
import { verifyWebhook } from "../sdk/index.ts";
import { consentTokensPlace, openGrant } from "../src/connect/grants.ts";
import { masterKeyOf } from "../src/master-key.ts";
import type { SelectQueryBuilder } from "kysely";
import type { ConsentRow } from "../src/store/consents.ts";
import type { Schema } from "../src/store/schema.ts";
import { loadEnvironment, type Environment } from "../src/store/environments.ts";
import { openDatabase } from "../src/store/connect.ts";
import { silentLog } from "../src/store/log.ts";
import { CLUSTER, readPostmaster } from "../src/store/embedded-cluster.ts";
import { openBrowser, visit, withoutBrowser } from "./browser.ts";
import { openBankingWorld, until, type BankingWorld } from "./open-banking-world.ts";
import { record } from "./openbanking-setup.ts";

interface Hook {
  headers: IncomingHttpHeaders;
  text: string;
  type: string;
  object: Record<string, unknown>;
}

interface Site {
  url: string;
  hooks: Hook[];
  close: () => Promise<void>;
}

/** The client's own: takes webhooks, and customers who come back. */
async function openSite(): Promise<Site> {
  const hooks: Hook[] = [];
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      if (request.method === "POST") {
        const text = Buffer.concat(chunks).toString();
        const body = record(JSON.parse(text));
        const object = record(record(body["data"])["object"]);
        hooks.push({ headers: request.headers, text, type: String(body["type"]), object });
      }
      response.setHeader("content-type", "text/html").end("<title>Back</title><h1>Welcome back</h1>");
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  assert.ok(typeof address === "object" && address);
  return {
    url: `http://localhost:${address.port}`,
    hooks,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

describe("open banking, from the consent to the webhooks", { skip: withoutBrowser() }, () => {
  let world: BankingWorld;
  let site: Site;
  let browser: Browser;
  let secret = "";
  const logs: string[] = [];
  before(async () => {
    site = await openSite();
    browser = await openBrowser();
    world = await openBankingWorld({
      onLog: (text) => void logs.push(text),
      env: { BANKBELL_LOG_LEVEL: "debug" },
    });
    const webhook = await world.ask("/webhooks", [
      ["url", `${site.url}/hooks?key=0123456789`],
      ["events[]", "*"],
    ]);
    secret = String(webhook["secret"]);
  });
  after(async () => {
    await browser?.close();
    await world?.stop();
    await site?.close();
  });

  const hooksOf = (id: string) =>
    site.hooks.filter(({ object }) => object["customer"] === id || object["id"] === id);
  const arrived = (id: string, type: string, times = 1) =>
    until(async () => (hooksOf(id).filter((hook) => hook.type === type).length >= times ? true : null));

  test("a customer connects a bank in a browser; accounts, transactions and webhooks follow", async () => {
    const customer = await world.newCustomer();
    const consent = await world.newConsent(customer, { return_url: `${site.url}/back?state=17` });
    const { consent_url } = record(consent["redirect"]);
    const { page, close } = await visit(browser, String(consent_url));
    await page.getByRole("button", { name: "Next" }).click();
    await page.locator("#username").fill("anna");
    await page.locator("#password").fill("bluebell");
    await page.getByRole("button", { name: "Continue" }).click();
    for (const box of await page.locator('input[name="account"]').all()) await box.check();
    await page.getByRole("button", { name: "Share these accounts" }).click();
    await page.getByRole("heading", { name: "Welcome back" }).waitFor();
    const back = new URL(page.url());
    assert.equal(back.searchParams.get("state"), "17");
    assert.equal(back.searchParams.get("fx_consent"), consent["id"]);
    assert.equal(back.searchParams.get("error"), null);
    await close();
    assert.equal((await world.ask(`/consents/${String(consent["id"])}`))["status"], "authorized");
    await arrived(customer, "bank_account.synced", 3);
    const accounts = await world.accounts(customer);
    assert.deepEqual(
      accounts.map((account) => account["class"]).toSorted((a, b) => String(a).localeCompare(String(b))),
      ["credit_card", "current", "savings"],
    );
    for (const account of accounts) await checkAccount(String(account["id"]));

    const types = hooksOf(customer).map(({ type }) => type);
    const ofConsent = types.filter((type) => /^(consent|bank_account)\./.test(type));
    assert.deepEqual(ofConsent.slice(0, 5), [
      "consent.created",
      "consent.authorized",
      ...Array<string>(3).fill("bank_account.created"),
    ]);
    assert.deepEqual(ofConsent.slice(5), Array<string>(3).fill("bank_account.synced"));
    assert.ok(!types.includes("transaction.created"), "none on the first sync");
  });

  async function checkAccount(id: string): Promise<void> {
    const balance = await world.ask(`/bank_accounts/${id}/balance`);
    const [first] = balance["data"] as Record<string, unknown>[];
    assert.equal(first?.["type"], "actual");
    const list = await world.ask(`/bank_accounts/${id}/transactions?limit=100`);
    const rows = list["data"] as Record<string, unknown>[];
    assert.ok(rows.length > 0);
    const times = rows.map((row) => String(row["timestamp"]));
    assert.deepEqual(
      times,
      times.toSorted((a, b) => b.localeCompare(a)),
      "newest first",
    );
    for (const row of rows) {
      assert.equal(row["status"], "booked");
      assert.equal(typeof row["category"], "string");
    }
  }

  test("new transactions at the bank become events; each payload verifies", async () => {
    const customer = await world.newCustomer();
    await world.walk(await world.newConsent(customer), "ben");
    await arrived(customer, "bank_account.synced", 2);
    const account = (await world.accounts(customer)).find((one) => one["class"] === "current");
    const id = String(account?.["id"]);
    const posted = await fetch(`${world.orionUrl}/_sandbox/transactions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        username: "ben",
        account: "current",
        amount: "-7.50",
        text: "TESCO STORES 3217",
      }),
    });
    assert.equal(posted.status, 201);
    await world.ask(`/bank_accounts/${id}/sync`, {});
    const created = await until(
      async () =>
        site.hooks.find(
          (hook) => hook.type === "transaction.created" && hook.object["bank_account"] === id,
        ) ?? null,
    );
    assert.deepEqual(
      [created.object["amount"], created.object["category"], created.object["type"]],
      [-7.5, "Groceries", "debit"],
    );
    const [newest] = (await world.ask(`/bank_accounts/${id}/transactions?limit=1`))["data"] as unknown[];
    assert.deepEqual(newest, created.object, "the list and the event say the same");
    for (const hook of site.hooks) verify(hook);
  });

  function verify({ headers, text }: Hook): void {
    const [, at = "", signature] = /^t=([^;]+);s=([0-9a-f]{64})$/.exec(String(headers["fx-signature"])) ?? [];
    assert.equal(createHmac("sha256", secret).update(`${at}.${text}`).digest("hex"), signature);
    const plain = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
    verifyWebhook(text, plain, secret);
  }

  test("revoked at the bank: the bank's notification cancels the consent", async () => {
    const customer = await world.newCustomer();
    const consent = await world.newConsent(customer);
    await world.walk(consent, "anna");
    const bankId = await withDatabase(async ({ consents }) => {
      const { bank_consent_id } = await consents()
        .where("public_id", "=", String(consent["id"]))
        .executeTakeFirstOrThrow();
      return bank_consent_id ?? "";
    });
    const revoked = await fetch(`${world.orionUrl}/_sandbox/consents/${bankId}/revoke`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{}",
    });
    assert.equal(revoked.status, 200, await revoked.text());
    await arrived(String(consent["id"]), "consent.canceled");
    assert.equal((await world.ask(`/consents/${String(consent["id"])}`))["status"], "canceled");
  });

  test("no token in any log line or payload", async () => {
    const tokens = await withDatabase(async ({ consents, env }) => {
      const rows = await consents().where("tokens", "is not", null).execute();
      return rows.flatMap(({ tokens, public_id }) => {
        const grant = tokens && openGrant(env.dataKey, tokens, consentTokensPlace(public_id));
        return grant ? [grant.accessToken, grant.refreshToken ?? grant.accessToken] : [];
      });
    });
    assert.ok(tokens.length >= 4 && logs.join("").length > 1000 && site.hooks.length > 10);
    const written = [...logs, ...site.hooks.map(({ text }) => text)].join("\n");
    for (const token of tokens) assert.ok(!written.includes(token));
  });

  async function withDatabase<T>(work: (tools: DatabaseTools) => Promise<T>): Promise<T> {
    const { dataDir } = world.server;
    const host = readPostmaster(join(dataDir, CLUSTER))?.socketDir;
    assert.ok(host);
    const connection = { host, user: "postgres", database: "postgres" };
    const database = await openDatabase({ connection, name: "test", size: 1, log: silentLog });
    try {
      const { id } = await database.kysely.selectFrom("environments").select("id").executeTakeFirstOrThrow();
      const env = await loadEnvironment(database.kysely, await masterKeyOf({ masterKey: null, dataDir }), id);
      assert.ok(env);
      const consents = () => database.kysely.selectFrom("consents").selectAll();
      return await work({ consents, env });
    } finally {
      await database.close();
    }
  }
});

interface DatabaseTools {
  consents: () => SelectQueryBuilder<Schema, "consents", ConsentRow>;
  env: Environment;
}
