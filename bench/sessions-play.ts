/**
 * Clients that play sessions at once against a server: create, upload, initiate, poll, read; and the webhooks that come
 * meanwhile. Each client has a statement of its own, so that a mix-up of two sessions shows.
 */
import { setTimeout as pause } from "node:timers/promises";
import { createBankbellClient, type BankbellClient } from "../sdk/index.ts";
import type { ChildServer } from "../src/child-server.ts";
import { ENRICHMENT, startLedger, type Delivery } from "../test/main-path-setup.ts";
import { RANGE, statementOf, type ClientStatement } from "./sessions-statements.ts";

export interface PlayOptions {
  sessions: number;
  /** That many sessions are under way at once. */
  clients: number;
  /** How long a webhook is waited for before it counts as lost. */
  patienceMs: number;
}

export interface PlayedSession {
  id: string;
  statement: ClientStatement;
  /** What polling said at the end; null where it was not completed in time. */
  polled: { accountStatus: string; accountNumber: string } | null;
  /** `progress`, read when the webhook had arrived: must be completed. */
  atArrival: string | null;
}

export interface Call {
  /** Such as `upload_session`. */
  name: string;
  ms: number;
  status: number;
}

export interface Played {
  sessions: PlayedSession[];
  calls: Call[];
  deliveries: Delivery[];
  /** What clients met that no client should. */
  faults: string[];
  seconds: number;
}

/** How often the contract's clients poll. */
const POLL_MS = 2000;

export async function playSessions(server: ChildServer, options: PlayOptions): Promise<Played> {
  const statements = await Promise.all(Array.from({ length: options.clients }, (_, n) => statementOf(n)));
  const arrivals = watchArrivals();
  const receiver = await startLedger({
    secret: server.keys.webhookSecret,
    answer: ({ body }) => {
      if (body.event_name === ENRICHMENT) arrivals.note(body.session_id);
      return 200;
    },
  });
  const calls: Call[] = [];
  const client = createBankbellClient({ baseUrl: server.url, ...server.keys, fetch: timed(calls) });
  const sessions: PlayedSession[] = [];
  const faults: string[] = [];
  try {
    await client.updateWebhook(receiver.url);
    let left = options.sessions;
    const began = performance.now();
    const player = async (statement: ClientStatement): Promise<void> => {
      while (left-- > 0) {
        try {
          sessions.push(await playOne(client, statement, arrivals, options.patienceMs));
        } catch (error) {
          faults.push(String(error));
        }
      }
    };
    await Promise.all(statements.map(player));
    const seconds = (performance.now() - began) / 1000;
    receiver.assertAllVerified();
    return { sessions, calls, deliveries: receiver.deliveries, faults, seconds };
  } finally {
    await receiver.close();
  }
}

async function playOne(
  client: BankbellClient,
  statement: ClientStatement,
  arrivals: Arrivals,
  patienceMs: number,
): Promise<PlayedSession> {
  const { session_id: id } = await client.createSession({ link_id: statement.accountNumber, ...RANGE });
  await client.upload({ session_id: id, file: statement.bytes });
  await client.initiateProcessing(id);
  const deadline = performance.now() + patienceMs;
  let state = "";
  let atArrival: string | null = null;
  while (performance.now() < deadline && (state !== "completed" || !arrivals.has(id))) {
    await Promise.race([arrivals.of(id), pause(POLL_MS)]);
    const hadArrived = arrivals.has(id);
    state = (await client.progress(id)).session_progress;
    if (hadArrived) atArrival ??= state;
  }
  if (state !== "completed") return { id, statement, polled: null, atArrival };
  const [account] = (await client.status(id)).accounts;
  const polled = {
    accountStatus: account?.account_status ?? "",
    accountNumber: account?.account_number ?? "",
  };
  return { id, statement, polled, atArrival };
}

interface Arrivals {
  note(id: string): void;
  has(id: string): boolean;
  /** Resolves when it has arrived, at once where it already has. */
  of(id: string): Promise<void>;
}

function watchArrivals(): Arrivals {
  const arrived = new Set<string>();
  const waiting = new Map<string, PromiseWithResolvers<void>>();
  const waiterOf = (id: string) => {
    const waiter = waiting.get(id) ?? Promise.withResolvers<void>();
    waiting.set(id, waiter);
    return waiter;
  };
  return {
    note(id) {
      arrived.add(id);
      waiterOf(id).resolve();
    },
    has: (id) => arrived.has(id),
    of: (id) => waiterOf(id).promise,
  };
}

/** `fetch` that notes each call from its beginning to the last byte of its answer. */
function timed(calls: Call[]): typeof fetch {
  return async (input, init) => {
    const began = performance.now();
    const answer = await fetch(input, init);
    const body = await answer.arrayBuffer();
    const path = new URL(input instanceof Request ? input.url : input).pathname;
    const name = /([^/]+)\/?$/.exec(path)?.[1] ?? "";
    calls.push({ name, ms: performance.now() - began, status: answer.status });
    return new Response(body, answer);
  };
}
