import assert from "node:assert/strict";
import { test } from "node:test";
import { singleFlight } from "./single-flight.ts";

test("one run at a time; what is asked for meanwhile is one more run", async () => {
  const gates: (() => void)[] = [];
  let atOnce = 0;
  const flight = singleFlight(
    async () => {
      assert.equal(++atOnce, 1);
      const { promise, resolve } = Promise.withResolvers<void>();
      gates.push(resolve);
      await promise;
      atOnce--;
    },
    (error) => assert.fail(String(error)),
    () => true,
  );
  flight.kick();
  for (let n = 0; n < 5; n++) flight.kick();
  assert.equal(gates.length, 1);
  gates[0]?.();
  const idle = flight.idle();
  await Promise.resolve();
  while (gates.length < 2) await Promise.resolve();
  gates[1]?.();
  await idle;
  assert.equal(gates.length, 2);
});

test("a run that throws is told and done again, until it may not", async () => {
  const told: unknown[] = [];
  let runs = 0;
  const flight = singleFlight(
    () => Promise.reject(new Error(`run ${++runs}`)),
    (error) => told.push(error),
    () => runs < 2,
  );
  flight.kick();
  await flight.idle();
  assert.deepEqual(told.map(String), ["Error: run 1", "Error: run 2"]);
});
