/** Syncs of bank accounts against a scripted bank: what is taken in, announced, kept and tried again. */
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { balanceOf, booked } from "./connect-fake-provider.ts";
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
const pendingRow = (ref: string, amount: bigint, at: string) =>
  booked(ref, amount, at, { status: "pending" });

test("after authorization: accounts once, balances, transactions, and no transaction.created on the first sync", async () => {
  const { bank } = world;
  bank.addAccount("acc-1", {
    balances: [
      balanceOf(90_00n, { type: "interim" }),
      balanceOf(100_50n, { overdraft: { limit: 200_00n, type: "Available" } }),
    ],
    transactions: [
      booked("t2", -12_50n, "2026-03-01T09:00:00Z", { description: "TESCO STORES 3217", balance: 100_50n }),
      booked("t1", 1000_00n, "2026-02-27T08:00:00Z", { partyName: "Invented Employer" }),
    ],
  });
  const consent = await world.connectBank(customer);
  await world.syncAll(consent);
  assert.deepEqual(await types(), [
    "customer.created",
    "consent.created",
    "consent.authorized",
    "bank_account.created",
    "bank_account.synced",
  ]);
  const [account = {}] = await world.accounts(customer);
  assert.deepEqual(
    {
      consent: account["consent"],
      currency: account["currency"],
      class: account["class"],
      provider: account["provider"],
    },
    { consent, currency: "gbp", class: "current", provider: "fakebank" },
  );
  const id = String(account["id"]);
  assert.deepEqual(bodyOf(await world.ask(`/bank_accounts/${id}/balance`))["data"], [
    {
      type: "actual",
      current: 100.5,
      available: 100.5,
      currency: "gbp",
      overdraft: { limit: 200, type: "Available" },
      synced_at: NOW,
    },
    { type: "interim", current: 90, available: 90, currency: "gbp", overdraft: null, synced_at: NOW },
  ]);
  const [newest = {}, oldest = {}] = await world.transactions(id);
  assert.deepEqual(
    [
      newest["amount"],
      newest["type"],
      newest["category"],
      newest["merchant"],
      newest["balance"],
      newest["timestamp"],
    ],
    [-12.5, "debit", "Groceries", "TESCO STORES", 100.5, "2026-03-01T09:00:00Z"],
  );
  assert.deepEqual(
    [oldest["amount"], oldest["type"], oldest["metadata"]],
    [1000, "credit", { party_name: "Invented Employer" }],
  );
  assert.deepEqual(bodyOf(await world.ask(`/bank_accounts/${id}/sync`)), {
    status: "idle",
    synced_from: "2019-03-02T00:00:00Z",
    synced_to: NOW,
    auto_sync_interval: "PT24H",
  });
});

test("a later sync announces what is new, and nothing where nothing is", async () => {
  world.bank.addAccount("acc-1", { transactions: [booked("t1", -5_00n, "2026-03-01T09:00:00Z")] });
  await world.syncAll(await world.connectBank(customer));
  const id = await idOf();
  const before = (await types()).length;
  later({ hours: 2 });
  await world.syncOne(id);
  assert.equal((await types()).length, before, "nothing new");
  world.bank.transactions.get("acc-1")?.unshift(booked("t2", -7_00n, "2026-03-02T13:00:00Z"));
  await world.syncOne(id);
  const fresh = (await world.events(customer)).slice(before);
  assert.deepEqual(
    fresh.map(({ type }) => type),
    ["transaction.created", "bank_account.synced"],
  );
  const [listed] = await world.transactions(id);
  assert.deepEqual(fresh[0]?.object, listed);
});

test("a new row is labelled beside what is stored, whether it comes alone or with thousands", async () => {
  const debit = booked("d", -25_99n, "2026-02-20T10:00:00Z", { description: "CARD PAYMENT TO AMAZON.CO.UK" });
  const credit = booked("c", 25_99n, "2026-03-01T10:00:00Z", { description: "AMAZON.CO.UK LONDON" });
  const others = Array.from({ length: 1500 }, (_, i) =>
    booked(`o${i}`, -1_00n, debit.at.add({ minutes: i + 1 }).toString()),
  );
  world.bank.addAccount("acc-1", { transactions: [debit] });
  world.bank.addAccount("acc-2", { transactions: [debit, ...others, credit] });
  await world.syncAll(await world.connectBank(customer));
  world.bank.transactions.get("acc-1")?.push(credit);
  later({ hours: 2 });
  const [second, first] = [await idOf(0), await idOf(1)];
  await world.syncOne(first);
  for (const id of [first, second]) {
    const [newest] = await world.transactions(id, "limit=1");
    assert.deepEqual([newest?.["category"], newest?.["merchant"]], ["Refund", "AMAZON.CO.UK"]);
  }
  const event = (await world.events(customer)).find(({ type }) => type === "transaction.created");
  assert.equal(event?.object["category"], "Refund");
});

test("only what may have changed is asked for again", async () => {
  world.bank.addAccount("acc-1", {
    transactions: [
      booked("late", -1_00n, "2026-02-20T09:00:00Z"),
      booked("old", -1_00n, "2026-02-01T09:00:00Z"),
    ],
  });
  const rows = world.bank.transactions.get("acc-1") ?? [];
  await world.syncAll(await world.connectBank(customer, { retroDate: "2026-01-15" }));
  const id = await idOf();
  // Booked late into the last fourteen days, and into what lies before.
  rows.push(
    booked("within", -2_00n, "2026-02-19T09:00:00Z"),
    booked("before", -2_00n, "2026-02-10T09:00:00Z"),
  );
  later({ hours: 24 });
  await world.syncOne(id);
  const listed = (await world.transactions(id)).map(({ description }) => description);
  assert.deepEqual(listed, ["CARD PAYMENT late", "CARD PAYMENT within", "CARD PAYMENT old"]);
  const sync = bodyOf(await world.ask(`/bank_accounts/${id}/sync`));
  assert.equal(sync["synced_from"], "2026-01-15T00:00:00Z");
});

test("a pending row goes when its booked form comes; the two have different ids", async () => {
  world.bank.addAccount("acc-1", { transactions: [pendingRow("p1", -3_00n, "2026-03-01T09:00:00Z")] });
  await world.syncAll(await world.connectBank(customer));
  const id = await idOf();
  assert.deepEqual(await world.transactions(id), [], "booked only, unless asked");
  const [pending = {}] = await world.transactions(id, "status=pending");
  assert.equal(pending["status"], "pending");
  world.bank.transactions.set("acc-1", [
    booked("b1", -3_00n, "2026-03-02T09:00:00Z"),
    pendingRow("p2", -4_00n, "2026-03-02T10:00:00Z"),
  ]);
  later({ hours: 2 });
  await world.syncOne(id);
  const [form = {}] = await world.transactions(id);
  assert.notEqual(form["id"], pending["id"]);
  const still = await world.transactions(id, "status=pending");
  assert.deepEqual(
    still.map(({ description }) => description),
    ["CARD PAYMENT p2"],
  );
  const created = (await world.events(customer)).filter(({ type }) => type === "transaction.created");
  assert.deepEqual(
    created.map(({ object }) => object["id"]),
    [form["id"]],
    "pending ones are not announced",
  );
});

test("rows without a reference are told apart by what they say, and met again", async () => {
  const coffee = () => booked("x", -3_00n, "2026-03-01T09:00:00Z", { ref: null, description: "COFFEE" });
  world.bank.addAccount("acc-1", { transactions: [coffee(), coffee()] });
  await world.syncAll(await world.connectBank(customer));
  const id = await idOf();
  assert.equal((await world.transactions(id)).length, 2);
  world.bank.transactions.get("acc-1")?.push(coffee());
  later({ hours: 2 });
  await world.syncOne(id);
  assert.equal((await world.transactions(id)).length, 3);
});

test("the same account under a new consent keeps its id and what was written on it", async () => {
  world.bank.addAccount("acc-1", { transactions: [booked("t1", -5_00n, "2026-03-01T09:00:00Z")] });
  const first = await world.connectBank(customer);
  await world.syncAll(first);
  const id = await idOf();
  const form = { nickname: "Mine", "metadata[crm]": "7" };
  bodyOf(await world.ask(`/bank_accounts/${id}`, { form }));
  bodyOf(await world.ask(`/consents/${first}/revoke`, { method: "POST" }));
  const second = await world.connectBank(customer);
  // The bank's own id of the account is another under another consent.
  const known = world.bank.accounts.get("acc-1");
  assert.ok(known);
  world.bank.accounts.set("acc-1", {
    ...known,
    account: { ...known.account, holderName: "Another Spelling" },
  });
  await world.syncAll(second);
  const [account = {}, ...others] = await world.accounts(customer);
  assert.deepEqual(others, []);
  assert.deepEqual(
    [account["id"], account["consent"], account["nickname"], account["metadata"], account["holder_name"]],
    [id, second, "Mine", { crm: "7" }, "Another Spelling"],
  );
  assert.equal((await types()).filter((type) => type === "bank_account.created").length, 1);
  assert.equal((await world.transactions(id)).length, 1);
});

test("an account that the customer takes out at the bank is no longer the consent's", async () => {
  world.bank.addAccount("acc-1");
  world.bank.addAccount("acc-2");
  const consent = await world.connectBank(customer);
  await world.syncAll(consent);
  assert.equal((await world.accounts(customer)).length, 2);
  world.bank.accounts.delete("acc-2");
  await world.syncAll(consent);
  assert.deepEqual(
    (await world.accounts(customer)).map((account) => account["consent"]),
    [null, consent],
  );
});

test("by hand at most once an hour; reading the sync is never refused; the automatic one does not count", async () => {
  world.bank.addAccount("acc-1");
  await world.syncAll(await world.connectBank(customer));
  const path = `/bank_accounts/${await idOf()}/sync`;
  assert.equal(bodyOf(await world.ask(path, { method: "POST" }))["status"], "running");
  const second = await world.ask(path, { method: "POST" });
  isError(second, 429, "sync_rate_limited");
  assert.equal(second.headers.get("retry-after"), "3600");
  assert.equal(bodyOf(await world.ask(path))["status"], "running");
  await world.syncOne(await idOf());
  assert.equal(bodyOf(await world.ask(path))["status"], "idle");
  later({ minutes: 59, seconds: 59 });
  isError(await world.ask(path, { method: "POST" }), 429, "sync_rate_limited");
  later({ seconds: 1 });
  bodyOf(await world.ask(path, { method: "POST" }));
});

test("of many who ask at once, one is let through", async () => {
  world.bank.addAccount("acc-1");
  await world.syncAll(await world.connectBank(customer));
  const path = `/bank_accounts/${await idOf()}/sync`;
  const answers = await Promise.all(Array.from({ length: 8 }, () => world.ask(path, { method: "POST" })));
  assert.deepEqual(
    answers.map(({ status }) => status).toSorted((a, b) => a - b),
    [200, ...Array(7).fill(429)],
  );
});

test("only the scopes of the consent are read", async () => {
  world.bank.addAccount("acc-1", { transactions: [booked("t1", -5_00n, "2026-03-01T09:00:00Z")] });
  await world.syncAll(await world.connectBank(customer, { scopes: ["accounts", "balance"] }));
  const id = await idOf();
  assert.deepEqual(await world.transactions(id), []);
  assert.equal((bodyOf(await world.ask(`/bank_accounts/${id}/balance`))["data"] as unknown[]).length, 1);
});

test("pages: 45 transactions by paging.next, filters kept, totals from counters", async () => {
  const rows = Array.from({ length: 45 }, (_, i) =>
    booked(`t${i}`, -1_00n, `2026-02-01T09:${String(i).padStart(2, "0")}:00Z`),
  );
  world.bank.addAccount("acc-1", { transactions: rows.toReversed() });
  await world.syncAll(await world.connectBank(customer));
  const path = `/bank_accounts/${await idOf()}/transactions`;
  const ids = new Set<unknown>();
  let next: string | null = `${path}?status=booked`;
  let pages = 0;
  while (next !== null) {
    const body = bodyOf(await world.ask(next));
    const { data, paging, count } = body as {
      data: { id: string }[];
      paging: { total: number; next: string | null };
      count: number;
    };
    assert.deepEqual([paging.total, count], [45, data.length]);
    for (const { id } of data) ids.add(id);
    next = paging.next;
    if (next !== null) assert.match(next, /status=booked/);
    pages++;
  }
  assert.deepEqual([ids.size, pages], [45, 3]);
  assert.equal((await world.transactions(await idOf(), "limit=101")).length, 45);
  const span = `${path}?timestamp.gte=2026-02-01T09:10:00Z&timestamp.lte=2026-02-01T09:12:00Z`;
  assert.equal((bodyOf(await world.ask(span))["paging"] as { total: number }).total, 3);
  assert.equal((bodyOf(await world.ask(`${path}?timestamp.gte=2026-02-02`))["data"] as unknown[]).length, 0);
});

test("accounts want an owner, and another environment's are absent", async () => {
  world.bank.addAccount("acc-1");
  const consent = await world.connectBank(customer);
  await world.syncAll(consent);
  const id = await idOf();
  isError(await world.ask("/bank_accounts"), 400, "missing_identity");
  assert.equal(
    (bodyOf(await world.ask(`/bank_accounts?customer=${customer}&consent=${consent}`))["data"] as unknown[])
      .length,
    1,
  );
  assert.equal((bodyOf(await world.ask(`/bank_accounts?consent=${consent}`))["data"] as unknown[]).length, 1);
  const other = await world.http.newEnvironment();
  for (const path of ["", "/balance", "/sync", "/transactions"]) {
    isError(
      await world.ask(`/bank_accounts/${id}${path}`, { as: other.credentials }),
      404,
      "resource_missing",
    );
  }
  for (const path of ["", "/sync"]) {
    isError(
      await world.ask(`/bank_accounts/${id}${path}`, { method: "POST", as: other.credentials }),
      404,
      "resource_missing",
    );
  }
  isError(
    await world.ask(`/bank_accounts?consent=${consent}`, { as: other.credentials }),
    404,
    "resource_missing",
    "consent",
  );
});
