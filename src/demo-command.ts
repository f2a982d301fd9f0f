/**
 * `demo`: the whole story in one terminal, with a server and a receiver of its own in a temporary folder:
 * register the receiver, create a session, upload a statement, process it, read the webhook, the transactions and the
 * report.
 */
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { styleText } from "node:util";
import type { BankbellClient, SessionTransaction } from "../sdk/index.ts";
import { startChildServer, type ChildServer } from "./child-server.ts";
import { SAMPLE } from "./first-start.ts";
import { describeWebhook, startReceiver, type ReceivedWebhook } from "./listen-command.ts";
import type { ExitCode, Io } from "./main.ts";

const ROOT = join(import.meta.dirname, "..");
const WEBHOOK_MS = 10_000;
const ROWS_SHOWN = 8;

type Say = (text: string) => void;

export async function runDemo(argv: string[], io: Io): Promise<ExitCode> {
  if (argv.length > 0) {
    io.stderr.write("Usage: bankbell demo\n");
    return 2;
  }
  const say = teller(io);
  const interruption = interrupted();
  say("starting Bankbell with an empty database …");
  const server = await startChildServer();
  try {
    await Promise.race([play(io, server, say), interruption]);
    return 0;
  } finally {
    await server.stop();
  }
}

/** Each line begins with the seconds since the first. */
function teller(io: Io): Say {
  const began = performance.now();
  return (text) => {
    const seconds = ((performance.now() - began) / 1000).toFixed(1).padStart(4);
    io.stdout.write(`${styleText("dim", `${seconds} s`, { stream: io.stdout })}  ${text}\n`);
  };
}

async function play(io: Io, { url, keys, client }: ChildServer, say: Say): Promise<void> {
  say(`the server is ready on ${url}`);
  const enrichment = Promise.withResolvers<ReceivedWebhook>();
  const receiver = await startReceiver({
    port: 0,
    secret: keys.webhookSecret,
    onWebhook: (webhook) => {
      if (isEnrichment(webhook.event)) enrichment.resolve(webhook);
      else say(`webhook: upload completed, ${webhook.verified ? "signature verified" : "NOT VERIFIED"}`);
    },
  });
  try {
    const sessionId = await uploadSample(client, receiver.url, say);
    await client.initiateProcessing(sessionId);
    say("processing …");
    await showProgress(client, sessionId, say);
    const webhook = await Promise.race([enrichment.promise, late("the webhook")]);
    if (webhook.verified !== true) throw new Error("The webhook's signature does not verify.");
    say("webhook:");
    io.stdout.write(`${describeWebhook(webhook, io.stdout)}\n`);
    showTransactions(await client.transactions(sessionId), io, say);
    await showInsights(client, sessionId, say);
    say("that is all: `npm start` runs the same server for you.");
  } finally {
    await receiver.close();
  }
}

async function uploadSample(client: BankbellClient, receiverUrl: string, say: Say): Promise<string> {
  await client.updateWebhook(receiverUrl);
  say(`registered the receiver ${receiverUrl}`);
  const range = { from_date: SAMPLE.from, to_date: SAMPLE.to };
  const { session_id } = await client.createSession({ link_id: "demo", ...range });
  say(`created session ${session_id} for ${SAMPLE.from} to ${SAMPLE.to}`);
  const file = await readFile(join(ROOT, SAMPLE.file));
  const uploaded = await client.upload({ session_id, file });
  say(
    `uploaded ${SAMPLE.file}: ${uploaded.bank_name} ${uploaded.masked_account_number}, ${String(uploaded["page_count"])} pages`,
  );
  return session_id;
}

async function showProgress(client: BankbellClient, sessionId: string, say: Say): Promise<void> {
  for (let shown = ""; ; await pause(50)) {
    const { session_progress, progress } = await client.progress(sessionId);
    const steps = progress.map(
      (item) =>
        `identity ${item.identity_status}, transactions ${item.transaction_status}, checks ${item.processing_status}`,
    );
    const line = `progress: ${session_progress} (${steps.join("; ")})`;
    if (line !== shown) say(line);
    if (session_progress === "completed") return;
    shown = line;
  }
}

function showTransactions(transactions: SessionTransaction[], io: Io, say: Say): void {
  const proven = transactions.filter(({ proof }) => proof !== "none").length;
  say(
    `${transactions.length} transactions, ${proven} of them proven by arithmetic; the first ${ROWS_SHOWN}:`,
  );
  const money = (amount: number | null) =>
    amount === null ? "" : amount.toLocaleString("en", { minimumFractionDigits: 2 });
  const row = (cells: readonly string[]) =>
    `  ${cells[0]?.padEnd(10)}  ${cells[1]?.slice(0, 44).padEnd(44)}  ${cells[2]?.padStart(12)}  ${cells[3]?.padStart(12)}  ${cells[4]?.padStart(12)}  ${cells[5]}\n`;
  io.stdout.write(`\n${row(["Date", "Description", "Debit", "Credit", "Balance", "Proof"])}`);
  for (const { date, transaction_note, transaction_type, amount, balance, proof } of transactions.slice(
    0,
    ROWS_SHOWN,
  )) {
    const [debit, credit] = transaction_type === "debit" ? [money(amount), ""] : ["", money(amount)];
    io.stdout.write(row([date.slice(0, 10), transaction_note, debit, credit, money(balance), proof]));
  }
  io.stdout.write("\n");
}

async function showInsights(client: BankbellClient, sessionId: string, say: Say): Promise<void> {
  const { accounts } = await client.insights(sessionId);
  for (const { data } of accounts) {
    say(`insights: ${data.salary_transactions.length} salary payments, ${data.fraud.length} fraud findings`);
    const report = await fetch(data.xlsx_report_url);
    if (!report.ok) throw new Error(`The report's link answered ${report.status}.`);
    const size = Math.ceil((await report.arrayBuffer()).byteLength / 1024);
    say(`report: a workbook of ${size} kB, by a signed link that is valid for one hour`);
  }
}

const isEnrichment = (event: unknown): boolean =>
  typeof event === "object" &&
  event !== null &&
  "event_name" in event &&
  event.event_name === "ENRICHMENT_NOTIFICATION";

/** So that Ctrl-C, too, stops the server and clears up. */
async function interrupted(): Promise<never> {
  await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
  throw new Error("Interrupted.");
}

async function late(what: string): Promise<never> {
  await pause(WEBHOOK_MS, undefined, { ref: false });
  throw new Error(`${what} did not come within ${WEBHOOK_MS / 1000} s.`);
}
