/** A server that is killed and started again, its bank, and a customer who does not give up. */
import assert from "node:assert/strict";
import { fork, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { sealKey } from "../src/platform/crypto.ts";
import { createEnvironment, loadEnvironment } from "../src/store/environments.ts";
import { insertCustomer } from "../src/store/customers.ts";
import { eventsOfResource } from "../src/store/events.ts";
import { findPayment, type Payment } from "../src/store/payments.ts";
import { createTestDatabase, testServer, type TestDatabase } from "./harness/database.ts";
import { newCredentials } from "./http-setup.ts";
import { basic, record } from "./openbanking-setup.ts";
import { startLedger, type Ledger } from "./payments-ledger.ts";
import { startPostgresProxy, type PostgresProxy } from "./postgres-proxy.ts";

export interface Site {
  ledger: Ledger;
  proxy: PostgresProxy;
  database: TestDatabase;
  envId: number;
  kills: number;
  /** Another server beside it, on the same database. */
  startAnother(): Promise<void>;
  /** SIGKILL; what the bank has paid by then is known to be under way. */
  kill(): Promise<void>;
  /** Pays by the hosted page until the payment is final, however often the server dies. Answers its row. */
  payThrough(options: { cancel?: boolean }): Promise<Payment>;
  told(payment: Payment): Promise<string[]>;
  close(): Promise<void>;
}

const FIELDS = {
  amount: "12.34",
  currency: "gbp",
  reference: "INVOICE 17",
  "recipient[name]": "Ann Example",
  "recipient[sort_code]": "040004",
  "recipient[account_number]": "12345678",
  return_url: "https://shop.example/paid",
};
const DEADLINE_MS = 30_000;

/** What the process says next. Throws where it ends instead. */
async function answerOf(process: ChildProcess): Promise<string> {
  const ended = new AbortController();
  process.once("exit", () => ended.abort(new Error("The server ended while it started.")));
  const [said] = (await once(process, "message", { signal: ended.signal })) as [string];
  return said;
}

export async function openSite(): Promise<Site> {
  const database = await createTestDatabase();
  const proxy = await startPostgresProxy(await testServer(), database.name);
  const ledger = await startLedger();
  const master = sealKey(Buffer.alloc(32, 7));
  const credentials = newCredentials();
  const at = Temporal.Now.instant();
  const db = database.kysely;
  const wanted = { organisation: "Test", mode: "sandbox", credentials, webhookSecret: "whsec_" } as const;
  const envId = await createEnvironment(db, master, wanted, at);
  assert.ok(await loadEnvironment(db, master, envId));
  const nobody = { email: null, phone: null, currency: null, metadata: {} };
  const customer = await insertCustomer(db, envId, { kind: "customer", name: "Payer", ...nobody }, at);

  const load = async (): Promise<ChildProcess> => {
    const args = [proxy.url, ledger.url];
    const loading = fork(join(import.meta.dirname, "payments-worker.ts"), args, { detached: true });
    await answerOf(loading);
    return loading;
  };
  let spare = load();
  let child: ChildProcess | null = null;
  let url = "";
  const start = async () => {
    child = await spare;
    spare = load();
    child.send("go");
    url = await answerOf(child);
  };
  let starting: Promise<void> | null = null;
  let isClosed = false;
  const alive = async () => {
    assert.ok(!isClosed, "the site is closed");
    if (child?.signalCode === null) return;
    starting ??= start().finally(() => (starting = null));
    await starting;
  };
  const others: ChildProcess[] = [];
  const kill = async () => {
    if (!child || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
    site.kills += 1;
    for (const { endToEndId } of ledger.payments) {
      const payment = await findPayment(db, envId, endToEndId);
      assert.ok(payment?.submitted_at, "what the bank has paid is known to be under way");
    }
  };

  /** As if two minutes went by: leases and claims of the dead end, what was planned is due, the minute's sweep runs. */
  const shift = () =>
    database.pool.query(`
      update payments set check_at = check_at - interval '2 min', submitted_at = submitted_at - interval '2 min'
      where check_at is not null;
      update idempotency_keys set expires_at = expires_at - interval '3 min' where status is null;
      update graphile_worker._private_jobs set run_at = run_at - interval '2 min' where locked_at is null;
      select graphile_worker.add_job('sweep_payments')`);
  let passing: Promise<unknown> | null = null;
  const passTime = () => {
    // One at a time; where a server holds one of the rows and wants another, the next call does it.
    const again = (error: unknown) =>
      assert.equal(Reflect.get(Object(error), "code"), "40P01", String(error));
    passing ??= shift()
      .catch(again)
      .finally(() => (passing = null));
    return passing;
  };

  const call = async (path: string, init: RequestInit = {}): Promise<Response> => {
    for (const until = performance.now() + DEADLINE_MS; ;) {
      await alive();
      try {
        return await fetch(new URL(path, url), { redirect: "manual", ...init });
      } catch (error) {
        if (performance.now() > until) throw error;
        // It died with this request: what it held is let go of two minutes later.
        await passTime();
      }
    }
  };

  const create = async (): Promise<{ id: string; page: string }> => {
    const key = randomUUID();
    const body = new URLSearchParams({ customer: customer.public_id, ...FIELDS });
    for (;;) {
      const headers = { authorization: basic(credentials), "idempotency-key": key };
      const answer = await call("/payments", { method: "POST", body, headers });
      const made = record(await answer.json());
      if (answer.status === 200)
        return {
          id: String(made["id"]),
          page: new URL(String(record(made["redirect"])["consent_url"])).pathname,
        };
      assert.ok(answer.status === 409 || answer.status === 503, JSON.stringify(made));
      await passTime();
    }
  };

  const row = async (id: string): Promise<Payment> => {
    const payment = await findPayment(db, envId, id);
    assert.ok(payment);
    return payment;
  };

  /** To the bank and back, once; what fails is tried again by whoever calls. */
  const visit = async (page: string): Promise<void> => {
    const body = new URLSearchParams({ provider: "ledger" });
    const going = await call(page, { method: "POST", body });
    const [, href] = /<a class="button" href="([^"]+)"/.exec(await going.text()) ?? [];
    if (going.status !== 200 || href === undefined) return;
    const back = new URLSearchParams(ledger.visit(new URL(href.replaceAll("&#38;", "&"))));
    const cookie = going.headers.get("set-cookie")?.split(";")[0] ?? "";
    await call(`/callback/ledger?${back.toString()}`, { headers: { cookie } });
  };

  const site: Site = {
    ledger,
    proxy,
    database,
    envId,
    kills: 0,
    async startAnother() {
      const another = await spare;
      spare = load();
      another.send("go");
      await answerOf(another);
      others.push(another);
    },
    kill,
    async payThrough({ cancel = false }) {
      const { id, page } = await create();
      for (const until = performance.now() + DEADLINE_MS; performance.now() < until;) {
        const { status } = await row(id);
        if (["completed", "failed", "canceled", "expired"].includes(status)) return row(id);
        if (cancel) {
          const headers = { authorization: basic(credentials) };
          await call(`/payments/${id}/cancel`, { method: "POST", headers });
        } else if (status === "new" || status === "pending") await visit(page);
        else {
          await alive();
          await passTime();
          await pause(60);
        }
      }
      throw new Error(`${id} is ${(await row(id)).status} after ${DEADLINE_MS / 1000} s.`);
    },
    async told(payment) {
      const events = await eventsOfResource(db, envId, `payment:${payment.public_id}`, "event");
      return events.reverse().map(({ type }) => type.replace("payment.", ""));
    },
    async close() {
      isClosed = true;
      for (const last of [child, ...others, await spare.catch(() => null)]) {
        if (last?.signalCode !== null) continue;
        const ended = once(last, "exit");
        last.kill("SIGKILL");
        await ended;
      }
      await ledger.close();
      await proxy.close();
      await database.drop();
    },
  };
  try {
    await start();
    return site;
  } catch (error) {
    await site.close();
    throw error;
  }
}
