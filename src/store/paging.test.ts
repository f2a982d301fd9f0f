import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import * as fc from "fast-check";
import { sql } from "kysely";
import { createTestDatabase, type TestDatabase } from "../../test/harness/database.ts";
import { insertCustomer } from "./customers.ts";
import { createEnvironment } from "./environments.ts";
import { listTotal } from "./list-counts.ts";
import { pageRows, pageSql, type Order, type PageRequest } from "./paging.ts";
import { sealKey } from "../platform/crypto.ts";
import { inTransaction } from "./transaction.ts";

let database: TestDatabase;
before(async () => {
  database = await createTestDatabase();
  await database.pool.query("create table paged (at timestamptz not null, id bigint primary key)");
});
after(() => database.drop());

interface Row {
  at: Temporal.Instant;
  id: bigint;
}
const ORDER: Order = [
  ["at", "timestamptz"],
  ["id", "bigint"],
];

async function read(page: PageRequest) {
  const { where, tail } = pageSql(page, ORDER);
  const { rows } = await sql<Row>`select at, id from paged where ${where} ${tail}`.execute(database.kysely);
  return pageRows(rows, page);
}

const keyOf = ({ at, id }: Row) => [at.toString(), String(id)];

test("pages lead through every row once, forwards and backwards, where many are of one instant", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(5), { minLength: 1, maxLength: 30 }),
      fc.integer({ min: 1, max: 7 }),
      async (hours, limit) => {
        await database.pool.query("truncate paged");
        await database.pool.query(
          `insert into paged select timestamptz '2026-01-01 00:00Z' + hour * interval '1 hour', n
           from unnest($1::int[]) with ordinality as t (hour, n)`,
          [hours],
        );
        const all = (await read({ limit: 100, offset: 0, position: null })).rows;
        assert.equal(all.length, hours.length);
        const forwards: Row[] = [];
        let page: PageRequest = { limit, offset: 0, position: null };
        for (let more = true; more;) {
          const found = await read(page);
          forwards.push(...found.rows);
          more = found.more;
          const last = found.rows.at(-1);
          if (last) page = { limit, offset: 0, position: { way: "after", key: keyOf(last) } };
        }
        assert.deepEqual(forwards.map(keyOf), all.map(keyOf));
        const backwards: Row[] = [];
        for (let first = all.at(-1), more = true; more && first;) {
          const found = await read({ limit, offset: 0, position: { way: "before", key: keyOf(first) } });
          backwards.unshift(...found.rows);
          more = found.more;
          first = found.rows[0] ?? first;
        }
        assert.deepEqual(backwards.map(keyOf), all.slice(0, -1).map(keyOf));
        const skipped = await read({ limit, offset: 3, position: null });
        assert.deepEqual(skipped.rows.map(keyOf), all.slice(3, 3 + limit).map(keyOf));
      },
    ),
    { numRuns: 30 },
  );
});

test("a list's counter is what there is, after additions at once, removals, and what was rolled back", async () => {
  const db = database.kysely;
  const now = Temporal.Instant.from("2026-01-01T00:00:00Z");
  const credentials = { apiKey: "key", serverHash: "hash" };
  const wanted = { organisation: "Test", mode: "sandbox", credentials, webhookSecret: "whsec_" } as const;
  const env = await createEnvironment(db, sealKey(Buffer.alloc(32, 7)), wanted, now);
  const customer = { name: "A", email: null, phone: null, currency: null, metadata: {} };
  const kinds = ["customer", "customer", "vendor"] as const;
  await Promise.all(
    Array.from({ length: 30 }, (_, n) =>
      inTransaction(db, ({ trx }) =>
        insertCustomer(trx, env, { ...customer, kind: kinds[n % 3] ?? "vendor" }, now),
      ),
    ),
  );
  await assert.rejects(
    inTransaction(db, async ({ trx }) => {
      await insertCustomer(trx, env, { ...customer, kind: "customer" }, now);
      throw new Error("rolled back");
    }),
  );
  assert.deepEqual([await listTotal(db, env, "customer"), await listTotal(db, env, "vendor")], [20, 10]);
  await sql`insert into consents (env_id, public_id, customer_id, scopes, status, expiry_date, created_at, updated_at)
    select env_id, 'cst_' || id, id, '{accounts}', 'new', '2027-01-01', now(), now() from customers where kind = 'vendor'`.execute(
    db,
  );
  assert.equal(await listTotal(db, env, "consents"), 10);
  await sql`delete from consents where id in (select id from consents limit 4)`.execute(db);
  assert.equal(await listTotal(db, env, "consents"), 6);
  assert.equal(await listTotal(db, env, "payments"), 0);
});
