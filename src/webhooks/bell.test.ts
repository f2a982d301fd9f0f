import assert from "node:assert/strict";
import { test } from "node:test";
import { createTestDatabase } from "../../test/harness/database.ts";
import { until } from "../../test/deliveries-fixture.ts";
import { createLog } from "../platform/telemetry.ts";
import { createBell, listen, readRing } from "./bell.ts";

test("rings are gathered into one, and heard by another connection", async () => {
  const database = await createTestDatabase();
  const log = createLog("silent");
  const heard: (string | null)[] = [];
  const listener = listen(database.pool, log, (lanes) => heard.push(lanes && JSON.stringify(lanes)));
  // Listening has begun: it looks everywhere once.
  await until(() => heard.length === 1);
  const bell = createBell(database.pool, log);
  const lane = (endpointId: number) => ({ envId: 1, endpointId });
  bell.ring([lane(1)]);
  bell.ring([]);
  bell.ring([lane(2), lane(1)]);
  await bell.close();
  await until(() => heard.length === 2);
  bell.ring([lane(3)]);
  bell.ring();
  await until(() => heard.length === 3);
  bell.ring(Array.from({ length: 1000 }, (_, n) => lane(n + 1)));
  await until(() => heard.length === 4);
  assert.deepEqual(heard, [null, JSON.stringify([lane(1), lane(2)]), null, null]);
  await bell.close();
  await listener.stop();
  await database.drop();
});

test("a ring that cannot be read looks everywhere", () => {
  assert.deepEqual(readRing("1:2 3:4"), [
    { envId: 1, endpointId: 2 },
    { envId: 3, endpointId: 4 },
  ]);
  for (const payload of ["", "1", "a:b", "1:2 x"]) assert.equal(readRing(payload), null, payload);
});
