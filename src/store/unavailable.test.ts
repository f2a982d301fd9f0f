import assert from "node:assert/strict";
import { test } from "node:test";
import { DatabaseError, Pool } from "pg";
import { isDatabaseUnavailable } from "./unavailable.ts";

const stated = (code: string): DatabaseError =>
  Object.assign(new DatabaseError("invented", 8, "error"), { code });

test("a server that stops, starts or is full, and connections that broke", () => {
  for (const code of ["57P01", "57P02", "57P03", "08000", "08003", "08006", "53300"])
    assert.equal(isDatabaseUnavailable(stated(code)), true, code);
  for (const code of ["57014", "23505", "40001", "42P01", "XX000", "53100"])
    assert.equal(isDatabaseUnavailable(stated(code)), false, code);
  for (const message of [
    "Connection terminated unexpectedly",
    "Connection terminated due to connection timeout",
    "timeout exceeded when trying to connect",
    "Client has encountered a connection error and is not queryable",
  ])
    assert.equal(isDatabaseUnavailable(new Error(message)), true, message);
});

test("sockets are told from files by what was being done", () => {
  const system = (code: string, syscall: string) => Object.assign(new Error(code), { code, syscall });
  assert.equal(isDatabaseUnavailable(system("ENOENT", "connect")), true);
  assert.equal(isDatabaseUnavailable(system("ECONNRESET", "read")), true);
  const refused = system("ECONNREFUSED", "connect");
  assert.equal(isDatabaseUnavailable(new AggregateError([refused, refused])), true);
  // An uploaded file that is missing on disk is a fault of ours.
  assert.equal(isDatabaseUnavailable(system("ENOENT", "open")), false);
  assert.equal(isDatabaseUnavailable(new AggregateError([refused, new Error("other")])), false);
  for (const other of [new Error("Cannot read properties"), "ECONNREFUSED", null])
    assert.equal(isDatabaseUnavailable(other), false);
});

test("what pg itself throws where nobody listens", async () => {
  for (const host of ["/nonexistent/bankbell", "127.0.0.1", "localhost"]) {
    // Port 1 is reserved and nobody's.
    const pool = new Pool({ host, port: 1, connectionTimeoutMillis: 5000 });
    await assert.rejects(pool.query("select 1"), isDatabaseUnavailable, host);
    await pool.end();
  }
});
