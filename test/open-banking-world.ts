/** A server of one's own with Orion beside it, and a customer who connects their bank there without a browser. */
import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { freePort, startChildServer, type ChildServer } from "../src/child-server.ts";
import { walkOrion } from "./providers/orion-bank.ts";

export interface BankingWorld {
  server: ChildServer;
  orionUrl: string;
  /** Answers the body of a 200. */
  ask(path: string, form?: Record<string, string> | [string, string][]): Promise<Record<string, unknown>>;
  newCustomer(): Promise<string>;
  newConsent(customer: string, more?: Record<string, string>): Promise<Record<string, unknown>>;
  /** From the consent's page through Orion and back, as this customer of Orion's. */
  walk(consent: Record<string, unknown>, username: string): Promise<void>;
  accounts(customer: string): Promise<Record<string, unknown>[]>;
  stop(): Promise<void>;
}

export async function openBankingWorld(
  options: { onLog?: (text: string) => void; env?: Record<string, string> } = {},
): Promise<BankingWorld> {
  const orionPort = await freePort();
  const server = await startChildServer({
    ...(options.onLog ? { onLog: options.onLog } : {}),
    env: { BANKBELL_ORION: "on", BANKBELL_ORION_PORT: String(orionPort), ...options.env },
  });
  const { url, keys } = server;
  const authorization = `Basic ${Buffer.from(`${keys.apiKey}:`).toString("base64")}`;
  const ask = async (path: string, form?: Record<string, string> | [string, string][]) => {
    const response = await fetch(url + path, {
      headers: { authorization },
      ...(form ? { method: "POST", body: new URLSearchParams(form) } : {}),
    });
    const text = await response.text();
    assert.equal(response.status, 200, `${path}: ${response.status} ${text}`);
    return JSON.parse(text) as Record<string, unknown>;
  };
  return {
    server,
    orionUrl: `http://127.0.0.1:${orionPort}`,
    ask,
    newCustomer: async () => String((await ask("/customers", { name: "Asha Sample" }))["id"]),
    newConsent: (customer, more = {}) => ask("/consents", { customer, provider: "orion", ...more }),
    walk,
    accounts: async (customer) =>
      (await ask(`/bank_accounts?customer=${customer}`))["data"] as Record<string, unknown>[],
    stop: () => server.stop(),
  };
}

async function walk(consent: Record<string, unknown>, username: string): Promise<void> {
  const { consent_url } = consent["redirect"] as { consent_url: string };
  const begun = await fetch(consent_url, {
    method: "POST",
    redirect: "manual",
    body: new URLSearchParams({ provider: "orion" }),
    headers: { origin: new URL(consent_url).origin },
  });
  const html = await begun.text();
  const [, to = ""] = /http-equiv="refresh" content="\d+; ?url=([^"]+)"/i.exec(html) ?? [];
  assert.ok(to, `${begun.status} ${html}`);
  const cookie = (begun.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
  const callback = await walkOrion(new URL(unescaped(to)), "allow", username);
  const back = new URL("/callback/orion", consent_url);
  back.search = new URLSearchParams(callback).toString();
  const returned = await fetch(back, { redirect: "manual", headers: { cookie } });
  assert.ok(returned.status < 400, `${returned.status} ${await returned.text()}`);
}

/** Asks again until it holds; the whole may take this long. */
export async function until<T>(ask: () => Promise<T | null>, patienceMs = 60_000): Promise<T> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const answer = await ask();
    if (answer !== null) return answer;
    assert.ok(performance.now() < deadline, "it never came");
    await pause(50);
  }
}

const unescaped = (html: string) =>
  html.replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
