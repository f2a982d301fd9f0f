/** Payments through the whole server and Orion, the sandbox bank: its magic pence choose what happens. */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { freePort, startChildServer, type ChildServer } from "../src/child-server.ts";
import { basic, record } from "./openbanking-setup.ts";
import { connectTo, killHard } from "./main-path-setup.ts";
import { openOrion, walkOrion, type OrionBank } from "./providers/orion-bank.ts";

let bank: OrionBank;
let server: ChildServer;
let folder: string;
let customer: string;
const log: string[] = [];
const options = () => ({
  env: {
    BANKBELL_ORION: "on",
    BANKBELL_ORION_PORT: new URL(bank.orion.url).port,
    BANKBELL_LOG_LEVEL: "warn",
  },
  onLog: (text: string) => void log.push(text),
});

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "bankbell-orion-"));
  bank = await openOrion({ port: await freePort(), statePath: join(folder, "orion.sqlite") });
  server = await startChildServer(options());
  customer = String((await ask("/customers", { name: "Payer Example" }))["id"]);
});
after(async () => {
  await server.stop();
  await bank.orion.stop();
  await rm(folder, { recursive: true, force: true });
});

async function ask(path: string, form?: Record<string, string>): Promise<Record<string, unknown>> {
  const response = await fetch(server.url + path, {
    headers: { authorization: basic(server.keys) },
    ...(form ? { method: "POST", body: new URLSearchParams(form) } : {}),
  });
  const text = await response.text();
  assert.equal(response.status, 200, `${path}: ${text}`);
  return record(JSON.parse(text));
}

const recipient = { sort_code: "040004", account_number: "12345678" };

const pay = (amount: string) =>
  ask("/payments", {
    customer,
    amount,
    currency: "gbp",
    reference: "INVOICE 17",
    provider: "orion",
    return_url: "https://shop.example/paid",
    "recipient[name]": "Ann Example",
    ...Object.fromEntries(Object.entries(recipient).map(([name, value]) => [`recipient[${name}]`, value])),
  });

/** From the hosted page through the bank and back; answers where the browser is sent then. */
async function walk(object: Record<string, unknown>, answer: "allow" | "deny" = "allow"): Promise<URL> {
  const page = new URL(String(record(object["redirect"])["consent_url"]));
  const begun = await fetch(page, { method: "POST", body: new URLSearchParams({ provider: "orion" }) });
  const html = await begun.text();
  const [, href] = /<a class="button" href="([^"]+)"/.exec(html) ?? [];
  assert.ok(href, html);
  const callback = await walkOrion(new URL(href.replaceAll("&#38;", "&")), answer, "anna");
  const back = new URL("/callback/orion", page);
  back.search = new URLSearchParams(callback).toString();
  const cookie = begun.headers.get("set-cookie")?.split(";")[0] ?? "";
  const returned = await fetch(back, { redirect: "manual", headers: { cookie } });
  assert.equal(returned.status, 303, await returned.text());
  return new URL(returned.headers.get("location") ?? "", page);
}

async function final(path: string): Promise<Record<string, unknown>> {
  for (const until = performance.now() + 60_000; ; await pause(100)) {
    const object = await ask(path);
    if (["completed", "partially_completed", "failed"].includes(String(object["status"]))) return object;
    assert.ok(performance.now() < until, `${path} is ${String(object["status"])}`);
  }
}

/** What Orion has taken under this id of ours. */
function madeAtOrion(id: string): number {
  const state = new DatabaseSync(join(folder, "orion.sqlite"), { readOnly: true });
  try {
    const rows = state.prepare("select body from records where kind = 'payment'").all();
    return rows.filter(({ body }) => String(body).includes(id)).length;
  } finally {
    state.close();
  }
}

/** As if a minute went by: the dead process's lease ends. */
async function passMinute(): Promise<void> {
  const client = await connectTo(server);
  try {
    await client.query(
      "update payments set check_at = check_at - interval '1 min' where check_at is not null",
    );
    await client.query("select graphile_worker.add_job('sweep_payments')");
  } finally {
    await client.end();
  }
}

test("the pence choose what becomes of a payment", { concurrency: true }, async (t) => {
  const cases: [amount: string, means: string, status: string][] = [
    ["12.34", "taken and completed", "completed"],
    ["5.01", "rejected", "failed"],
    ["5.04", "taken, and the answer never comes", "completed"],
    ["5.07", "429 once", "completed"],
  ];
  await Promise.all([
    ...cases.map(([amount, means, status]) =>
      t.test(`${amount}: ${means}`, async () => {
        const payment = await pay(amount);
        const back = await walk(payment);
        assert.equal(back.searchParams.get("fx_payment"), payment["id"]);
        const ended = await final(`/payments/${String(payment["id"])}`);
        assert.equal(ended["status"], status, JSON.stringify(ended));
        assert.equal(madeAtOrion(String(payment["id"])), 1);
      }),
    ),
    t.test("no at the bank is no", async () => {
      const payment = await pay("12.34");
      const back = await walk(payment, "deny");
      assert.equal(back.searchParams.get("error"), "access_denied");
      const failed = await ask(`/payments/${String(payment["id"])}`);
      assert.deepEqual([failed["status"], failed["failure_code"]], ["failed", "access_denied"]);
      assert.equal(madeAtOrion(String(payment["id"])), 0);
    }),
    t.test("a batch is authorized one payment after the other", payBatch),
  ]);
});

async function payBatch(): Promise<void> {
  const one = (n: number, amount: string) =>
    Object.entries({ amount, reference: `ITEM ${n}`, "recipient][name": `Recipient ${n}` })
      .concat(Object.entries(recipient).map(([name, value]) => [`recipient][${name}`, value]))
      .map(([name, value]) => [`payments[${n}][${name}]`, value]);
  const fields = [...one(0, "1.50"), ...one(1, "2.01")];
  const batch = await ask("/batch_payments", {
    customer,
    currency: "gbp",
    provider: "orion",
    return_url: "https://shop.example/paid",
    ...Object.fromEntries(fields),
  });
  const first = await walk(batch);
  assert.equal(first.href, record(batch["redirect"])["consent_url"]);
  const second = await walk(batch);
  assert.equal(second.searchParams.get("fx_batch_payment"), batch["id"]);
  const ended = await final(`/batch_payments/${String(batch["id"])}`);
  assert.equal(ended["status"], "partially_completed");
  assert.deepEqual(ended["counts"], { pending: 0, completed: 1, failed: 1 });
}

test("kill -9 right after the customer's yes: the payment is made once, after the restart", async () => {
  const payment = await pay("12.34");
  await walk(payment);
  await killHard(server);
  server = await startChildServer({ ...options(), again: server });
  await passMinute();
  const ended = await final(`/payments/${String(payment["id"])}`);
  assert.equal(ended["status"], "completed");
  assert.equal(madeAtOrion(String(payment["id"])), 1);
  assert.doesNotMatch(log.join(""), /Ann Example|12345678/);
});
