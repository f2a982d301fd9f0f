/** Twenty sessions while the server, PostgreSQL or both are killed again and again; the clients only ever try again. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { BankbellError } from "../sdk/index.ts";
import { startChildServer, type ChildServer } from "../src/child-server.ts";
import {
  COMPLETION,
  connectTo,
  ENRICHMENT,
  killHard,
  postmasterOf,
  rangeOf,
  startLedger,
  until,
  type Receiver,
} from "./main-path-setup.ts";
import { statement } from "./statements/catalogue.ts";

const SESSIONS = 20;
const AT_ONCE = 4;
const VICTIMS = ["server", "postgres", "both", "server", "both"] as const;

let server: ChildServer;
let receiver: Receiver;
/** Its answers are good three times in four. */
let requests = 0;

before(async () => {
  server = await startChildServer({ onLog: () => undefined });
  receiver = await startLedger({
    secret: server.keys.webhookSecret,
    answer: () => (requests++ % 4 === 1 ? 500 : 200),
  });
  await server.client.updateWebhook(receiver.url);
});
after(async () => {
  await receiver.close();
  await server.stop();
});

/** Again until it is answered; the contract's refusal of a repetition says that it was done before. */
async function insist<T>(what: string, ask: () => Promise<T>, doneBefore = ""): Promise<T | null> {
  const { value } = await until(what, async () => {
    try {
      return { value: await ask() };
    } catch (error) {
      if (error instanceof BankbellError && error.status < 500) {
        if (error.code === doneBefore) return { value: null };
        throw error;
      }
      await pause(100);
      return null;
    }
  });
  return value;
}

async function playSession(file: Buffer): Promise<string> {
  const { client } = server;
  const range = rangeOf("2024-01-01", "2024-01-31");
  const created = await insist("a session", () => client.createSession({ link_id: "c-1", ...range }));
  const sessionId = created?.session_id ?? "";
  const upload = () => client.upload({ session_id: sessionId, file });
  await insist("an upload", upload, "STATEMENT_DUPLICATE");
  const initiate = () => client.initiateProcessing(sessionId);
  await insist("the start of processing", initiate, "DUPLICATE_PROCESSING_REQUEST");
  return sessionId;
}

async function kill(victim: (typeof VICTIMS)[number]): Promise<void> {
  const postmaster = victim === "server" ? null : postmasterOf(server.dataDir);
  const killed = victim === "postgres" ? Promise.resolve() : killHard(server);
  if (postmaster !== null) process.kill(postmaster, "SIGKILL");
  await killed;
  if (victim !== "postgres") server = await startChildServer({ onLog: () => undefined, again: server });
}

async function killAgainAndAgain(): Promise<void> {
  for (const victim of VICTIMS) {
    await pause(100 + Math.random() * 600);
    await kill(victim);
  }
}

/** As if a minute went by: dead processes' leases end, and retries are due. */
async function passMinute(): Promise<void> {
  const client = await connectTo(server);
  await client.query(
    "update queue set lease_until = lease_until - interval '1 min', due_at = due_at - interval '1 min'",
  );
  await client.end();
}

test("every session ends with one completion and one enrichment, delivered", async () => {
  const { bytes } = await statement("kotak-january");
  const sessions: string[] = [];
  const client = async (): Promise<void> => {
    while (sessions.length < SESSIONS) sessions.push(await playSession(bytes));
  };
  await Promise.all([killAgainAndAgain(), ...Array.from({ length: AT_ONCE }, client)]);
  await until("every enrichment", async () => {
    await passMinute();
    await pause(200);
    receiver.assertAllVerified();
    return sessions.every((id) => receiver.of(id, ENRICHMENT).some(({ status }) => status === 200));
  });
  for (const sessionId of sessions) {
    const { session_progress } = await server.client.progress(sessionId);
    assert.equal(session_progress, "completed");
    for (const event of [COMPLETION, ENRICHMENT]) {
      const attempts = receiver.of(sessionId, event);
      assert.ok(attempts.some(({ status }) => status === 200));
      assert.equal(new Set(attempts.map(({ id }) => id)).size, 1, `one ${event}`);
      assert.equal(new Set(attempts.map(({ raw }) => raw)).size, 1);
    }
    const order = receiver.of(sessionId).map(({ body }) => body.event_name);
    assert.ok(order.lastIndexOf(COMPLETION) < order.indexOf(ENRICHMENT), order.join());
  }
});
