import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createWorld, record, type World } from "../../test/deliveries-fixture.ts";
import { recordEvent } from "../events/outbox.ts";
import { eventsOfResource, eventsOfSubject } from "./events.ts";

let world: World;
before(async () => {
  world = await createWorld();
});
after(() => world.drop());

test("what was due is listed newest first, with its body and when", async () => {
  const { kysely } = world.database;
  for (let n = 1; n <= 3; n++) await record(world, "session:listed", n);
  await record(world, "session:other", 9);
  const listed = await eventsOfResource(kysely, world.env.id, "session:listed");
  assert.deepEqual(
    listed.map(({ body, publicId }) => [body, publicId]),
    [3, 2, 1].map((n, index) => {
      const id = listed[index]?.publicId;
      return [{ id, resource: "session:listed", n }, id];
    }),
  );
  assert.ok(listed.every(({ type, format }) => type === "ENRICHMENT_NOTIFICATION" && format === "session"));
  assert.deepEqual(await eventsOfResource(kysely, world.env.id, "session:listed", "entity"), []);
  assert.deepEqual(
    await eventsOfResource(kysely, world.env.id + 1, "session:listed"),
    [],
    "another environment",
  );
});

test("each format has its own bytes, and instants come back as they went in", async () => {
  const { kysely } = world.database;
  const at = Temporal.Instant.from("2024-04-16T07:47:40.806223Z");
  const event = {
    envId: world.env.id,
    key: "both",
    type: "ENRICHMENT_NOTIFICATION",
    resource: "session:both",
    subject: "customer-1",
    retention: 30,
    at,
    bodies: (id: string) => ({ session: { id, a: 1, b: undefined }, entity: { id, b: "é" }, event: null }),
  } as const;
  const { publicId } = await recordEvent(kysely, event);
  const listed = await eventsOfSubject(kysely, world.env.id, "customer-1");
  assert.deepEqual(
    listed.map(({ format, body }) => [format, body]),
    [
      ["entity", { id: publicId, b: "é" }],
      ["session", { id: publicId, a: 1 }],
    ],
  );
  assert.ok(listed.every((one) => one.at.equals(at)));
  assert.deepEqual(await recordEvent(kysely, event), {
    recorded: false,
    eventId: null,
    publicId: null,
    lanes: [],
  });
});

test("what the caller got wrong is said", async () => {
  const event = {
    envId: world.env.id,
    key: "wrong",
    type: "ENRICHMENT_NOTIFICATION",
    resource: "session:wrong",
    subject: null,
    retention: 30,
    at: Temporal.Now.instant(),
    bodies: () => ({ session: {} }),
  } as const;
  await assert.rejects(recordEvent(world.database.kysely, { ...event, resource: "session:a#b" }), /#/);
  await assert.rejects(recordEvent(world.database.kysely, { ...event, bodies: () => ({}) }), /no body/);
  // @ts-expect-error -- a type that the catalogue does not have
  await assert.rejects(recordEvent(world.database.kysely, { ...event, type: "NEWS" }), /catalogue/);
});
