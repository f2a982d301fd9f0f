/** Many clients at once on the real server: no session, statement or webhook is lost or there twice. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { compare } from "../bench/sessions-compare.ts";
import { playSessions, type Played } from "../bench/sessions-play.ts";
import { startChildServer, type ChildServer } from "../src/child-server.ts";
import { connectTo, LONG_MS } from "./main-path-setup.ts";

const SESSIONS = 50;

let server: ChildServer;
let played: Played;
before(async () => {
  server = await startChildServer();
  played = await playSessions(server, { sessions: SESSIONS, clients: 20, patienceMs: LONG_MS });
});
after(() => server.stop());

test("50 sessions by 20 clients at once: the receiver, the database and polling agree on each", async (t) => {
  t.diagnostic(`${SESSIONS} sessions in ${played.seconds.toFixed(1)} s`);
  const database = await connectTo(server);
  try {
    assert.deepEqual(await compare(database, played), { lost: [], double: [], wrong: [] });
  } finally {
    await database.end();
  }
  assert.equal(played.sessions.length, SESSIONS);
  assert.equal(played.deliveries.length, 2 * SESSIONS);
});

test("the comparison sees what is lost, double and mixed up", async () => {
  const database = await connectTo(server);
  try {
    const [first, second, ...others] = played.sessions;
    assert.ok(first && second);
    const of = (id: string) => played.deliveries.filter(({ body }) => body.session_id === id);
    const unheard = { ...played, deliveries: played.deliveries.filter((one) => !of(first.id).includes(one)) };
    assert.equal((await compare(database, unheard)).lost.length, 2);
    const repeated = { ...played, deliveries: [...played.deliveries, ...of(first.id)] };
    assert.equal((await compare(database, repeated)).double.length, 2);
    const unasked = { ...played, sessions: [second, ...others] };
    assert.equal((await compare(database, unasked)).double.length, 1);
    const other = others.find(({ statement }) => statement !== first.statement);
    assert.ok(other);
    const swapped = { ...first, statement: other.statement };
    assert.ok(
      (await compare(database, { ...played, sessions: [swapped, second, ...others] })).wrong.length > 0,
    );
  } finally {
    await database.end();
  }
});

test("each call was answered with success", () => {
  assert.deepEqual(
    played.calls.filter(({ status }) => status >= 400),
    [],
  );
});
