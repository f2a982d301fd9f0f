/**
 * `npm run -s bench:main-path`: a 10-page statement through the real server as a child process: from initiate_processing
 * to the arrival of the enrichment webhook, and the memory of the server at rest afterwards (PostgreSQL aside).
 * Target: under 1000 ms, under 200 MB. Last line: JSON.
 */
import { readFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { startChildServer, type ChildServer } from "../src/child-server.ts";
import { startReceiver } from "../src/listen-command.ts";
import { statement } from "../test/statements/catalogue.ts";

const ROUNDS = 20;
/** Extraction threads end after 10 s without work, and what they held is collected after that. */
const REST_MS = 25_000;

async function main(): Promise<void> {
  const server = await startChildServer();
  const atStart = await residentMb(server);
  const arrivals = new Map<string, (at: number) => void>();
  const receiver = await startReceiver({
    port: 0,
    secret: server.keys.webhookSecret,
    onWebhook: ({ event }) => {
      const { session_id, event_name } = event as { session_id: string; event_name: string };
      if (event_name === "ENRICHMENT_NOTIFICATION") arrivals.get(session_id)?.(performance.now());
    },
  });
  try {
    await server.client.updateWebhook(receiver.url);
    const uploads: number[] = [];
    const webhooks: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const { uploadMs, webhookMs } = await play(server, arrivals);
      uploads.push(uploadMs);
      webhooks.push(webhookMs);
    }
    await pause(REST_MS);
    report(uploads, webhooks, atStart, await residentMb(server));
  } finally {
    await receiver.close();
    await server.stop();
  }
}

async function play({ client }: ChildServer, arrivals: Map<string, (at: number) => void>) {
  const range = { from_date: "01/07/2023", to_date: "31/12/2023" };
  const { session_id } = await client.createSession({ link_id: "bench", ...range });
  const { bytes } = await statement("hdfc-10-pages");
  const arrival = new Promise<number>((resolve) => arrivals.set(session_id, resolve));
  const began = performance.now();
  await client.upload({ session_id, file: bytes });
  const uploaded = performance.now();
  await client.initiateProcessing(session_id);
  return { uploadMs: uploaded - began, webhookMs: (await arrival) - uploaded };
}

async function residentMb({ process: child }: ChildServer): Promise<number> {
  const status = await readFile(`/proc/${child.pid}/status`, "utf8");
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024);
}

function report(uploads: number[], webhooks: number[], startMb: number, restMb: number): void {
  const median = (times: number[]) =>
    Math.round(times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0);
  const most = (times: number[]) => Math.round(Math.max(...times));
  const line = {
    pages: 10,
    rounds: ROUNDS,
    upload_ms: { median: median(uploads), first: Math.round(uploads[0] ?? 0), max: most(uploads) },
    initiate_to_webhook_ms: { median: median(webhooks), max: most(webhooks) },
    rss_mb: { start: startMb, rest: restMb },
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

await main();
