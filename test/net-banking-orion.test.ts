/**
 * Net banking with the whole program and the sandbox bank: a session and an entity whose customers sign in at Orion, with
 * the webhooks that come of it.
 */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import { openBankingWorld, until, type BankingWorld } from "./open-banking-world.ts";
import { walkOrion } from "./providers/orion-bank.ts";

let world: BankingWorld;
let hooks: { url: string; bodies: Record<string, unknown>[]; close: () => void };

before(async () => {
  world = await openBankingWorld();
  hooks = await receiver();
});
after(async () => {
  await world.stop();
  hooks.close();
});

async function receiver() {
  const bodies: Record<string, unknown>[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      bodies.push(JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>);
      response.end();
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, bodies, close: () => void server.close() };
}

type Json = Record<string, unknown>;

async function bankconnect(path: string, json?: Json): Promise<Json> {
  const { url, keys } = world.server;
  const response = await fetch(`${url}/bank-connect/v1/${path}`, {
    method: json ? "POST" : "GET",
    headers: {
      "x-api-key": keys.apiKey,
      "server-hash": keys.serverHash,
      ...(json ? { "content-type": "application/json" } : {}),
    },
    ...(json ? { body: JSON.stringify(json) } : {}),
  });
  const text = await response.text();
  assert.ok(response.ok, `${path}: ${response.status} ${text}`);
  return JSON.parse(text) as Json;
}

const cookieOf = (response: Response): string =>
  (response.headers.get("set-cookie") ?? "").split(";")[0] ?? "";

/** Three wrong passwords, after which the bank sends the customer back; what the browser then brings along. */
async function failAtOrion(url: URL): Promise<Record<string, string>> {
  const begun = await fetch(url, { redirect: "manual" });
  const cookie = cookieOf(begun);
  const page = new URL(begun.headers.get("location") ?? "", url);
  for (let tries = 0; tries < 3; tries++) {
    const answer = await fetch(`${page.href}/login`, {
      method: "POST",
      redirect: "manual",
      headers: { cookie },
      body: new URLSearchParams({ username: "walter", password: "wrong" }),
    });
    const back = new URL(answer.headers.get("location") ?? page.href, url);
    if (back.origin === url.origin) continue;
    return Object.fromEntries(back.hash === "" ? back.searchParams : new URLSearchParams(back.hash.slice(1)));
  }
  throw new Error("Orion did not send the customer back.");
}

/** From the bank's address through Orion and back; answers where the browser is sent. */
async function visit(toBank: string, cookie: string, username: string): Promise<URL> {
  const bank = new URL(toBank);
  const callback = username === "walter" ? await failAtOrion(bank) : await walkOrion(bank, "allow", username);
  const back = new URL("/callback/orion", world.server.url);
  back.search = new URLSearchParams(callback).toString();
  const returned = await fetch(back, { redirect: "manual", headers: { cookie } });
  assert.equal(returned.status, 303, await returned.text());
  return new URL(returned.headers.get("location") ?? "");
}

async function connectSession(sessionId: string, username: string): Promise<URL> {
  const begun = await fetch(`${world.server.url}/connect/api/bank_connections`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-session-id": sessionId },
    body: JSON.stringify({ bank_name: "orion" }),
  });
  const text = await begun.text();
  assert.equal(begun.status, 200, text);
  return visit((JSON.parse(text) as { url: string }).url, cookieOf(begun), username);
}

const dmy = (date: Temporal.PlainDate) => date.toLocaleString("en-GB");

test("a session of mode online: wrong credentials, then success, then statements of source online", async () => {
  await bankconnect("session_data/update_webhook/", { webhook_url: hooks.url });
  const today = Temporal.Now.plainDateISO("UTC");
  const { session_id: id } = await bankconnect("session/", {
    link_id: "online-1",
    bank_name: "orion",
    mode: "online",
    from_date: dmy(today.subtract({ months: 3 })),
    to_date: dmy(today),
  });
  const failed = await connectSession(String(id), "walter");
  assert.deepEqual(
    [failed.pathname, failed.searchParams.get("connection"), failed.searchParams.get("session_id")],
    ["/connect/", "failed", id],
  );
  assert.equal(failed.searchParams.get("error_type"), "NB003");

  const landed = await connectSession(String(id), "anna");
  assert.equal(landed.searchParams.get("connection"), "succeeded");
  const status = await until(async () => {
    const body = await bankconnect(`session_data/${String(id)}/session_upload_status/`);
    return body["upload_status"] === "COMPLETED" ? body : null;
  });
  const accounts = status["accounts"] as {
    bank_name: string;
    statements: { source: string; statement_status: string }[];
  }[];
  assert.ok(accounts.length > 0);
  for (const account of accounts) {
    assert.equal(account.bank_name, "orion");
    assert.deepEqual(
      account.statements.map(({ source, statement_status: own }) => [source, own]),
      [["online", "completed"]],
    );
  }
  const completion = await until(
    async () =>
      hooks.bodies.find((body) => body["session_id"] === id && body["message"] === "Upload Completed") ??
      null,
  );
  assert.ok(completion);

  await bankconnect(`session_data/${String(id)}/initiate_processing/`, {});
  await until(async () => {
    const body = await bankconnect(`session_data/${String(id)}/progress/`);
    return body["session_progress"] === "completed" ? body : null;
  });
  const read = await bankconnect(`session_data/${String(id)}/transactions/`);
  assert.ok(JSON.stringify(read).length > 1000);
});

test("an entity: the webhook in mode 0 says wrong credentials with an empty statement_id, then each statement", async () => {
  await bankconnect("entity/update_webhook/", { webhook_url: hooks.url });
  const { entity_id: id } = await bankconnect("entity/", { link_id: "online-entity" });
  const { redirect_url: page } = await bankconnect(`entity/${String(id)}/net_banking_link/`, {
    bank_name: "ORION",
    redirect_url: "https://client.example/done?case=7",
  });
  const shown = await fetch(String(page));
  assert.equal(shown.status, 200);
  assert.match(await shown.text(), /Your transactions/);
  const walk = async (username: string): Promise<URL> => {
    const begun = await fetch(String(page), {
      method: "POST",
      redirect: "manual",
      headers: { origin: world.server.url },
      body: new URLSearchParams({ provider: "orion" }),
    });
    const html = await begun.text();
    const [, to = ""] = /http-equiv="refresh" content="\d+; ?url=([^"]+)"/i.exec(html) ?? [];
    assert.ok(to, `${begun.status} ${html}`);
    return visit(to.replaceAll("&#38;", "&"), cookieOf(begun), username);
  };
  const failed = await walk("walter");
  assert.equal(failed.href, "https://client.example/done?case=7&success=false&error_type=NB003");
  const landed = await walk("anna");
  assert.equal(landed.href, `https://client.example/done?case=7&success=true&entity_id=${String(id)}`);

  const told = await until(async () => {
    const bodies = hooks.bodies.filter((body) => body["entity_id"] === id);
    return bodies.some(({ progress }) => progress === "completed") ? bodies : null;
  });
  assert.deepEqual(told[0], {
    entity_id: id,
    statement_id: "",
    link_id: "online-entity",
    progress: "failed",
    reason: "The user name or the password was wrong",
  });
  const accounts = await bankconnect(`entity/${String(id)}/accounts/`);
  const progress = accounts["progress"] as { source: string; status: string }[];
  assert.ok(
    progress.length > 0 &&
      progress.every(({ source, status }) => source === "online" && status === "completed"),
  );
  const payloads = await bankconnect("entity/webhook_payloads/?link_id=online-entity");
  assert.equal((payloads["payloads"] as unknown[]).length, progress.length + 1);
});

test("the page is for a day, for its bank and its entity alone", async () => {
  const { entity_id: id } = await bankconnect("entity/", { link_id: "another" });
  const made = await bankconnect(`entity/${String(id)}/net_banking_link/`, {
    bank_name: "orion",
    redirect_url: "https://client.example/done",
  });
  const page = String(made["redirect_url"]);
  for (const wrong of [
    page.replace("/orion/", "/axis/"),
    page.slice(0, -1),
    page.replace(String(id), crypto.randomUUID()),
  ]) {
    assert.equal((await fetch(wrong)).status, 404, wrong);
  }
  const refused = await fetch(`${page}/cancel`, {
    method: "POST",
    redirect: "manual",
    headers: { origin: world.server.url },
  });
  assert.equal(refused.headers.get("location"), "https://client.example/done?success=false&error_type=NB000");
});

test("net banking's health says that Orion is up, and of the banks that nobody reaches why they are not", async () => {
  const { url, keys } = world.server;
  const response = await fetch(`${url}/bank-connect/v1/net_banking_health/`, {
    headers: { "x-api-key": keys.apiKey },
  });
  const banks = (await response.json()) as { bank: string; health_up: boolean; issue_details: string }[];
  assert.equal(banks.find(({ bank }) => bank === "ORION")?.health_up, true);
  assert.equal(banks.find(({ bank }) => bank === "AXIS")?.health_up, false);
});
