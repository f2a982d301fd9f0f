/** Consents over HTTP with a scripted bank: a browser in miniature, and the jobs that a worker would run. */
import assert from "node:assert/strict";
import type { Connect } from "../src/connect/context.ts";
import { bankTasks, connectTasks } from "../src/connect/jobs.ts";
import type { Log } from "../src/platform/telemetry.ts";
import { fakeBank } from "./connect-fake-provider.ts";
import type { FakeBank } from "./connect-fake-state.ts";
import { bodyOf, openOpenBanking, type OpenBanking } from "./openbanking-setup.ts";

export const NOW = "2024-04-25T10:00:00.123456Z";

export interface ConsentBench extends OpenBanking {
  bank: FakeBank;
  setNow(instant: string): void;
  customer(more?: Record<string, string>): Promise<string>;
  consent(more?: Record<string, string>): Promise<Record<string, unknown>>;
  read(id: unknown): Promise<Record<string, unknown>>;
  /** Types of the events of a resource, oldest first. */
  events(resource: string): Promise<string[]>;
  run(task: string, payload?: unknown): Promise<void>;
  /** Jobs of a task that wait: their payloads. */
  jobs(task: string): Promise<Record<string, unknown>[]>;
  browser(): MiniBrowser;
}

export async function openConsents(
  more: { connect?: Partial<Connect>; log?: Log } = {},
): Promise<ConsentBench> {
  let now = Temporal.Instant.from(NOW);
  const clock = () => now;
  const bank = fakeBank({ clock, id: "orion" });
  bank.addAccount("acc-1");
  const open = await openOpenBanking({
    ...(more.log ? { log: more.log } : {}),
    clock,
    connect: { clock, providers: bank.providers, ...more.connect },
  });
  const { http, ask } = open;
  const tasks = { ...connectTasks(http.connect), ...bankTasks(http.connect) };
  const customer = async (more: Record<string, string> = {}) =>
    String(bodyOf(await ask("/customers", { form: { name: "Asha Sample", ...more } }))["id"]);
  return {
    ...open,
    bank,
    setNow: (instant) => void (now = Temporal.Instant.from(instant)),
    customer,
    consent: async (more = {}) =>
      bodyOf(await ask("/consents", { form: { customer: await customer(), provider: "orion", ...more } })),
    read: async (id) => bodyOf(await ask(`/consents/${String(id)}`)),
    events: async (resource) => {
      const rows = await http.database.kysely
        .selectFrom("events")
        .select("type")
        .where("env_id", "=", http.envId)
        .where("resource", "=", resource)
        .orderBy("id")
        .execute();
      return rows.map(({ type }) => type);
    },
    run: async (task, payload = {}) => {
      const run = tasks[task];
      assert.ok(run, task);
      await run(payload);
    },
    jobs: async (task) => {
      const { rows } = await http.database.pool.query<{ payload: Record<string, unknown> }>(
        `select j.payload from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
         where t.identifier = $1 order by j.id`,
        [task],
      );
      return rows.map(({ payload }) => payload);
    },
    browser: () => miniBrowser(http.url),
  };
}

export interface Shown {
  status: number;
  html: string;
  headers: Headers;
  /** Where it goes on by itself: a redirect, or the page's refresh. */
  next: string | null;
}

export interface MiniBrowser {
  cookie: string;
  get(address: string, headers?: Record<string, string>): Promise<Shown>;
  post(address: string, form?: Record<string, string>): Promise<Shown>;
}

/** Keeps the cookie, follows nothing by itself. Addresses of our public URL lead to the server under test. */
export function miniBrowser(server: string): MiniBrowser {
  const browser: MiniBrowser = {
    cookie: "",
    get: (address, headers = {}) => send(address, { headers }),
    post: (address, form = {}) => send(address, { method: "POST", body: new URLSearchParams(form) }),
  };
  async function send(address: string, init: RequestInit): Promise<Shown> {
    const url = new URL(address, server);
    const headers = new Headers(init.headers);
    if (browser.cookie !== "") headers.set("cookie", browser.cookie);
    const target = new URL(url.pathname + url.search, server);
    const response = await fetch(target, { ...init, headers, redirect: "manual" });
    const set = response.headers.get("set-cookie");
    if (set !== null) browser.cookie = set.split(";")[0] ?? "";
    const html = await response.text();
    const refresh = /http-equiv="refresh" content="\d+;url=([^"]*)"/.exec(html)?.[1];
    const next = response.headers.get("location") ?? (refresh === undefined ? null : unescaped(refresh));
    return { status: response.status, html, headers: response.headers, next };
  }
  return browser;
}

const unescaped = (html: string) =>
  html.replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));

/** A bank's answer as the address that the browser is sent to. */
export const callbackUrl = (callback: Readonly<Record<string, string>>, provider = "orion"): string =>
  `/callback/${provider}?${new URLSearchParams(callback).toString()}`;

/** The page's path. */
export const pageOf = (consent: Record<string, unknown>): string => {
  const { consent_url } = consent["redirect"] as { consent_url: string };
  return new URL(consent_url).pathname;
};

/** From the page to the bank and back: what the last address answered. */
export async function goToBank(
  bench: Pick<ConsentBench, "bank">,
  browser: MiniBrowser,
  path: string,
  answer: "allow" | "deny" = "allow",
): Promise<Shown> {
  const going = await browser.post(path, { provider: "orion" });
  assert.equal(going.status, 200, going.html);
  assert.ok(going.next, going.html);
  return browser.get(callbackUrl(bench.bank.visit(new URL(going.next), answer)));
}
