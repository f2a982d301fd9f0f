/** What the tests of the whole way share: a receiver that keeps a ledger, and the server's database. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { Client } from "pg";
import { Webhook } from "standardwebhooks";
import * as z from "zod";
import type { ChildServer } from "../src/child-server.ts";
import { findBinaries } from "../src/store/embedded-binaries.ts";
import { CLUSTER, isPostmasterOf, readPostmaster } from "../src/store/embedded-cluster.ts";
import { planLaunch } from "../src/store/embedded-root.ts";
import { join } from "node:path";

/** Generous: the machine may be busy with other tests. Nothing here waits this long unless it fails. */
export const LONG_MS = 45_000;

export const COMPLETION = "SESSION_REQUIREMENT_COMPLETION_NOTIFICATION";
export const EXPIRY = "SESSION_EXPIRY_NOTIFICATION";
export const ENRICHMENT = "ENRICHMENT_NOTIFICATION";

const webhookBody = z.looseObject({
  session_id: z.string(),
  event_name: z.enum([COMPLETION, EXPIRY, ENRICHMENT]),
  accounts: z.array(
    z.looseObject({
      account_id: z.string(),
      bank_name: z.string(),
      account_status: z.string(),
      error_code: z.string().nullish(),
      error_message: z.string().nullish(),
    }),
  ),
});
export type WebhookBody = z.infer<typeof webhookBody>;

export interface Delivery {
  /** The header webhook-id. */
  id: string;
  raw: string;
  body: WebhookBody;
  /** What the receiver answered. */
  status: number;
}

export interface Receiver {
  url: string;
  /** Of every attempt that came, in order; each was verified by the independent package. */
  deliveries: Delivery[];
  of(sessionId: string, event?: string): Delivery[];
  /** The first that was answered with 200. Throws after LONG_MS. */
  accepted(sessionId: string, event: string): Promise<Delivery>;
  /** Throws what a delivery that does not verify threw. */
  assertAllVerified(): void;
  close(): Promise<void>;
}

export interface ReceiverOptions {
  secret: string;
  /** What to answer; 200 where it is absent. */
  answer?: (delivery: Omit<Delivery, "status">) => number | Promise<number>;
}

export async function startLedger({ secret, answer = () => 200 }: ReceiverOptions): Promise<Receiver> {
  const deliveries: Delivery[] = [];
  const faults: unknown[] = [];
  const verifier = new Webhook(secret);
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const raw = await textOf(request);
    const headers = Object.fromEntries(Object.entries(request.headers).map(([k, v]) => [k, String(v)]));
    const received = { id: headers["webhook-id"] ?? "", raw, body: webhookBody.parse(JSON.parse(raw)) };
    verifier.verify(raw, headers);
    const status = await answer(received);
    deliveries.push({ ...received, status });
    response.writeHead(status).end();
  };
  const server = createServer((request, response) => {
    take(request, response).catch((error: unknown) => {
      faults.push(error);
      response.writeHead(500).end();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  assert.ok(typeof address === "object" && address);

  const assertAllVerified = (): void => {
    if (faults.length > 0) throw faults[0];
  };
  const of = (sessionId: string, event?: string) =>
    deliveries.filter(
      ({ body }) => body.session_id === sessionId && (event === undefined || body.event_name === event),
    );
  return {
    url: `http://127.0.0.1:${address.port}/hooks`,
    deliveries,
    of,
    assertAllVerified,
    accepted: (sessionId, event) =>
      until(`${event} of ${sessionId}`, () => {
        assertAllVerified();
        return of(sessionId, event).find(({ status }) => status === 200);
      }),
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** Asks again and again until there is an answer; throws after LONG_MS, naming what did not come. */
export async function until<T>(
  what: string,
  ask: () => T | null | undefined | false | Promise<T | null | undefined | false>,
): Promise<T> {
  const deadline = performance.now() + LONG_MS;
  while (performance.now() < deadline) {
    const answer = await ask();
    if (answer !== null && answer !== undefined && answer !== false) return answer;
    await pause(20);
  }
  throw new Error(`${what} did not come within ${LONG_MS / 1000} s.`);
}

/** Where the embedded PostgreSQL of a data folder keeps its cluster: elsewhere where root may not use the folder. */
export const clusterOf = (dataDir: string): string =>
  join(planLaunch(dataDir, CLUSTER, findBinaries()).home, CLUSTER);

/** The postmaster of a data folder; null where none runs. */
export function postmasterOf(dataDir: string): number | null {
  const cluster = clusterOf(dataDir);
  const pid = readPostmaster(cluster)?.pid ?? 0;
  return isPostmasterOf(pid, cluster) ? pid : null;
}

/** A connection of the test's own to a server's embedded database. */
export async function connectTo({ dataDir }: Pick<ChildServer, "dataDir">): Promise<Client> {
  const host = readPostmaster(clusterOf(dataDir))?.socketDir;
  assert.ok(host, "its database runs");
  const client = new Client({ host, user: "postgres", database: "postgres" });
  // A test may kill the server under it.
  client.on("error", () => undefined);
  await client.connect();
  return client;
}

/** kill -9, and the end of the process. */
export async function killHard({ process: child }: Pick<ChildServer, "process">): Promise<void> {
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

/** A session's range that a case's statements cover, as the contract writes dates. */
export function rangeOf(from: string, to: string): { from_date: string; to_date: string } {
  const dmy = (date: string) => date.split("-").reverse().join("/");
  return { from_date: dmy(from), to_date: dmy(to) };
}
