/** The whole way on the real server: a statement in; transactions, status and signed webhooks out, all agreeing with the truth. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { SessionStatus, SessionTransaction, UploadedStatement } from "../sdk/index.ts";
import { startChildServer, type ChildServer } from "../src/child-server.ts";
import { COMPLETION, ENRICHMENT, rangeOf, startLedger, type Receiver } from "./main-path-setup.ts";
import { statement } from "./statements/catalogue.ts";
import type { TruthRow, TruthStatement } from "./statements/types.ts";

let server: ChildServer;
let receiver: Receiver;

before(async () => {
  server = await startChildServer();
  receiver = await startLedger({ secret: server.keys.webhookSecret });
  await server.client.updateWebhook(receiver.url);
});
after(async () => {
  await receiver.close();
  await server.stop();
});

interface Played {
  sessionId: string;
  uploads: UploadedStatement[];
  truths: TruthStatement[];
  status: SessionStatus;
  transactions: SessionTransaction[];
}

/** Every step, with the webhook awaited before anything is read. */
async function play(names: readonly string[], from: string, to: string): Promise<Played> {
  const { client } = server;
  const { session_id: sessionId } = await client.createSession({ link_id: "c-1", ...rangeOf(from, to) });
  const uploads: UploadedStatement[] = [];
  const truths: TruthStatement[] = [];
  for (const name of names) {
    const { bytes, truth } = await statement(name);
    const secret = truth.password === null ? {} : { pdf_password: truth.password };
    uploads.push(await client.upload({ session_id: sessionId, file: bytes, ...secret }));
    truths.push(...truth.statements);
  }
  await receiver.accepted(sessionId, COMPLETION);
  await client.initiateProcessing(sessionId);
  await receiver.accepted(sessionId, ENRICHMENT);
  const status = await client.status(sessionId);
  return { sessionId, uploads, truths, status, transactions: await client.transactions(sessionId) };
}

const wireRow = ({ transaction_type, amount, date, balance }: SessionTransaction) => ({
  transaction_type,
  amount,
  date,
  balance,
});

const truthRow = ({ type, amount, date, balance }: TruthRow) => ({
  transaction_type: type,
  amount: Number(amount),
  date: `${date} 00:00:00`,
  balance: balance === null ? null : Number(balance),
});

/** In minor units: floats would not add up. */
const sum = (rows: readonly { amount: number | string }[]): number =>
  rows.reduce((total, { amount }) => total + Math.round(Number(amount) * 100), 0);

const masked = (number: string): string => "X".repeat(number.length - 4) + number.slice(-4);

function only<T>(list: readonly T[]): T {
  const [first] = list;
  assert.ok(first !== undefined && list.length === 1, `one, not ${list.length}`);
  return first;
}

test("a known bank's statement: every answer agrees with the truth", async () => {
  const { sessionId, uploads, truths, status, transactions } = await play(
    ["hdfc-3-months"],
    "2024-01-01",
    "2024-03-31",
  );
  const truth = only(truths);
  const uploaded = only(uploads);
  const number = truth.account_number ?? "";
  assert.equal(uploaded.bank_name, "hdfc");
  assert.equal(uploaded.masked_account_number, masked(number));
  assert.equal(uploaded["opening_bal"], Number(truth.opening_balance));
  assert.equal(uploaded["closing_bal"], Number(truth.closing_balance));
  assert.deepEqual(uploaded["months"], ["2024-01", "2024-02", "2024-03"]);
  assert.deepEqual(uploaded["missing_months"], []);

  assert.deepEqual(transactions.map(wireRow), truth.transactions.map(truthRow));
  assert.equal(sum(transactions), sum(truth.transactions));
  assert.deepEqual(
    transactions.map(({ transaction_note }) => transaction_note),
    truth.transactions.map(({ description }) => description),
  );
  assert.deepEqual([...new Set(transactions.map(({ proof }) => proof))], ["chain"]);
  assert.equal(new Set(transactions.map(({ hash }) => hash)).size, truth.transactions.length);

  const account = only(status.accounts);
  assert.equal(account.account_id, uploaded.account_id);
  assert.equal(account.account_number, masked(number));
  assert.equal(account["name"], truth.name);
  assert.deepEqual(
    [account.account_status, account.error_code, account.error_message],
    ["completed", null, null],
  );
  const progress = await server.client.progress(sessionId);
  assert.equal(progress.session_progress, "completed");
  assert.deepEqual(only(progress.progress), {
    identity_status: "completed",
    transaction_status: "completed",
    processing_status: "completed",
    fraud_status: "completed",
    statement_id: uploaded.statement_id,
    message: null,
    source: "pdf",
  });
});

test("its webhooks: completion with the full number, then enrichment with null errors, each once", async () => {
  const { sessionId, uploads, truths } = await play(["hdfc-3-months"], "2024-01-01", "2024-03-31");
  const received = receiver.of(sessionId);
  assert.deepEqual(
    received.map(({ body }) => body.event_name),
    [COMPLETION, ENRICHMENT],
  );
  const [completion, enrichment] = received.map(({ body }) => body);
  assert.ok(completion && enrichment);
  assert.equal(completion["message"], "Upload Completed");
  assert.deepEqual(completion["session_date_range"], { from_date: "01/01/2024", to_date: "31/03/2024" });
  const { account_id, statement_id } = only(uploads);
  const { created_at, last_updated_at, statements, ...told } = only(completion.accounts);
  assert.deepEqual(told, {
    account_id,
    account_number: only(truths).account_number,
    bank_name: "hdfc",
    account_status: "COMPLETED",
    months: ["2024-01", "2024-02", "2024-03"],
    missing_data: [],
  });
  for (const time of [created_at, last_updated_at]) {
    assert.match(String(time), /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
  }
  assert.ok(Array.isArray(statements));
  const { created_at: since, ...rest } = only<Record<string, unknown>>(statements);
  assert.match(String(since), /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}\+00:00$/);
  assert.deepEqual(rest, {
    statement_id,
    statement_status: "completed",
    error_code: null,
    error_message: null,
    source: "pdf",
    upload_file_name: "statement.pdf",
    statement_date_range: { from_date: "01/01/2024", to_date: "31/03/2024" },
  });
  assert.deepEqual(enrichment, {
    session_id: sessionId,
    event_name: ENRICHMENT,
    insights_available: true,
    accounts: [
      {
        bank_name: "hdfc",
        account_id,
        account_status: "completed",
        error_code: null,
        error_message: null,
        name: only(truths).name,
        account_category: "individual",
        attempt_types: ["PDF"],
      },
    ],
  });
  receiver.assertAllVerified();
});

const OTHERS = [
  { name: "hdfc-encrypted", from: "2024-02-01", to: "2024-02-29" },
  { name: "kotak-drcr", from: "2024-01-01", to: "2024-12-31" },
  { name: "barclays-day-end", from: "2024-01-01", to: "2024-02-29" },
  { name: "other-dutch", from: "2024-01-01", to: "2024-03-31" },
];
for (const { name, from, to } of OTHERS) {
  test(`${name}: rows, sums, bank and account agree with the truth`, async () => {
    const { truths, status, transactions } = await play([name], from, to);
    const truth = only(truths);
    assert.deepEqual(
      transactions.map((row) => ({ ...wireRow(row), balance: null })),
      truth.transactions.map((row) => ({ ...truthRow(row), balance: null })),
    );
    // A balance that the page leaves out within a day may be known by arithmetic; one that it prints must be right.
    const balances = truth.transactions.map(({ balance }, row) =>
      balance === null ? (transactions[row]?.balance ?? null) : Number(balance),
    );
    assert.deepEqual(
      transactions.map(({ balance }) => balance),
      balances,
    );
    assert.equal(sum(transactions), sum(truth.transactions));
    const account = only(status.accounts);
    assert.equal(account.bank_name, truth.bank);
    assert.equal(account.account_number, masked(truth.account_number ?? ""));
    assert.equal(account.account_status, "completed");
  });
}

test("two accounts in one file stay two", async () => {
  const { truths, status, transactions } = await play(["icici-two-accounts"], "2024-01-01", "2024-01-31");
  assert.deepEqual(
    status.accounts.map(({ account_number }) => account_number).sort(),
    truths.map(({ account_number }) => masked(account_number ?? "")).sort(),
  );
  for (const { account_id, account_number } of status.accounts) {
    const truth = truths.find(({ account_number: full }) => masked(full ?? "") === account_number);
    const own = transactions.filter((row) => row.account_id === account_id);
    assert.deepEqual(own.map(wireRow), truth?.transactions.map(truthRow));
  }
});

test("overlapping statements of one account: what both hold is there once", async () => {
  const { truths, status, transactions } = await play(
    ["icici-overlap-a", "icici-overlap-b"],
    "2024-01-01",
    "2024-06-30",
  );
  const [first, second] = truths;
  assert.ok(first?.period && second);
  const { to } = first.period;
  const rest = second.transactions.filter(({ date }) => date > to);
  assert.ok(rest.length < second.transactions.length, "they overlap");
  assert.deepEqual(transactions.map(wireRow), [...first.transactions, ...rest].map(truthRow));
  assert.equal(only(status.accounts).account_status, "completed");
});
