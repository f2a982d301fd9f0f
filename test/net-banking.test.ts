/** Net banking: what a bank grants or refuses, and what becomes of it in a session and in an entity. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { writeGrant } from "../src/connect/grants.ts";
import { lookAt } from "../src/connect/net-banking.ts";
import type { Intake } from "../src/intake/context.ts";
import { createEntity } from "../src/intake/entities.ts";
import { fetchVisit } from "../src/intake/net-banking/fetch.ts";
import type { BankReach, Fetched, FetchedAccount } from "../src/intake/net-banking/reach.ts";
import { awaitsVisit, recordGranted, recordRefused } from "../src/intake/net-banking/visits.ts";
import { readUploadStatus } from "../src/intake/reads.ts";
import { deleteSession } from "../src/intake/deletion.ts";
import type { Environment } from "../src/store/environments.ts";
import { visitsOfSession } from "../src/store/net-banking.ts";
import { findSession } from "../src/store/sessions.ts";
import { booked, fakeBank } from "./connect-fake-provider.ts";
import { openBench, ACTOR, type Bench } from "./intake-setup.ts";

let bench: Bench;
let intake: Intake;
/** What the bank answers next. */
let answers: Fetched[] = [];
let ended: string[] = [];
let consents = 0;

const reach: BankReach = {
  banks: () => [{ bank: "orion", name: "Orion", provider: "orion" }],
  fetch: async () => answers.shift() ?? { ok: false, fault: "again", message: "no answer was scripted" },
  end: async (_, consent) => {
    ended.push(consent);
    return true;
  },
  health: async () => [],
};

before(async () => {
  bench = await openBench();
  intake = { ...bench.intake, reach };
});
after(() => bench.close());

const account = (months: readonly string[], more: Partial<FetchedAccount> = {}): FetchedAccount => {
  let balance = 100_000n;
  const rows = months.flatMap((month) =>
    [5, 25].map((day) => {
      const amount = day === 5 ? 50_000n : -20_000n;
      balance += amount;
      const at = Temporal.Instant.from(`${month}-${String(day).padStart(2, "0")}T10:00:00Z`);
      return { at, amount, description: `ROW ${month} ${day}`, reference: null, balance };
    }),
  );
  return {
    currency: "GBP",
    holderName: "INVENTED HOLDER",
    accountNumber: "70872490",
    sortCode: "10-20-30",
    iban: null,
    type: "personal",
    class: "current",
    balance,
    rows,
    ...more,
  };
};

const MONTHS = ["2024-01", "2024-02", "2024-03"];
const RANGE = {
  fromDate: Temporal.PlainDate.from("2024-01-01"),
  toDate: Temporal.PlainDate.from("2024-03-31"),
};

async function visitOf(env: Environment, id: string, kind: "session" | "entity" = "session") {
  const session = await findSession(intake.db, env.id, id, kind);
  assert.ok(session);
  return { sessionId: session.id, bank: "orion", provider: "orion", bankConsentId: `consent-${++consents}` };
}

async function grant(env: Environment, id: string, kind: "session" | "entity" = "session"): Promise<string> {
  const visit = await visitOf(env, id, kind);
  await intake.db
    .transaction()
    .execute((trx) => recordGranted(trx, env, { ...visit, access: "TOKEN-OF-A-TEST", at: intake.clock() }));
  assert.equal(await awaitsVisit(intake, env.id, visit), false);
  const visits = await visitsOfSession(intake.db, env.id, visit.sessionId);
  const last = visits.at(-1);
  assert.equal(last?.status, "fetching");
  return last.public_id;
}

async function stateOf(env: Environment, id: string, kind: "session" | "entity" = "session") {
  const session = await findSession(intake.db, env.id, id, kind);
  assert.ok(session);
  const visits = await visitsOfSession(intake.db, env.id, session.id);
  return visits.map(({ status, error_type, reason, access }) => ({ status, error_type, reason, access }));
}

const entityBodies = async (env: Environment, entityId: string) => {
  const rows = await intake.db
    .selectFrom("events as e")
    .innerJoin("event_bodies as b", (join) =>
      join.onRef("b.env_id", "=", "e.env_id").onRef("b.event_id", "=", "e.id"),
    )
    .select("b.body")
    .where("e.env_id", "=", env.id)
    .where("e.resource", "=", `entity:${entityId}`)
    .orderBy("e.id")
    .execute();
  return rows.map(({ body }) => JSON.parse(body.toString()) as Record<string, unknown>);
};

test("what a bank grants becomes statements of source online, and completes the session", async () => {
  const { env } = bench;
  const id = await bench.session(env, RANGE);
  const visit = await grant(env, id);
  answers = [{ ok: true, accounts: [account(MONTHS), account(MONTHS, { accountNumber: "70872491" })] }];
  await fetchVisit(intake, env, visit);
  // The job run once more finds nothing to do.
  await fetchVisit(intake, env, visit);

  const status = await readUploadStatus(intake, env, id);
  assert.equal(status.uploadStatus, "COMPLETED");
  assert.deepEqual(
    status.accounts.map(({ bankName, accountNumber, statements }) => [
      bankName,
      accountNumber,
      statements.map(({ source, status: own }) => `${source} ${own}`),
    ]),
    [
      ["orion", "70872490", ["online completed"]],
      ["orion", "70872491", ["online completed"]],
    ],
  );
  assert.deepEqual(await stateOf(env, id), [
    { status: "completed", error_type: null, reason: null, access: null },
  ]);
  const [completion] = await bench.events(env, id);
  assert.equal(completion?.event_name, "SESSION_REQUIREMENT_COMPLETION_NOTIFICATION");
});

test("rows outside the session's range are left out, and a range without rows has failed", async () => {
  const { env } = bench;
  const id = await bench.session(env, RANGE);
  const visit = await grant(env, id);
  answers = [{ ok: true, accounts: [account(["2023-11"])] }];
  await fetchVisit(intake, env, visit);
  const [state] = await stateOf(env, id);
  assert.deepEqual([state?.status, state?.error_type, state?.access], ["failed", "NB000", null]);
});

test("the same rows again are no second statement", async () => {
  const { env } = bench;
  const id = await bench.session(env, RANGE);
  for (const _ of [1, 2]) {
    const visit = await grant(env, id);
    answers = [{ ok: true, accounts: [account(MONTHS)] }];
    await fetchVisit(intake, env, visit);
  }
  assert.deepEqual(
    (await stateOf(env, id)).map(({ status }) => status),
    ["completed", "completed"],
  );
  const status = await readUploadStatus(intake, env, id);
  assert.equal(status.accounts[0]?.statements.length, 1);
});

test("a customer who waits goes before the syncs that nobody waits for", async () => {
  const { env } = bench;
  const visit = await grant(env, await bench.session(env, RANGE));
  const { rows } = await bench.database.pool.query<{ priority: number }>(
    "select priority from graphile_worker.jobs where key = $1",
    [`visit:${visit}`],
  );
  assert.deepEqual(rows, [{ priority: -1 }]);
});

test("a bank that is out is asked again, and not for ever", async () => {
  const { env } = bench;
  const id = await bench.session(env, RANGE);
  const visit = await grant(env, id);
  answers = [];
  await assert.rejects(fetchVisit(intake, env, visit), /did not answer/);
  assert.equal((await stateOf(env, id))[0]?.status, "fetching");
  const later = { ...intake, clock: () => intake.clock().add({ minutes: 11 }) };
  await fetchVisit(later, env, visit);
  const [state] = await stateOf(env, id);
  assert.deepEqual([state?.status, state?.error_type], ["failed", "NB000"]);
});

test("a fault of ours is tried again, and does not leave the customer waiting for ever", async () => {
  const { env } = bench;
  const id = await bench.session(env, RANGE);
  const visit = await grant(env, id);
  const broken = { ...intake, reach: { ...reach, fetch: () => Promise.reject(new Error("ours")) } };
  await assert.rejects(fetchVisit(broken, env, visit), /ours/);
  assert.equal((await stateOf(env, id))[0]?.status, "fetching");
  await fetchVisit({ ...broken, clock: () => intake.clock().add({ minutes: 11 }) }, env, visit);
  const [state] = await stateOf(env, id);
  assert.deepEqual([state?.status, state?.error_type, state?.access], ["failed", "NB000", null]);
});

test("a grant that ran out before the look, or in the middle of it, is renewed once", async () => {
  let now = Temporal.Instant.from("2026-03-02T12:00:00Z");
  const bank = fakeBank({ clock: () => now });
  bank.addAccount("acc-1", { transactions: [booked("t1", -5_00n, "2026-03-01T09:00:00Z")] });
  const made = await bank.provider.ais?.createConsent({
    scopes: [],
    expiresAt: null,
    transactionsFrom: null,
  });
  assert.ok(made?.ok);
  const { bankConsentId } = made.value;
  const trip = {
    state: "s",
    nonce: "n",
    codeVerifier: "v",
    for: "ais",
    bankConsentId,
    redirectUri: "u",
  } as const;
  const url = await bank.provider.authorizationUrl(trip);
  assert.ok(url.ok);
  const granted = await bank.provider.redeem(bank.visit(url.value), trip);
  assert.ok(granted.ok);
  const range = { from: now.subtract({ hours: 72 }), to: now };
  const rows = bank.transactions.get("acc-1");
  rows?.push(booked("yen", -5_00n, "2026-03-01T10:00:00Z", { currency: "jpy" }));
  const mixed = await lookAt(bank.provider, writeGrant(granted.value), range);
  assert.deepEqual(mixed.ok || mixed.fault, "broken", "sums of two currencies are none");
  rows?.pop();
  now = now.add({ minutes: 10 });
  const look = await lookAt(bank.provider, writeGrant(granted.value), range);
  assert.ok(look.ok);
  assert.equal(look.accounts[0]?.rows.length, 1);
  bank.revokeAtBank(bankConsentId);
  const after = await lookAt(bank.provider, writeGrant(granted.value), range);
  assert.deepEqual(after.ok || after.fault, "ended");
  assert.equal(bank.calls.filter((call) => call === "refresh").length, 2);
});

test("an entity is told of success in mode 0, and of wrong credentials with an empty statement_id", async () => {
  const env = await bench.newEnvironment();
  const { entityId } = await createEntity(intake, env, ACTOR, { linkId: "customer-nb" });
  const refused = await visitOf(env, entityId, "entity");
  const end = { ...refused, fault: "wrong_credentials" as const, at: intake.clock() };
  await intake.db.transaction().execute((trx) => recordRefused(trx, env, end));

  const visit = await grant(env, entityId, "entity");
  answers = [{ ok: true, accounts: [account(["2024-02", "2024-03", "2024-04"].slice(0, 2))] }];
  await fetchVisit(intake, env, visit);

  const [failure, success, ...more] = await entityBodies(env, entityId);
  assert.deepEqual(failure, {
    entity_id: entityId,
    statement_id: "",
    link_id: "customer-nb",
    progress: "failed",
    reason: "The user name or the password was wrong",
  });
  assert.equal(success?.["progress"], "completed");
  assert.match(String(success?.["statement_id"]), /^[0-9a-f-]{36}$/);
  assert.equal(success?.["reason"], "");
  assert.deepEqual(more, []);
  assert.deepEqual(
    (await stateOf(env, entityId, "entity")).map(({ status, error_type }) => [status, error_type]),
    [
      ["failed", "NB003"],
      ["completed", null],
    ],
  );
});

test("a feed whose balances do not join is recorded as what it is", async () => {
  const { env } = bench;
  const id = await bench.session(env, RANGE);
  const visit = await grant(env, id);
  const whole = account(MONTHS);
  answers = [{ ok: true, accounts: [{ ...whole, rows: whole.rows.filter((_, index) => index !== 2) }] }];
  await fetchVisit(intake, env, visit);
  const rows = await intake.db
    .selectFrom("statements as t")
    .innerJoin("sessions as s", (join) =>
      join.onRef("s.env_id", "=", "t.env_id").onRef("s.id", "=", "t.session_id"),
    )
    .select(["t.verification", "t.source"])
    .where("s.public_id", "=", id)
    .execute();
  assert.deepEqual(rows, [{ verification: "broken", source: "online" }]);
});

test("a session that is deleted while its bank is asked keeps nothing of it", async () => {
  const { env } = bench;
  const id = await bench.session(env, RANGE);
  const visit = await grant(env, id);
  await deleteSession(intake, env, ACTOR, id);
  answers = [{ ok: true, accounts: [account(MONTHS)] }];
  await fetchVisit(intake, env, visit);
  assert.equal(answers.length, 1, "the bank was not asked");
  const [state] = await stateOf(env, id);
  assert.deepEqual([state?.status, state?.access], ["failed", null]);
});

test("tokens are in no row in the clear", async () => {
  const { env } = bench;
  const id = await bench.session(env, RANGE);
  await grant(env, id);
  const { rows } = await bench.database.pool.query<{ text: string }>(
    "select (select string_agg(v::text, '') from net_banking_visits v) || (select string_agg(j::text, '') from graphile_worker.jobs j) as text",
  );
  assert.ok(rows[0] && rows[0].text.length > 0 && !rows[0].text.includes("TOKEN-OF-A-TEST"));
});
