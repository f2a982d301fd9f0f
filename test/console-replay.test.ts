/** Resending and replaying: what is queued, how often, in which order, and what a crash or a cancel leaves. */
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { inTransaction } from "../src/store/transaction.ts";
import { advanceReplay, lockReplay } from "../src/store/replays.ts";
import { replayTasks, runReplayBatch, type ReplayDeps } from "../src/webhooks/replay.ts";
import { openConsole, type Console } from "./console-setup.ts";

let c: Console;
let deps: ReplayDeps;
let woken = 0;
before(async () => {
  c = await openConsole();
  const { db, clock } = c.http.intake;
  c.http.intake.wake = () => void woken++;
  deps = { db, clock, wake: () => void woken++, batchSize: 2 };
});
after(() => c.close());
beforeEach(async () => {
  await c.http.database.pool.query(
    "delete from queue; delete from queue_next; delete from exhausted_deliveries",
  );
});

interface Queued {
  event_id: bigint;
  resource: string;
}

/** Heads and what waits behind them, chain by chain in order. */
async function queuedFor(endpointId: number): Promise<Queued[]> {
  const { rows } = await c.http.database.pool.query<Queued>(
    `select event_id, resource from (
       select event_id, resource, -1 as seq from queue where endpoint_id = $1
       union all select event_id, resource, seq from queue_next where endpoint_id = $1) q order by resource, seq`,
    [endpointId],
  );
  return rows;
}

/** `waiting` counts what lies in queue_next, for every head. */
async function assertCounted(endpointId: number): Promise<void> {
  const { rows } = await c.http.database.pool.query<{ waiting: number; counted: string }>(
    `select waiting, (select count(*)::int from queue_next x where x.env_id = q.env_id
       and x.endpoint_id = q.endpoint_id and x.resource = q.resource) as counted from queue q where endpoint_id = $1`,
    [endpointId],
  );
  for (const { waiting, counted } of rows) assert.equal(waiting, counted);
}

async function start(json: Record<string, unknown>): Promise<string> {
  const { status, body, text } = await c.ask("/replays", { json });
  assert.equal(status, 202, text);
  return (body as { id: string }).id;
}

interface ReplayView {
  status: string;
  total: number | null;
  queued: number;
  skipped: number;
  ended_at: string | null;
}
const progress = async (id: string) => (await c.ask(`/replays/${id}`)).body as ReplayView;
const run = (id: string) => runReplayBatch(deps, c.http.envId, id);

async function runToEnd(id: string): Promise<number> {
  for (let runs = 1; ; runs++) if ((await run(id)) === "over") return runs;
}

const jobs = async () =>
  (
    await c.http.database.pool.query<{ key: string }>(
      "select key from graphile_worker.jobs where key like 'replay:%' and locked_at is null order by id",
    )
  ).rows.map(({ key }) => key);

test("an event is sent again, and for the first time where it never had a delivery", async () => {
  const event = await c.record({ resource: "session:again" });
  const endpoint = await c.endpoint();
  const path = `/events/${event.publicId}/resend`;
  const json = { endpoint_id: endpoint.publicId };
  const before = woken;
  assert.deepEqual((await c.ask(path, { json })).body, { status: "queued" });
  const again = await c.ask(path, { json });
  assert.deepEqual([again.status, again.body], [202, { status: "waiting" }]);
  assert.deepEqual(await queuedFor(endpoint.id), [{ event_id: event.id, resource: "session:again" }]);
  assert.equal(woken, before + 1);
  const audit = await c.http.database.kysely
    .selectFrom("audit")
    .select("detail")
    .where("action", "=", "event.resend")
    .execute();
  assert.deepEqual(audit, [{ detail: { endpoint: endpoint.publicId } }]);

  const unordered = await c.endpoint({ ordered: false });
  await c.ask(path, { json: { endpoint_id: unordered.publicId } });
  assert.deepEqual(await queuedFor(unordered.id), [
    { event_id: event.id, resource: `session:again#${event.id}` },
  ]);
});

test("no resend to a disabled endpoint, or without a body in its format", async () => {
  const event = await c.record();
  const disabled = await c.endpoint({ status: "disabled" });
  const other = await c.endpoint({ format: "entity" });
  const refused: [string, string][] = [
    [disabled.publicId, "ENDPOINT_DISABLED"],
    [other.publicId, "NO_BODY"],
  ];
  for (const [endpoint_id, code] of refused) {
    const { status, body } = await c.ask(`/events/${event.publicId}/resend`, { json: { endpoint_id } });
    assert.deepEqual([status, (body as { error: { code: string } }).error.code], [409, code]);
  }
  const { status } = await c.ask("/replays", { json: { endpoint_id: disabled.publicId } });
  assert.equal(status, 409);
});

test("a replay queues what matches in order, once, behind what waits, and counts", async () => {
  const subject = "replay-order";
  const of = async (resource: string) => (await c.record({ resource, subject })).id;
  const a = [await of("session:ra"), await of("session:ra"), await of("session:ra")];
  const b = [await of("session:rb"), await of("session:rb")];
  await c.record({ resource: "session:rc", subject, type: "SESSION_EXPIRY_NOTIFICATION" });
  const endpoint = await c.endpoint({ event_types: ["ENRICHMENT_NOTIFICATION"] });
  // It waits already, so that the replay leaves it where it is.
  const waiting = await of("session:rb");
  b.push(waiting);
  const id = await start({ endpoint_id: endpoint.publicId, subject });
  // Recorded after the replay was asked for: delivered by itself.
  const later = await of("session:ra");
  await runToEnd(id);
  assert.deepEqual(
    (await queuedFor(endpoint.id)).map(({ event_id }) => event_id),
    [later, ...a, waiting, ...b.slice(0, 2)],
  );
  await assertCounted(endpoint.id);
  const { status, total, queued, skipped, ended_at } = await progress(id);
  assert.deepEqual(
    { status, total, queued, skipped },
    { status: "completed", total: 6, queued: 5, skipped: 1 },
  );
  assert.ok(ended_at);
  const audit = await c.http.database.kysely
    .selectFrom("audit")
    .select("action")
    .where("target", "=", `replay:${id}`)
    .orderBy("id")
    .execute();
  assert.deepEqual(
    audit.map(({ action }) => action),
    ["replay.start", "replay.complete"],
  );
});

test("a batch that dies before its commit leaves nothing, and the next run goes on from there", async () => {
  const subject = "replay-crash";
  const events: bigint[] = [];
  for (let n = 0; n < 5; n++) events.push((await c.record({ resource: `session:k${n % 2}`, subject })).id);
  const endpoint = await c.endpoint();
  const id = await start({ endpoint_id: endpoint.publicId, subject });
  assert.equal(await run(id), "more");
  const { envId } = c.http;
  const crash = inTransaction(deps.db, async ({ trx }) => {
    const replay = await lockReplay(trx, envId, id);
    assert.ok(replay);
    assert.equal((await advanceReplay(trx, replay, { batchSize: 2, namedOnly: [] })).queued, 2);
    throw new Error("killed");
  });
  await assert.rejects(crash, /killed/);
  assert.equal((await progress(id)).queued, 2);
  assert.equal((await queuedFor(endpoint.id)).length, 2);

  // A job that is started twice: the runs take turns.
  const results = await Promise.all([run(id), run(id), run(id)]);
  assert.ok(results.includes("over"));
  const queued = await queuedFor(endpoint.id);
  assert.deepEqual(
    queued.map(({ event_id }) => event_id).sort((a, b) => Number(a - b)),
    events,
  );
  await assertCounted(endpoint.id);
  assert.equal(await run(id), "over");
  assert.deepEqual((await queuedFor(endpoint.id)).length, 5);
  assert.equal((await progress(id)).queued, 5);
});

test("a cancel stops what is not queued yet; a replay that has ended cannot be cancelled", async () => {
  const subject = "replay-cancel";
  for (let n = 0; n < 5; n++) await c.record({ resource: `session:c${n}`, subject });
  const endpoint = await c.endpoint();
  const id = await start({ endpoint_id: endpoint.publicId, subject });
  await run(id);
  assert.ok((await jobs()).includes(`replay:${id}`));
  const cancelled = await c.ask(`/replays/${id}/cancel`, { method: "POST" });
  assert.equal((cancelled.body as ReplayView).status, "cancelled");
  assert.equal((await jobs()).includes(`replay:${id}`), false);
  // A run that had begun before the cancel.
  assert.equal(await run(id), "over");
  assert.equal((await queuedFor(endpoint.id)).length, 2);
  const again = await c.ask(`/replays/${id}/cancel`, { method: "POST" });
  assert.equal(again.status, 409);
  assert.equal((again.body as { error: { code: string } }).error.code, "REPLAY_OVER");
});

test("undelivered alone, by time and by type", async () => {
  const subject = "replay-only";
  const old = await c.record({ resource: "session:o1", subject, at: "2024-04-01T00:00:00Z" });
  const taken = await c.record({ resource: "session:o2", subject });
  const failed = await c.record({ resource: "session:o3", subject });
  const other = await c.record({ resource: "session:o4", subject, type: "SESSION_EXPIRY_NOTIFICATION" });
  const endpoint = await c.endpoint({ event_types: ["ENRICHMENT_NOTIFICATION"] });
  const at = Temporal.Instant.from("2024-04-25T09:00:00Z");
  await c.attempt({ endpoint_id: endpoint.id, event_id: taken.id });
  await c.attempt({ endpoint_id: endpoint.id, event_id: failed.id, outcome: "exhausted" });
  await c.http.database.kysely
    .insertInto("exhausted_deliveries")
    .values({
      env_id: c.http.envId,
      endpoint_id: endpoint.id,
      event_id: failed.id,
      event_at: at,
      retention: 0,
      resource: "session:o3",
      attempts: 12,
      exhausted_at: at,
    })
    .execute();
  const replayed = async (more: Record<string, unknown>) => {
    await c.http.database.pool.query("delete from queue where endpoint_id = $1", [endpoint.id]);
    await runToEnd(await start({ endpoint_id: endpoint.publicId, subject, ...more }));
    return (await queuedFor(endpoint.id)).map(({ event_id }) => event_id);
  };
  assert.deepEqual(await replayed({ only: "undelivered" }), [old.id, failed.id]);
  const left = await c.http.database.kysely.selectFrom("exhausted_deliveries").select("event_id").execute();
  assert.deepEqual(left, [], "exhausted no longer");
  const { pool } = c.http.database;
  const { rows } = await pool.query<{ total: bigint; queued: bigint; skipped: bigint }>(
    "select total, queued, skipped from replays where endpoint_id = $1",
    [endpoint.id],
  );
  assert.deepEqual(rows, [{ total: 2n, queued: 2n, skipped: 0n }]);
  assert.deepEqual(await replayed({ from: "2024-04-20T00:00:00Z" }), [taken.id, failed.id]);
  assert.deepEqual(await replayed({ to: "2024-04-20T00:00:00Z" }), [old.id]);
  assert.deepEqual(await replayed({ types: ["SESSION_EXPIRY_NOTIFICATION"] }), [other.id]);
});

test("while much waits for the endpoint the replay waits too", async () => {
  const subject = "replay-pace";
  const endpoint = await c.endpoint({ status: "paused" });
  for (let n = 0; n < 3; n++) await c.record({ resource: `session:p${n}`, subject });
  const id = await start({ endpoint_id: endpoint.publicId, subject });
  assert.equal(await runReplayBatch({ ...deps, mostWaiting: 3 }, c.http.envId, id), "later");
  assert.equal((await progress(id)).queued, 0);
  const { rows } = await c.http.database.pool.query<{ wait: boolean }>(
    "select run_at = $2::timestamptz + interval '5 s' as wait from graphile_worker.jobs where key = $1",
    [`replay:${id}`, "2024-04-25T10:00:00.123456Z"],
  );
  assert.deepEqual(rows, [{ wait: true }]);
  await c.http.database.pool.query("delete from queue where endpoint_id = $1", [endpoint.id]);
  assert.equal(await runReplayBatch({ ...deps, mostWaiting: 3 }, c.http.envId, id), "more");
});

test("the job reads its payload, and leaves alone what has gone with its endpoint", async () => {
  const task = replayTasks(deps)["replay_batch"];
  assert.ok(task);
  await assert.rejects(task({ env: "1" }), /names its environment/);
  const endpoint = await c.endpoint();
  const id = await start({ endpoint_id: endpoint.publicId });
  await c.http.database.pool.query("delete from webhook_endpoints where id = $1", [endpoint.id]);
  assert.equal(await run(id), "gone");
  await task({ env: c.http.envId, replay: id });
});

test("what is wrong with a replay is said", async () => {
  const endpoint = await c.endpoint();
  const wrong = [
    undefined,
    {},
    { endpoint_id: endpoint.publicId, from: "soon" },
    { endpoint_id: endpoint.publicId, types: [] },
    { endpoint_id: endpoint.publicId, only: "some" },
    { endpoint_id: endpoint.publicId, status: "x" },
  ];
  for (const json of wrong) {
    const { status, body } = await c.ask("/replays", { method: "POST", json });
    assert.equal(status, 400, JSON.stringify(json));
    assert.equal((body as { error: { code: string } }).error.code, "INVALID_REQUEST");
  }
});
