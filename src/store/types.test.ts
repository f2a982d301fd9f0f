import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import * as fc from "fast-check";
import { createEmptyDatabase, type TestDatabase } from "../../test/harness/database.ts";

let database: TestDatabase;
before(async () => {
  database = await createEmptyDatabase();
});
after(() => database.drop());

/** What the server gives back for a value that was sent as `type`. */
async function echo(type: string, value: unknown): Promise<unknown> {
  const { rows } = await database.pool.query<{ value: unknown }>(`select $1::${type} as value`, [value]);
  return rows[0]?.value;
}

const INT8 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
// The years 1 to 20000: past 9999 PostgreSQL and ISO 8601 write years differently.
const DAY = fc
  .integer({ min: -719_162, max: 6_585_442 })
  .map((days) => Temporal.PlainDate.from("1970-01-01").add({ days }));
const INSTANT = fc
  .bigInt({ min: -62_135_596_800_000_000n, max: 568_971_820_800_000_000n })
  .map((micros) => new Temporal.Instant(micros * 1000n));

const runs = { numRuns: 100 };

test("int8 crosses as bigint", async () => {
  await fc.assert(
    fc.asyncProperty(INT8, async (value) => assert.equal(await echo("int8", value), value)),
    runs,
  );
});

test("date crosses as PlainDate", async () => {
  await fc.assert(
    fc.asyncProperty(DAY, async (value) => {
      const back = await echo("date", value);
      assert.ok(back instanceof Temporal.PlainDate);
      assert.equal(back.toString(), value.toString());
    }),
    runs,
  );
});

test("timestamptz crosses as Instant, to the microsecond", async () => {
  await fc.assert(
    fc.asyncProperty(INSTANT, async (value) => {
      const back = await echo("timestamptz", value);
      assert.ok(back instanceof Temporal.Instant);
      assert.equal(back.epochNanoseconds, value.epochNanoseconds);
    }),
    runs,
  );
});

test("timestamp crosses as PlainDateTime", async () => {
  const value = Temporal.PlainDateTime.from("2024-04-16T07:47:40.806223");
  const back = await echo("timestamp", value);
  assert.ok(back instanceof Temporal.PlainDateTime);
  assert.ok(back.equals(value));
});

test("arrays cross element by element, nulls and nesting kept", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.option(INT8), { minLength: 1 }), async (values) => {
      assert.deepEqual(await echo("int8[]", values), values);
    }),
    runs,
  );
  assert.deepEqual(
    await echo("int8[]", [
      [1n, 2n],
      [3n, 4n],
    ]),
    [
      [1n, 2n],
      [3n, 4n],
    ],
  );
  const days = [Temporal.PlainDate.from("2024-02-29"), null];
  assert.deepEqual(String(await echo("date[]", days)), String(days));
  const instants = [Temporal.Instant.from("2024-02-29T01:02:03.000004Z")];
  assert.equal(String(await echo("timestamptz[]", instants)), String(instants));
});

test("what is finer than a microsecond is cut off, not rounded up into the future", async () => {
  const value = Temporal.Instant.from("2024-01-01T23:59:59.999999999Z");
  assert.equal(String(await echo("timestamptz", value)), "2024-01-01T23:59:59.999999Z");
});

test("infinity is refused and the connection stays usable", async () => {
  await assert.rejects(echo("date", "infinity"), RangeError);
  await assert.rejects(echo("date", Temporal.PlainDate.from("-000044-03-15")), RangeError);
  assert.equal(await echo("int8", 1n), 1n);
});

test("money's wide sums and other types keep pg's reading", async () => {
  assert.equal(await echo("numeric", "12345678901234567890.12"), "12345678901234567890.12");
  assert.equal(await echo("int4", 7), 7);
  assert.deepEqual(await echo("bytea", Buffer.from([0, 255])), Buffer.from([0, 255]));
  assert.deepEqual(await echo("jsonb", JSON.stringify({ a: [1, null] })), { a: [1, null] });
});

test("Kysely sends Temporal values through the same gate", async () => {
  const value = Temporal.Instant.from("2024-01-01T00:00:00Z");
  const { sql } = await import("kysely");
  const { rows } = await sql<{ value: Temporal.Instant }>`select ${value}::timestamptz as value`.execute(
    database.kysely,
  );
  assert.ok(rows[0]?.value.equals(value));
});
