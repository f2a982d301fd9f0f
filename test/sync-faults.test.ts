/** Syncs that meet faults, ended grants, other workers and crashes, against a scripted bank. */
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { endConsents } from "../src/connect/consents/timers.ts";
import { askForDue } from "../src/connect/sync/jobs.ts";
import { claimSync } from "../src/store/bank-syncs.ts";
import { booked } from "./connect-fake-provider.ts";
import { bodyOf, isError } from "./openbanking-setup.ts";
import { NOW, openSyncWorld, type SyncWorld } from "./sync-setup.ts";

let world: SyncWorld;
let customer: string;
before(async () => {
  world = await openSyncWorld();
});
after(() => world.close());
beforeEach(async () => {
  world.setNow(NOW);
  world.bank.accounts.clear();
  world.bank.transactions.clear();
  customer = await world.newCustomer();
});

const idOf = async (nth = 0) => String((await world.accounts(customer))[nth]?.["id"]);
const types = async () => (await world.events(customer)).map(({ type }) => type);
const later = (amount: Temporal.DurationLike) =>
  world.setNow(world.http.connect.clock().add(amount).toString());

test("a bank that does not answer: idle again, tried later and later, nothing lost", async () => {
  world.bank.addAccount("acc-1", { transactions: [booked("t1", -5_00n, "2026-03-01T09:00:00Z")] });
  const consent = await world.connectBank(customer);
  await world.syncAll(consent);
  const id = await idOf();
  world.bank.failNext("ais.transactions", "unavailable", { times: 2 });
  const nextAt = async () => {
    const row = await world.http.connect.db
      .selectFrom("bank_accounts")
      .select(["next_sync_at", "sync_error", "sync_status", "sync_failures"])
      .where("public_id", "=", id)
      .executeTakeFirstOrThrow();
    return { ...row, next_sync_at: row.next_sync_at?.toString() };
  };
  const failed = { sync_error: "unavailable", sync_status: "idle" };
  await world.syncOne(id);
  assert.deepEqual(await nextAt(), { ...failed, sync_failures: 1, next_sync_at: "2026-03-02T12:01:00Z" });
  await world.syncOne(id);
  assert.deepEqual(await nextAt(), { ...failed, sync_failures: 2, next_sync_at: "2026-03-02T12:02:00Z" });
  world.bank.failNext("ais.balances", "rate_limited", { retryAfterS: 900 });
  await world.syncOne(id);
  assert.equal((await nextAt()).next_sync_at, "2026-03-02T12:15:00Z");
  later({ minutes: 15 });
  await askForDue(world.http.connect);
  assert.ok((await world.jobs("sync_account")).some(({ payload }) => payload["account"] === id));
  await world.syncOne(id);
  assert.deepEqual(await nextAt(), {
    sync_error: null,
    sync_status: "idle",
    sync_failures: 0,
    next_sync_at: "2026-03-03T12:15:00Z",
  });
});

test("a bank that does not say which accounts there are is asked again", async () => {
  world.bank.addAccount("acc-1");
  const consent = await world.connectBank(customer);
  world.bank.failNext("ais.accounts", "unavailable");
  await world.syncAll(consent);
  const again = (await world.jobs("sync_consent")).find(({ payload }) => payload["attempt"] === 2);
  assert.equal(again?.payload["consent"], consent);
  assert.equal(again?.runAt.toString(), "2026-03-02T12:01:00Z");
});

test("a grant that runs out in the middle is refreshed, once for all who need it", async () => {
  const { bank } = world;
  bank.addAccount("acc-1", {
    transactions: Array.from({ length: 30 }, (_, i) =>
      booked(`t${i}`, -1_00n, `2026-02-${String(28 - (i % 28)).padStart(2, "0")}T09:00:00Z`),
    ),
  });
  bank.addAccount("acc-2");
  const consent = await world.connectBank(customer);
  await world.syncAll(consent);
  later({ minutes: 10 });
  const before = bank.calls.filter((call) => call === "refresh").length;
  const ids = (await world.accounts(customer)).map((account) => String(account["id"]));
  await Promise.all(ids.map((id) => world.syncOne(id)));
  assert.equal(bank.calls.filter((call) => call === "refresh").length, before + 1);
  // Ended by the bank between two pages.
  bank.pageSize = 10;
  let pages = 0;
  bank.hook = (method, phase) => {
    if (method === "ais.transactions" && phase === "before" && ++pages === 2) later({ minutes: 10 });
  };
  await world.syncOne(ids[1] ?? "");
  bank.hook = null;
  bank.pageSize = 100;
  assert.equal(bank.calls.filter((call) => call === "refresh").length, before + 2);
  const row = await world.http.connect.db
    .selectFrom("bank_accounts")
    .select("sync_error")
    .where("public_id", "=", ids[1] ?? "")
    .executeTakeFirstOrThrow();
  assert.equal(row.sync_error, null);
});

test("rows without a reference that come twice, for the grant ran out between them, are one each", async () => {
  const { bank } = world;
  const nameless = (day: number) => ({
    ...booked("same", -1_00n, `2026-02-${String(day).padStart(2, "0")}T09:00:00Z`),
    ref: null,
  });
  // Two of the 20th that are wholly alike: the seam lies between them.
  const days = [24, 23, 22, 21, 20, 20, 19, 18];
  bank.addAccount("acc-1", { transactions: days.map(nameless) });
  bank.pageSize = 5;
  const consent = await world.connectBank(customer);
  let pages = 0;
  bank.hook = (method, phase) => {
    if (method === "ais.transactions" && phase === "before" && ++pages === 2) later({ minutes: 10 });
  };
  await world.syncAll(consent);
  bank.hook = null;
  const id = await idOf();
  assert.equal((await world.transactions(id)).length, days.length);
  later({ minutes: 1 });
  await world.syncOne(id);
  bank.pageSize = 100;
  assert.equal((await world.transactions(id)).length, days.length);
  const { paging } = bodyOf(await world.ask(`/bank_accounts/${id}/transactions`));
  assert.equal((paging as { total: number }).total, days.length);
});

test("withdrawn at the bank: the consent is canceled, with its event, and nothing is asked any more", async () => {
  world.bank.addAccount("acc-1");
  const consent = await world.connectBank(customer);
  await world.syncAll(consent);
  const { bank_consent_id } = await world.http.connect.db
    .selectFrom("consents")
    .select("bank_consent_id")
    .where("public_id", "=", consent)
    .executeTakeFirstOrThrow();
  world.bank.revokeAtBank(bank_consent_id ?? "");
  await world.syncOne(await idOf());
  assert.equal(bodyOf(await world.ask(`/consents/${consent}`))["status"], "canceled");
  assert.equal((await types()).at(-1), "consent.canceled");
  isError(await world.ask(`/bank_accounts/${await idOf()}/sync`, { method: "POST" }), 400, "invalid_state");
  const asked = world.bank.calls.length;
  await world.syncOne(await idOf());
  assert.equal(world.bank.calls.length, asked);
});

test("revoked while its account is being read: nothing of it is written or told from then on", async () => {
  const { bank } = world;
  const start = Temporal.Instant.from("2026-03-01T08:00:00Z");
  bank.addAccount("acc-1", { transactions: [booked("t1", -5_00n, "2026-03-01T09:00:00Z")] });
  const consent = await world.connectBank(customer);
  await world.syncAll(consent);
  const id = await idOf();
  // Enough for a commit on the way.
  bank.transactions
    .get("acc-1")
    ?.unshift(
      ...Array.from({ length: 2200 }, (_, i) =>
        booked(`late-${i}`, -1_00n, start.subtract({ minutes: i }).toString()),
      ),
    );
  bank.pageSize = 1100;
  bank.hook = async (method, phase) => {
    if (method !== "ais.transactions" || phase !== "after") return;
    bank.hook = null;
    assert.equal((await world.ask(`/consents/${consent}/revoke`, { method: "POST" })).status, 200);
  };
  later({ minutes: 1 });
  await world.syncOne(id);
  bank.pageSize = 100;
  assert.equal((await world.transactions(id)).length, 1);
  assert.equal((await types()).at(-1), "consent.canceled");
  const { sync_error, sync_status, next_sync_at } = await world.http.connect.db
    .selectFrom("bank_accounts")
    .select(["sync_error", "sync_status", "next_sync_at"])
    .where("public_id", "=", id)
    .executeTakeFirstOrThrow();
  assert.deepEqual([sync_error, sync_status, next_sync_at], ["consent_ended", "idle", null]);
});

test("expired while its account is being read, and the bank ends the grant: expired it stays, and it is no fault", async () => {
  const { bank, http } = world;
  bank.addAccount("acc-1");
  const consent = await world.connectBank(customer);
  await world.syncAll(consent);
  const id = await idOf();
  const { bank_consent_id } = await http.connect.db
    .updateTable("consents")
    .set({ expiry_date: Temporal.PlainDate.from("2026-03-02") })
    .where("public_id", "=", consent)
    .returning("bank_consent_id")
    .executeTakeFirstOrThrow();
  bank.hook = async (method, phase) => {
    if (method !== "ais.transactions" || phase !== "before") return;
    bank.hook = null;
    later({ hours: 24 });
    await endConsents(http.connect);
    bank.revokeAtBank(bank_consent_id ?? "");
  };
  await world.syncOne(id);
  assert.equal(bodyOf(await world.ask(`/consents/${consent}`))["status"], "expired");
  assert.equal((await types()).at(-1), "consent.expired");
  const row = await http.connect.db
    .selectFrom("bank_accounts")
    .select(["sync_error", "next_sync_at"])
    .where("public_id", "=", id)
    .executeTakeFirstOrThrow();
  assert.deepEqual(row, { sync_error: "grant_ended", next_sync_at: null });
});

test("two workers: one syncs, the other comes again when the lease ends; a crashed one's account is taken over", async () => {
  world.bank.addAccount("acc-1", { transactions: [booked("t1", -5_00n, "2026-03-01T09:00:00Z")] });
  await world.syncAll(await world.connectBank(customer));
  const id = await idOf();
  const { db } = world.http.connect;
  const row = await db
    .selectFrom("bank_accounts")
    .select(["env_id", "id"])
    .where("public_id", "=", id)
    .executeTakeFirstOrThrow();
  const now = world.http.connect.clock();
  // Another process took it and died.
  const claim = await claimSync(db, row, now, now.add({ minutes: 5 }));
  assert.ok(claim?.held);
  const asked = world.bank.calls.length;
  await world.syncOne(id);
  assert.equal(world.bank.calls.length, asked, "not a second time at once");
  const waiting = (await world.jobs("sync_account")).find(({ payload }) => payload["account"] === id);
  assert.equal(waiting?.runAt.toString(), "2026-03-02T12:05:00Z");
  later({ minutes: 5 });
  await world.syncOne(id);
  assert.equal(bodyOf(await world.ask(`/bank_accounts/${id}/sync`))["synced_to"], "2026-03-02T12:05:00Z");
});

test("a worker that was overtaken while it read writes nothing", async () => {
  world.bank.addAccount("acc-1", { transactions: [booked("t1", -5_00n, "2026-03-01T09:00:00Z")] });
  const consent = await world.connectBank(customer);
  await world.syncAll(consent);
  const id = await idOf();
  const { db } = world.http.connect;
  const row = await db
    .selectFrom("bank_accounts")
    .select(["env_id", "id"])
    .where("public_id", "=", id)
    .executeTakeFirstOrThrow();
  world.bank.transactions.get("acc-1")?.unshift(booked("t2", -6_00n, "2026-03-02T09:00:00Z"));
  world.bank.hook = async (method, phase) => {
    if (method !== "ais.transactions" || phase !== "after") return;
    world.bank.hook = null;
    const now = world.http.connect.clock().add({ minutes: 6 });
    await claimSync(db, row, now, now.add({ minutes: 5 }));
  };
  await world.syncOne(id);
  assert.equal((await world.transactions(id)).length, 1);
  assert.ok(world.log.some((line) => line.includes("overtaken")));
});

test("cut off in the middle of a long first sync: what was committed is met again, nothing twice, nothing announced", async () => {
  const start = Temporal.Instant.from("2025-06-01T09:00:00Z");
  const rows = Array.from({ length: 2500 }, (_, i) =>
    booked(`t${i}`, -1_00n, start.add({ minutes: i }).toString()),
  );
  const waiting = { ...booked("p1", -1_00n, "2025-06-01T08:00:00Z"), status: "pending" as const };
  world.bank.addAccount("acc-1", { transactions: [waiting, ...rows] });
  const consent = await world.connectBank(customer);
  world.bank.pageSize = 501;
  let pages = 0;
  world.bank.hook = (method, phase) => {
    if (method === "ais.transactions" && phase === "after" && ++pages === 5) throw new Error("cut off");
  };
  await world.syncAll(consent);
  world.bank.hook = null;
  const id = await idOf();
  const total = async (query = "") => {
    const { paging } = bodyOf(await world.ask(`/bank_accounts/${id}/transactions${query}`)) as {
      paging: { total: number };
    };
    return paging.total;
  };
  assert.ok((await total()) >= 1000 && (await total()) < 2500, "some of it is there");
  assert.equal(await total("?status=pending"), 1, "as many as there are");
  assert.equal(
    bodyOf(await world.ask(`/bank_accounts/${id}/sync`))["synced_to"],
    null,
    "and nothing is claimed",
  );
  later({ minutes: 10 });
  await world.syncOne(id);
  world.bank.pageSize = 100;
  assert.equal(await total(), 2500);
  const { rows: counted } = await world.http.database.pool.query<{ n: bigint }>(
    "select count(*) as n from bank_transactions t join bank_accounts a on a.id = t.bank_account_id where a.public_id = $1",
    [id],
  );
  assert.equal(Number(counted[0]?.n), 2500 + 1, "the counters count the rows");
  assert.equal(await total("?status=pending"), 1);
  assert.ok(!(await types()).includes("transaction.created"));
});

test("no token in any log line or event", async () => {
  const { rows } = await world.http.database.pool.query<{ body: Buffer }>("select body from event_bodies");
  const payloads = rows.map(({ body }) => body.toString());
  assert.ok(world.bank.secrets.size > 10 && payloads.length > 10 && world.log.length > 10);
  for (const secret of world.bank.secrets) {
    assert.ok(!payloads.some((text) => text.includes(secret)));
    assert.ok(!world.log.some((text) => text.includes(secret)));
  }
});
