/** `GET /events`, the feed and the stream: nothing twice, nothing lost, however late a transaction commits. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import * as fc from "fast-check";
import { envelope } from "../src/events/envelope.ts";
import { recordEvent } from "../src/events/outbox.ts";
import type { OpenbankingEventType } from "../src/events/catalogue.ts";
import type { Kysely } from "kysely";
import type { Schema } from "../src/store/schema.ts";
import { STREAM_LIMITS } from "../src/http/openbanking/event-limits.ts";
import { until } from "./main-path-setup.ts";
import { openStream, type Stream } from "./openbanking-stream.ts";
import { basic, bodyOf, isError, openOpenBanking, record, type OpenBanking } from "./openbanking-setup.ts";

let bank: OpenBanking;
before(async () => {
  bank = await openOpenBanking({ streamLimits: { ...STREAM_LIMITS, heartbeatMs: 200 } });
});
after(() => bank.close());

type Keys = { apiKey: string; serverHash: string };
interface Env {
  envId: number;
  credentials: Keys;
}

let recorded = 0;

/** Answers its public id. */
async function tell(
  db: Kysely<Schema>,
  { envId }: Env,
  more: { type?: OpenbankingEventType; subject?: string; resource?: string; at?: string } = {},
): Promise<string> {
  const {
    type = "consent.created",
    subject = null,
    resource = "consent:cst_1",
    at = "2024-04-25T10:00:00Z",
  } = more;
  const n = ++recorded;
  const instant = Temporal.Instant.from(at);
  const { publicId } = await recordEvent(db, {
    envId,
    key: `test:${n}`,
    type,
    resource,
    subject,
    retention: 30,
    at: instant,
    bodies: (id) => ({
      event: envelope(id, type, instant, { id: `cst_${n}`, object: "consent", note: "line\nend ü" }),
    }),
  });
  assert.ok(publicId);
  return publicId;
}

const db = () => bank.http.database.kysely;

const idsOf = (page: Record<string, unknown>): string[] => {
  assert.ok(Array.isArray(page["data"]));
  return page["data"].map((event) => String(record(event)["id"]));
};

/** All that the feed has now, `limit` at a time. */
async function pull(as: Keys, after: string, query = "limit=3"): Promise<{ ids: string[]; after: string }> {
  const ids: string[] = [];
  for (let at: unknown = `/events?${query}&after=${after}`; ;) {
    const page = bodyOf(await bank.ask(String(at), { as }));
    ids.push(...idsOf(page));
    const paging = record(page["paging"]);
    if (paging["next"] === null) return { ids, after: String(paging["after"]) };
    at = paging["next"];
  }
}

test("events are listed newest first for people, oldest first for machines, and read one by one", async () => {
  const env = await bank.http.newEnvironment();
  const as = env.credentials;
  const made = bodyOf(await bank.ask("/customers", { as, form: { name: "Asha" } }));
  const customer = String(made["id"]);
  const mine = await tell(db(), env, { subject: customer, at: "2024-04-20T23:30:00Z" });
  const paid = await tell(db(), env, {
    type: "payment.created",
    resource: "payment:pmt_9",
    at: "2024-04-21T00:00:00Z",
  });
  const list = bodyOf(await bank.ask("/events", { as }));
  assert.equal(record(list["paging"])["total"], 3);
  const [first, second, third] = idsOf(list);
  assert.deepEqual([first, second], [paid, mine]);
  assert.deepEqual(bodyOf(await bank.ask(`/events/${third ?? ""}`, { as })), {
    id: third,
    object: "event",
    created_at: "2024-04-25T10:00:00Z",
    type: "customer.created",
    data: { object: made },
  });
  const fed = await until("the feed", async () => {
    const fed = await pull(as, "start");
    return fed.ids.length === 3 ? fed : null;
  });
  assert.deepEqual(fed, { ids: [third, mine, paid], after: paid });
  const filters: [string, (string | undefined)[]][] = [
    ["type=consent.created", [mine]],
    ["type[]=consent.created&type[]=payment.created", [paid, mine]],
    ["type=consent.*", [mine]],
    [`customer=${customer}`, [mine, third]],
    ["resource=pmt_9", [paid]],
    ["timestamp.lte=2024-04-20", [mine]],
    ["timestamp.gte=2024-04-21&timestamp.lte=2024-04-21T00:00:00Z", [paid]],
    ["timestamp.gte=2024-04-25", [third]],
    ["limit=2&offset=1", [mine, third]],
  ];
  for (const [query, ids] of filters)
    assert.deepEqual(idsOf(bodyOf(await bank.ask(`/events?${query}`, { as }))), ids, query);
  for (const [query, param] of [
    ["type=consent.revoked", "type[0]"],
    ["type=ENRICHMENT_NOTIFICATION", "type[0]"],
    ["resource=xx_1", "resource"],
    ["timestamp.gte=yesterday", "timestamp.gte"],
    ["timestamp.gte=2024-02-30", "timestamp.gte"],
  ])
    isError(await bank.ask(`/events?${query}`, { as }), 400, "invalid_parameter", param);
  isError(await bank.ask("/events?after=evt_nothing", { as }), 404, "resource_missing", "after");
  isError(await bank.ask("/events/evt_nothing", { as }), 404, "resource_missing");
  // Another environment's are not there.
  isError(await bank.ask(`/events/${mine}`), 404, "resource_missing");
  isError(await bank.ask(`/events?after=${mine}`), 404, "resource_missing", "after");
  const audit = await db().selectFrom("audit").select("action").where("env_id", "=", env.envId).execute();
  assert.ok(audit.some(({ action }) => action === "events.read"));
});

test("an event that commits late is not passed by: any interleaving of transactions", async () => {
  const WRITERS = 3;
  const doing = (what: "record" | "commit" | "rollback" | "pull") =>
    fc.record({ do: fc.constant(what), writer: fc.nat(WRITERS - 1) });
  const step = fc.oneof(
    { arbitrary: doing("record"), weight: 4 },
    { arbitrary: doing("commit"), weight: 2 },
    { arbitrary: doing("rollback"), weight: 1 },
    { arbitrary: doing("pull"), weight: 3 },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
      const env = await bank.http.newEnvironment();
      const open = new Map<number, { trx: Awaited<ReturnType<typeof begin>>; ids: string[] }>();
      const committed: string[] = [];
      const seen: string[] = [];
      let after = "start";
      const read = async () => {
        const got = await pull(env.credentials, after, "limit=2");
        seen.push(...got.ids);
        after = got.after;
      };
      const end = async (writer: number, how: "commit" | "rollback") => {
        const one = open.get(writer);
        if (!one) return;
        open.delete(writer);
        await one.trx[how]().execute();
        if (how === "commit") committed.push(...one.ids);
      };
      try {
        for (const { do: what, writer } of steps) {
          if (what === "record") {
            const one = open.get(writer) ?? { trx: await begin(), ids: [] };
            open.set(writer, one);
            one.ids.push(await tell(one.trx, env));
          }
          if (what === "commit" || what === "rollback") await end(writer, what);
          if (what === "pull") await read();
        }
      } finally {
        for (const writer of open.keys()) await end(writer, "commit");
      }
      await until("everything", async () => {
        await read();
        return seen.length >= committed.length;
      });
      assert.deepEqual(seen.toSorted(), committed.toSorted());
    }),
    { numRuns: 25 },
  );
});

const begin = () => db().startTransaction().execute();

const ask = (as: Keys, query = "", headers: Record<string, string> = {}): Promise<Stream> =>
  openStream(`${bank.http.url}/events/stream${query}`, { authorization: basic(as), ...headers });

test("the stream tells what happens from now on, in messages that EventSource reads, and keeps the way open", async () => {
  const env = await bank.http.newEnvironment();
  const other = await bank.http.newEnvironment();
  await tell(db(), env);
  const stream = await ask(env.credentials);
  try {
    assert.equal(stream.status, 200);
    assert.match(stream.headers.get("content-type") ?? "", /^text\/event-stream/);
    await stream.until(() => stream.text.includes(": heartbeat"));
    await tell(db(), other);
    const id = await tell(db(), env);
    await stream.until(() => stream.messages.length > 0);
    const [message] = stream.messages;
    assert.equal(message?.id, id);
    assert.equal(message.event, "consent.created");
    const data = record(JSON.parse(message.data));
    assert.deepEqual([data["id"], record(record(data["data"])["object"])["note"]], [id, "line\nend ü"]);
    // What others do, and what was before, never comes: something later has.
    assert.equal(stream.messages.length, 1);
    assert.ok(stream.text.startsWith("retry: 3000\n\n"));
  } finally {
    stream.close();
  }
});

test("who comes back with Last-Event-ID has lost nothing, while transactions commit late and out of order", async () => {
  const env = await bank.http.newEnvironment();
  const first = await tell(db(), env);
  const wanted: string[] = [];
  const slow = await begin();
  const late = await tell(slow, env);
  const seen: string[] = [];
  let last = first;
  for (let round = 0; round < 5; round++) {
    const stream = await ask(env.credentials, "", { "last-event-id": last });
    try {
      wanted.push(await tell(db(), env));
      if (round === 2) {
        await slow.commit().execute();
        wanted.push(late);
      }
      // Before the slow one ends, nothing behind it may come: the stream is cut with nothing read.
      if (round >= 2) {
        await stream.until(() => stream.messages.length > 0);
        // Cut off in the middle of what there is.
        const [message] = stream.messages;
        assert.ok(message);
        seen.push(message.id);
        last = message.id;
      }
    } finally {
      stream.close();
    }
  }
  const rest = await ask(env.credentials, "", { "last-event-id": last });
  try {
    await rest.until(() => seen.length + rest.messages.length >= wanted.length);
    seen.push(...rest.messages.map(({ id }) => id));
  } finally {
    rest.close();
  }
  assert.equal(seen[0], late);
  assert.deepEqual(seen.toSorted(), wanted.toSorted());
});

test("a stream filters, begins where it is told, and refuses what it does not know", async () => {
  const env = await bank.http.newEnvironment();
  await tell(db(), env);
  const paid = await tell(db(), env, { type: "payment.created", resource: "payment:pmt_1" });
  const stream = await ask(env.credentials, "?after=start&type=payment.*");
  try {
    await stream.until(() => stream.messages.length > 0);
    assert.deepEqual(
      stream.messages.map(({ id }) => id),
      [paid],
    );
  } finally {
    stream.close();
  }
  const { credentials: as } = env;
  isError(await bank.ask("/events/stream?after=evt_nothing", { as }), 404, "resource_missing", "after");
  const unknown = { as, headers: { "last-event-id": "evt_nothing" } };
  isError(await bank.ask("/events/stream", unknown), 404, "resource_missing", "Last-Event-ID");
  isError(await bank.ask("/events/stream", { as: null }), 401, "unauthorized");
});

test("a revoked key's stream ends", async () => {
  const env = await bank.http.newEnvironment();
  const stream = await ask(env.credentials);
  await db()
    .updateTable("api_keys")
    .set({ revoked_at: bank.http.connect.clock() })
    .where("env_id", "=", env.envId)
    .execute();
  await stream.ended;
});

test("while others' events keep coming, a filtered stream still beats, and a revoked key's still ends", async () => {
  // Longer than the feed is looked at: each look brings news that is not for this stream.
  const own = await openOpenBanking({ streamLimits: { ...STREAM_LIMITS, heartbeatMs: 1000 } });
  const env = await own.http.newEnvironment();
  const kysely = own.http.database.kysely;
  const over = new AbortController();
  const busy = (async () => {
    while (!over.signal.aborted) {
      await tell(kysely, env);
      await pause(50);
    }
  })();
  try {
    const url = `${own.http.url}/events/stream?type=payment.*`;
    const stream = await openStream(url, { authorization: basic(env.credentials) });
    await stream.until(() => stream.text.includes(": heartbeat"));
    const revoked = { revoked_at: own.http.connect.clock() };
    await kysely.updateTable("api_keys").set(revoked).where("env_id", "=", env.envId).execute();
    await stream.ended;
    assert.equal(stream.messages.length, 0);
  } finally {
    over.abort();
    await busy;
    await own.close();
  }
});

test("streams are limited per environment, and end when the server stops", async () => {
  const own = await openOpenBanking({ streamLimits: { ...STREAM_LIMITS, perEnvironment: 2 } });
  const headers = { authorization: basic(own.http.credentials) };
  const url = `${own.http.url}/events/stream`;
  const one = await openStream(url, headers);
  const two = await openStream(url, headers);
  const refused = await own.ask("/events/stream");
  isError(refused, 429, "too_many_streams");
  assert.ok(Number(refused.headers.get("retry-after")) > 0);
  two.close();
  const three = await until("a place", async () => {
    const stream = await openStream(url, headers);
    return stream.status === 200 ? stream : null;
  });
  await own.close();
  await Promise.all([one.ended, three.ended]);
});
