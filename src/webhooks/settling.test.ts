import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { DatabaseError } from "pg";
import { createLog } from "../platform/telemetry.ts";
import type { Claimed, Queryable } from "../store/queue.ts";
import type { Settlement } from "../store/settle.ts";
import { settleSafely } from "./settling.ts";

const log = createLog("silent");

function settlement(resource: string, responseBody = "ok"): Settlement {
  const claimed: Claimed = {
    envId: 1,
    endpointId: 1,
    resource,
    gen: 1,
    attempt: 0,
    eventId: "1",
    eventAt: "2024-04-16 07:47:40+00",
    eventAtMs: 0,
    publicId: "evt_1",
    type: "ENRICHMENT_NOTIFICATION",
    body: Buffer.from("{}"),
    version: 1,
  };
  const history = {
    at: Temporal.Instant.from("2024-04-16T07:47:40Z"),
    status: 200,
    error: null,
    address: null,
    dnsUs: null,
    tlsUs: null,
    connectUs: null,
    firstByteUs: null,
    totalUs: 1,
    requestHeaders: {},
    responseHeaders: {},
    responseBody: Buffer.from(responseBody),
    retention: 30 as const,
  };
  return { claimed, outcome: "delivered", dueIn: null, history };
}

function refusal(code: string): DatabaseError {
  return Object.assign(new DatabaseError("no", 1, "error"), { code });
}

interface WrittenRow {
  resource: string;
  responseBody: string;
}

const RESOURCE_COLUMN = 3;
const BODY_COLUMN = 20;

/** Writes every row of a batch unless `refuses` says why not; keeps the sizes of what it was given. */
function fakeDatabase(refuses: (rows: WrittenRow[]) => Error | null) {
  const sizes: number[] = [];
  const db: Queryable = {
    // The texts of arrays, a column each, in the order of settle's RESULT; the lease is before them.
    query: ({ values }) => {
      const column = (index: number) => String(values[index]).slice(1, -1).replaceAll('"', "").split(",");
      const bodies = column(BODY_COLUMN);
      const rows = column(RESOURCE_COLUMN).map((resource, n) => ({
        resource,
        responseBody: bodies[n] ?? "",
      }));
      sizes.push(rows.length);
      const error = refuses(rows);
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only these columns are read
      return error
        ? Promise.reject(error)
        : Promise.resolve({ rows: rows.map((_, n) => ({ n, open: null })) as never });
    },
  };
  return { db, sizes };
}

const batch = Array.from({ length: 8 }, (_, n) => settlement(`session:${n}`, n === 5 ? "poison" : "ok"));
const indexes = (settled: { index: number }[]) => settled.map(({ index }) => index);
const POISON = `\\\\x${Buffer.from("poison").toString("hex")}`;

describe("settleSafely", () => {
  test("writes a batch in one statement", async () => {
    const { db, sizes } = fakeDatabase(() => null);
    assert.deepEqual(indexes(await settleSafely(db, batch, 1000, log)), [0, 1, 2, 3, 4, 5, 6, 7]);
    assert.deepEqual(sizes, [8]);
  });

  test("a poisoned row is written without its answer, the others whole", async () => {
    const { db, sizes } = fakeDatabase((rows) =>
      rows.some(({ responseBody }) => responseBody === POISON) ? refusal("22P05") : null,
    );
    assert.deepEqual(indexes(await settleSafely(db, batch, 1000, log)), [0, 1, 2, 3, 4, 5, 6, 7]);
    assert.deepEqual(sizes, [8, 4, 4, 2, 1, 1, 1, 2]);
  });

  test("a row that is refused whatever it holds is left out, not retried for ever", async () => {
    const { db } = fakeDatabase((rows) =>
      rows.some(({ resource }) => resource === "session:5") ? refusal("22003") : null,
    );
    assert.deepEqual(indexes(await settleSafely(db, batch, 1000, log)), [0, 1, 2, 3, 4, 6, 7]);
  });

  test("a server that is away is nobody's poison", async () => {
    for (const error of [refusal("57P01"), refusal("53300"), new Error("Connection terminated")]) {
      const { db, sizes } = fakeDatabase(() => error);
      await assert.rejects(settleSafely(db, batch, 1000, log), error);
      assert.deepEqual(sizes, [8]);
    }
  });
});
