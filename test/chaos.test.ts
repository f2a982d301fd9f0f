/** The short form of `npm run -s chaos`: fewer deliveries, fewer kills, the same demands. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createLedger } from "../bench/chaos-ledger.ts";
import { runChaos } from "../bench/chaos-run.ts";

test("kills of workers and of PostgreSQL and wrong clocks lose nothing and keep the order", async (t) => {
  const seed = Number(process.env["CHAOS_SEED"] ?? Math.floor(Math.random() * 1_000_000));
  t.diagnostic(`CHAOS_SEED=${seed}`);
  const report = await runChaos({
    seed,
    endpoints: 10,
    deliveries: 2000,
    workers: 2,
    workerKills: 4,
    postgresKills: 1,
    clockSteps: 3,
  });
  assert.deepEqual({ ...report, disordered: [], differences: [] }, report);
  assert.equal(report.lost, 0);
  assert.ok(
    report.duplicated <= report.inFlightAtKills,
    `${report.duplicated} repeated, ${report.inFlightAtKills} were in flight`,
  );
});

test("the ledger sees what overtakes, what is repeated and what comes back", () => {
  const ledger = createLedger();
  const arrive = (n: number, status = 200) => ledger.note({ endpoint: 1, resource: "r", n, status });
  arrive(1, 500);
  arrive(1);
  arrive(1);
  arrive(2);
  assert.deepEqual([ledger.repeated, ledger.disordered.length, ledger.delivered.size], [1, 0, 2]);
  arrive(4);
  arrive(1);
  assert.deepEqual(ledger.disordered, [
    "1 r 4 came after 2, answered was 2",
    "1 r 1 came after 4, answered was 4",
  ]);
});
