import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { sql } from "kysely";
import { DatabaseError } from "pg";
import { createEmptyDatabase, type TestDatabase } from "../../test/harness/database.ts";
import { inTransaction } from "./transaction.ts";

let database: TestDatabase;
before(async () => {
  database = await createEmptyDatabase();
  await database.pool.query("create table counters (name text primary key, value int not null)");
  await database.pool.query("insert into counters values ('a', 0), ('b', 0)");
});
after(() => database.drop());

async function valueOf(name: string): Promise<number | undefined> {
  const { rows } = await database.pool.query<{ value: number }>(
    "select value from counters where name = $1",
    [name],
  );
  return rows[0]?.value;
}

test("commits, then runs the hooks in order, which see what was committed", async () => {
  const order: string[] = [];
  const result = await inTransaction(database.kysely, async ({ trx, afterCommit }) => {
    afterCommit(async () => void order.push(`first sees ${await valueOf("a")}`));
    afterCommit(() => void order.push("second"));
    await sql`update counters set value = 1 where name = 'a'`.execute(trx);
    order.push("work");
    return "answer";
  });
  assert.equal(result, "answer");
  assert.deepEqual(order, ["work", "first sees 1", "second"]);
});

test("rolls back on an error, passes it on and runs no hook", async () => {
  const before = await valueOf("b");
  let ran = false;
  const fault = new Error("no");
  await assert.rejects(
    inTransaction(database.kysely, async ({ trx, afterCommit }) => {
      afterCommit(() => void (ran = true));
      await sql`update counters set value = 99 where name = 'b'`.execute(trx);
      throw fault;
    }),
    (error) => error === fault,
  );
  assert.equal(await valueOf("b"), before);
  assert.equal(ran, false);
});

test("does serialization failures over until all have counted, hooks once each", async () => {
  const start = (await valueOf("a")) ?? 0;
  let hooks = 0;
  let tries = 0;
  await Promise.all(
    Array.from({ length: 3 }, () =>
      inTransaction(
        database.kysely,
        async ({ trx, afterCommit }) => {
          tries++;
          afterCommit(() => void hooks++);
          const { rows } = await sql<{ value: number }>`select value from counters where name = 'a'`.execute(
            trx,
          );
          await sql`update counters set value = ${(rows[0]?.value ?? 0) + 1} where name = 'a'`.execute(trx);
        },
        "serializable",
      ),
    ),
  );
  assert.equal(await valueOf("a"), start + 3);
  assert.equal(hooks, 3);
  assert.ok(tries >= 3);
});

test("gives up after five attempts", async () => {
  let tries = 0;
  await assert.rejects(
    inTransaction(database.kysely, async ({ trx }) => {
      tries++;
      await sql`do $$ begin raise exception 'always' using errcode = '40001'; end $$`.execute(trx);
    }),
    (error) => error instanceof DatabaseError && error.code === "40001",
  );
  assert.equal(tries, 5);
});

test("two that lock each other's rows both come through", async () => {
  let met = 0;
  let open: () => void;
  const both = new Promise<void>((resolve) => (open = resolve));
  const lockInOrder = (first: string, second: string): Promise<void> =>
    inTransaction(database.kysely, async ({ trx }) => {
      await sql`update counters set value = value + 1 where name = ${first}`.execute(trx);
      if (++met === 2) open();
      await both;
      await sql`update counters set value = value + 1 where name = ${second}`.execute(trx);
    });
  const [a, b] = [(await valueOf("a")) ?? 0, (await valueOf("b")) ?? 0];
  await Promise.all([lockInOrder("a", "b"), lockInOrder("b", "a")]);
  assert.equal(await valueOf("a"), a + 2);
  assert.equal(await valueOf("b"), b + 2);
  assert.ok(met > 2, "one of them was done over");
});
