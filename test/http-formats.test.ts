/** Statements that are no PDF, over HTTP on the real server: told by content, whatever their names and types say. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { SessionTransaction } from "../sdk/index.ts";
import { startChildServer, type ChildServer } from "../src/child-server.ts";
import {
  closingOf,
  dayOf,
  decimal,
  PLAIN_CSV,
  SAMPLE,
  toCamt,
  toCsv,
  toMt940,
  toOfx,
  toXlsx,
} from "../src/statement/accounts.testing.ts";
import { rangeOf, until } from "./main-path-setup.ts";

let server: ChildServer;

before(async () => {
  server = await startChildServer();
});
after(() => server.stop());

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

async function newSession(): Promise<string> {
  const range = rangeOf("2024-01-01", "2024-03-31");
  return (await server.client.createSession({ link_id: "c-1", ...range })).session_id;
}

/** What the upload says, and the session's transactions once they are processed. */
async function play(file: Uint8Array, name: string) {
  const sessionId = await newSession();
  const uploaded = await server.client.upload({ session_id: sessionId, file, file_name: name });
  return { uploaded, transactions: await processed(sessionId) };
}

async function processed(sessionId: string): Promise<SessionTransaction[]> {
  await server.client.initiateProcessing(sessionId);
  await until(`the end of ${sessionId}`, async () => {
    const { session_progress: state } = await server.client.progress(sessionId);
    assert.notEqual(state, "failed");
    return state === "completed";
  });
  return server.client.transactions(sessionId);
}

/** Row by row what the account says, each with this proof. */
function assertSample(rows: readonly SessionTransaction[], proofs: readonly string[]): void {
  assert.deepEqual(
    rows.map(({ date, transaction_type, amount, transaction_note, proof }) => [date, transaction_type, amount, transaction_note, proof]), // prettier-ignore
    SAMPLE.bookings.map((booking, index) => [
      `${dayOf(SAMPLE, booking).toString()} 00:00:00`,
      booking.minor < 0n ? "debit" : "credit",
      Number(decimal(booking.minor < 0n ? -booking.minor : booking.minor)),
      booking.text,
      proofs[index] ?? proofs.at(-1),
    ]),
  );
}

test("a CSV under the name of a PDF: another bank's, proven row by row", async () => {
  const head = [`Account Number,00112233445566`, `Opening Balance,${decimal(SAMPLE.opening)}`];
  const { uploaded, transactions } = await play(utf8(toCsv(SAMPLE, { ...PLAIN_CSV, head })), "statement.pdf");
  assert.deepEqual([uploaded.bank_name, uploaded.masked_account_number], ["other", "XXXXXXXXXX5566"]);
  assert.deepEqual([uploaded["page_count"], uploaded["opening_bal"]], [1, 1500]);
  assertSample(transactions, ["chain"]);
});

test("a workbook of a known bank", async () => {
  const head = [
    ["Account Number", "50100999123456", "", "IFSC Code", "HDFC0000999"],
    ["Opening Balance", decimal(SAMPLE.opening)],
  ];
  const { uploaded, transactions } = await play(await toXlsx(SAMPLE, true, head), "march.xlsx");
  assert.deepEqual([uploaded.bank_name, uploaded["page_count"]], ["hdfc", 1]);
  assertSample(transactions, ["chain"]);
});

test("OFX, MT940 and CAMT.053: both balances prove all rows at once", async () => {
  const files = [toOfx(SAMPLE, { sgml: true, opening: true }), toMt940(SAMPLE), toCamt(SAMPLE)];
  for (const text of files) {
    const { uploaded, transactions } = await play(utf8(text), "statement");
    assert.equal(uploaded.bank_name, "abnamro");
    assert.equal(uploaded["closing_bal"], Number(decimal(closingOf(SAMPLE))));
    assertSample(transactions, ["totals"]);
  }
});

test("an OFX without an opening balance: of a known bank it completes, and every row says that nothing proves it", async () => {
  const { transactions } = await play(utf8(toOfx(SAMPLE, { sgml: false, opening: false })), "statement.qfx");
  assertSample(transactions, ["none"]);
});

async function post(fields: Record<string, string>): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${server.url}/bank-connect/v1/statement/upload_session/`, {
    method: "POST",
    headers: { "x-api-key": server.keys.apiKey },
    body: new URLSearchParams(fields),
  });
  return { status: response.status, body: await response.json() };
}

test("a changed amount is a balance mismatch", async () => {
  const sessionId = await newSession();
  const file = utf8(toMt940(SAMPLE).replace("C2450,00", "C2459,00"));
  await server.client.upload({ session_id: sessionId, file });
  await processed(sessionId);
  const [account] = (await server.client.status(sessionId)).accounts;
  assert.deepEqual([account?.account_status, account?.error_code], ["failed", "BALANCE_MISMATCH"]);
});

test("BASE64 text; a web page is no format that is read, prose is no file", async () => {
  const upload = async (bytes: Uint8Array) => {
    const session_id = await newSession();
    const answer = await post({
      session_id,
      upload_type: "BASE64",
      file: Buffer.from(bytes).toString("base64"),
    });
    return { ...answer, session_id };
  };
  for (const bytes of [utf8(toMt940(SAMPLE)), await toXlsx(SAMPLE, false)]) {
    const { status, session_id } = await upload(bytes);
    assert.equal(status, 200);
    assert.equal((await processed(session_id)).length, SAMPLE.bookings.length);
  }
  const page = await upload(utf8("<html><body>2024-01-02</body></html>"));
  assert.equal(page.status, 400);
  assert.match(JSON.stringify(page.body), /"STATEMENT_UNSUPPORTED_FORMAT"/);
  const prose = await upload(utf8("Dear Sir or Madam"));
  assert.match(JSON.stringify(prose.body), /"INVALID_FILE_OBJECT"/);
});
