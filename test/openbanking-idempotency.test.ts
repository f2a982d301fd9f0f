/** `Idempotency-Key`: the first answer again, byte for byte; never twice, whatever happens between. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createCustomer } from "../src/connect/customers.ts";
import { sha256 } from "../src/platform/crypto.ts";
import { claimKey, dropOldKeys, keepAnswer, letGo } from "../src/store/idempotency.ts";
import { bodyOf, isError, openOpenBanking, type OpenBanking } from "./openbanking-setup.ts";

let bank: OpenBanking;
before(async () => {
  bank = await openOpenBanking();
});
after(() => bank.close());

const post = (key: string, form: Record<string, string>, path = "/customers") =>
  bank.ask(path, { form, headers: { "idempotency-key": key } });

const count = async () =>
  Number(
    (
      await bank.http.database.kysely
        .selectFrom("customers")
        .select((eb) => eb.fn.countAll<bigint>().as("n"))
        .where("env_id", "=", bank.http.envId)
        .executeTakeFirstOrThrow()
    ).n,
  );

test("the same request is answered the same, byte for byte, and done once", async () => {
  const before = await count();
  const first = await post("once", { name: "Asha", "metadata[a]": "1", "metadata[b]": "2" });
  bodyOf(first);
  bank.http.setNow("2024-04-26T09:00:00Z");
  // The order of fields says nothing.
  const again = await bank.ask("/customers", {
    form: [
      ["metadata[b]", "2"],
      ["metadata[a]", "1"],
      ["name", "Asha"],
    ],
    headers: { "idempotency-key": "once" },
  });
  assert.equal(again.text, first.text);
  assert.equal(again.status, 200);
  assert.equal(again.headers.get("idempotent-replayed"), "true");
  assert.equal(again.headers.get("content-type"), first.headers.get("content-type"));
  assert.equal(await count(), before + 1);
  const json = await bank.ask("/customers", {
    json: { name: "Asha", metadata: { a: "1", b: "2" } },
    headers: { "idempotency-key": "once" },
  });
  assert.equal(json.text, first.text);
});

test("other content under the same key is 409, and so is another path", async () => {
  bodyOf(await post("taken", { name: "A" }));
  isError(await post("taken", { name: "B" }), 409, "idempotency_conflict");
  isError(await post("taken", { name: "A" }, "/vendors"), 409, "idempotency_conflict");
  const other = await bank.http.newEnvironment();
  const theirs = await bank.ask("/customers", {
    form: { name: "B" },
    as: other.credentials,
    headers: { "idempotency-key": "taken" },
  });
  assert.equal(theirs.status, 200);
});

test("a key is 1 to 40 visible characters", async () => {
  assert.equal((await post("k".repeat(40), { name: "A" })).status, 200);
  for (const key of ["k".repeat(41), "a b", "é"])
    isError(await post(key, { name: "A" }), 400, "invalid_parameter", "Idempotency-Key");
});

test("what was refused before it ran claims nothing; what failed as it ran is answered again", async () => {
  isError(await post("mended", { name: "" }), 400, "missing_parameter", "name");
  assert.equal((await post("mended", { name: "A" })).status, 200);
  const gone = "/customers/cus_0000000000000000000000";
  const first = await post("lost", { name: "A" }, gone);
  isError(first, 404, "resource_missing");
  const again = await post("lost", { name: "A" }, gone);
  assert.equal(again.text, first.text);
  assert.equal(again.headers.get("idempotent-replayed"), "true");
});

test("twenty at once make one", async () => {
  const before = await count();
  const answers = await Promise.all(Array.from({ length: 20 }, () => post("race", { name: "Racer" })));
  assert.equal(await count(), before + 1);
  for (const answer of answers) bodyOf(answer);
  assert.equal(new Set(answers.map(({ text }) => text)).size, 1);
});

test("a 5xx is not kept, and frees the key", async () => {
  let isBroken = true;
  const { connect } = bank.http;
  const { clock } = connect;
  connect.clock = () => {
    if (isBroken) throw new Error("broken");
    return clock();
  };
  try {
    isError(await post("again", { name: "A" }), 500, "internal_error");
    isBroken = false;
    assert.equal((await post("again", { name: "A" })).status, 200);
  } finally {
    connect.clock = clock;
  }
});

test("a process that died after its commit has left the answer; one that died before, nothing for long", async () => {
  const { connect, envId, database } = bank.http;
  const env = await connect.environment(envId);
  const owner = { envId, dataKey: env.dataKey, key: "died" };
  const now = Temporal.Instant.from("2024-05-01T00:00:00Z");
  bank.http.setNow(now.toString());
  const hash = sha256("the request");
  const claimed = await claimKey(database.kysely, owner, hash, now);
  assert.ok(claimed.is === "claimed");
  assert.deepEqual(await claimKey(database.kysely, owner, hash, now), { is: "running" });
  // It died here: nobody else may run before the claim lapses, and then one may.
  const later = now.add({ minutes: 2 });
  const second = await claimKey(database.kysely, owner, hash, later);
  assert.ok(second.is === "claimed");
  // The first comes back to life: what it did must not commit.
  const before = await count();
  await assert.rejects(
    createCustomer(connect, { env, actor: "test" }, NEW, async (trx, customer) => {
      const kept = await keepAnswer(trx, owner, claimed.at, { status: 200, body: JSON.stringify(customer) });
      if (!kept) throw new Error("overtaken");
    }),
    /overtaken/,
  );
  assert.equal(await count(), before);
  const made = await createCustomer(connect, { env, actor: "test" }, NEW, async (trx, customer) => {
    assert.ok(await keepAnswer(trx, owner, second.at, { status: 200, body: JSON.stringify(customer) }));
  });
  // It died before it could answer: the next one finds what it would have said.
  const third = await claimKey(database.kysely, owner, hash, later);
  assert.deepEqual(third, { is: "answered", answer: { status: 200, body: JSON.stringify(made) } });
  await letGo(database.kysely, owner, second.at);
  assert.equal((await claimKey(database.kysely, owner, hash, later)).is, "answered");
  assert.equal((await claimKey(database.kysely, owner, hash, later.add({ hours: 24 }))).is, "claimed");
  assert.ok((await dropOldKeys(database.kysely, later.add({ hours: 25 }))) > 0);
});

const NEW = { kind: "customer", name: "A", email: null, phone: null, currency: null, metadata: {} } as const;

test("an answer is stored encrypted", async () => {
  await post("sealed", { name: "Very Secret Name" });
  const { rows } = await bank.http.database.pool.query(
    "select body from idempotency_keys where key = 'sealed'",
  );
  assert.equal(rows.length, 1);
  assert.ok(!Buffer.from(rows[0].body).toString("latin1").includes("Secret"));
});
