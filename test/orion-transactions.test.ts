/** The sandbox bank's transactions: they add up, page, filter, and move on with the days. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startOrion, type Orion } from "../orion/server.ts";
import type { WireTransaction } from "../orion/schemas/accounts.ts";
import { connect, newClient, type Answer, type TestClient } from "./orion-client.ts";
import { assertConforms } from "./orion-schemas.ts";

let orion: Orion;
let client: TestClient;
let url: string;

before(async () => {
  orion = await startOrion({ port: 0, host: "127.0.0.1", seed: "history", settings: { pageSize: 100 } });
  ({ url } = orion);
  client = await newClient();
  orion.register(client.registration);
});
after(() => orion.stop());

type Reader = (path: string, headers?: Record<string, string>) => Promise<Answer>;

/** Every page, each conforming. */
async function allTransactions(aisp: Reader, path: string): Promise<WireTransaction[]> {
  const rows: WireTransaction[] = [];
  for (let next: string | undefined = path; next !== undefined;) {
    const { status, body }: Answer = await aisp(next);
    assert.equal(status, 200, next);
    assertConforms("transactionsAnswer", body);
    rows.push(...body.Data.Transaction);
    next = body.Links.Next;
  }
  return rows;
}

const signed = ({
  Amount,
  CreditDebitIndicator,
}: Pick<WireTransaction, "Amount" | "CreditDebitIndicator">): number =>
  Math.round(Number(Amount.Amount) * 100) * (CreditDebitIndicator === "Debit" ? -1 : 1);

test("every entry follows from the balance before, and the last is the account's", async () => {
  for (const username of ["anna", "cleo"]) {
    const { aisp } = await connect(url, client, username);
    for (const { AccountId } of (await aisp("/accounts")).body.Data.Account) {
      const rows = await allTransactions(aisp, `/accounts/${AccountId}/transactions`);
      const booked = rows.filter(({ Status }) => Status === "Booked");
      assert.ok(booked.length > 20);
      const balances = booked.map(({ Balance }) => {
        assert.ok(Balance);
        return signed(Balance);
      });
      booked.slice(1).forEach((row, index) => {
        assert.equal(balances[index + 1], (balances[index] ?? 0) + signed(row), row.TransactionId ?? "");
        assert.ok((booked[index]?.BookingDateTime ?? "") <= row.BookingDateTime, "in the order of booking");
      });
      const [bookedBalance, available] = (await aisp(`/accounts/${AccountId}/balances`)).body.Data.Balance;
      assert.equal(signed(bookedBalance), balances.at(-1));
      const held = rows
        .filter(({ Status }) => Status === "Pending")
        .reduce((sum, row) => sum + Math.min(0, signed(row)), 0);
      assert.equal(signed(available), signed(bookedBalance) + held);
      assert.equal(new Set(rows.map(({ TransactionId }) => TransactionId)).size, rows.length);
      const first = Temporal.PlainDate.from(booked[0]?.BookingDateTime.slice(0, 10) ?? "");
      const { months } = first.until(Temporal.Now.plainDateISO("UTC"), { largestUnit: "month" });
      assert.ok(months >= 23, "about two years");
    }
  }
});

test("pages: links lead through all of them, and none lies beyond", async () => {
  const { aisp } = await connect(url, client, "anna");
  const [{ AccountId }] = (await aisp("/accounts")).body.Data.Account;
  const path = `/accounts/${AccountId}/transactions`;
  const first = (await aisp(path)).body;
  assert.equal(first.Data.Transaction.length, 100);
  assert.ok(first.Meta.TotalPages > 5);
  assert.equal(first.Links.Prev, undefined);
  const last = (await aisp(first.Links.Last)).body;
  assert.equal(last.Links.Next, undefined);
  assert.deepEqual((await aisp((await aisp(first.Links.Next)).body.Links.Prev)).body, first);
  for (const page of ["0", "-1", "x", String(first.Meta.TotalPages + 1)]) {
    const answer = await aisp(`${path}?page=${page}`);
    assert.equal(answer.status, 400);
    assertConforms("errorResponse", answer.body);
  }
});

test("fromBookingDateTime and toBookingDateTime belong to the range, in any of the ways to write them", async () => {
  const { aisp } = await connect(url, client, "anna");
  const [{ AccountId }] = (await aisp("/accounts")).body.Data.Account;
  const path = `/accounts/${AccountId}/transactions`;
  const all = (await allTransactions(aisp, path)).filter(({ Status }) => Status === "Booked");
  const from = all[150]?.BookingDateTime ?? "";
  const to = all[420]?.BookingDateTime ?? "";
  const expected = all.filter(({ BookingDateTime }) => BookingDateTime >= from && BookingDateTime <= to);
  assert.ok(expected.length > 200);
  for (const write of [
    (text: string) => encodeURIComponent(text),
    (text: string) => text,
    (text: string) => text.replace("+00:00", ""),
    (text: string) => text.replace("+00:00", "Z"),
  ]) {
    const query = `fromBookingDateTime=${write(from)}&toBookingDateTime=${write(to)}`;
    assert.deepEqual(await allTransactions(aisp, `${path}?${query}`), expected, query);
  }
  for (const wrong of ["yesterday", "2026-02-30T00:00:00Z", "2026-13-01", ""]) {
    assert.equal((await aisp(`${path}?fromBookingDateTime=${wrong}`)).status, 400, wrong);
  }
});

test("a consent's own dates and permissions bound what is read", async () => {
  const { aisp: free } = await connect(url, client, "anna");
  const [{ AccountId }] = (await free("/accounts")).body.Data.Account;
  const path = `/accounts/${AccountId}/transactions`;
  const all = await allTransactions(free, path);
  const from = all[300]?.BookingDateTime ?? "";
  const { aisp } = await connect(url, client, "anna", {
    Permissions: ["ReadAccountsBasic", "ReadTransactionsBasic", "ReadTransactionsCredits"],
    TransactionFromDateTime: from,
  });
  const rows = await allTransactions(aisp, path);
  const credits = all.filter((row) => row.CreditDebitIndicator === "Credit" && row.BookingDateTime >= from);
  assert.deepEqual(
    rows.map(({ TransactionId }) => TransactionId),
    credits.map(({ TransactionId }) => TransactionId),
  );
  assert.equal(
    rows.some((row) => row.TransactionInformation ?? row.Balance ?? row.MerchantDetails),
    false,
  );
  const listed = await aisp("/accounts");
  assertConforms("accountsAnswer", listed.body);
  assert.equal(
    listed.body.Data.Account.some((account: object) => "Account" in account),
    false,
    "Basic shows no numbers",
  );
  for (const forbidden of ["/balances", `/accounts/${AccountId}/balances`, "/party"]) {
    const answer = await aisp(forbidden);
    assert.equal(answer.status, 403, forbidden);
    assertConforms("errorResponse", answer.body);
  }
});

test("an account of 100,000 transactions is read to its end", async () => {
  const { aisp } = await connect(url, client, "dora");
  const [{ AccountId }] = (await aisp("/accounts")).body.Data.Account;
  let rows = 0;
  const ids = new Set<string>();
  for (let next: string | undefined = `/accounts/${AccountId}/transactions`; next !== undefined;) {
    const { body }: Answer = await aisp(next);
    rows += body.Data.Transaction.length;
    for (const { TransactionId } of body.Data.Transaction) ids.add(TransactionId);
    next = body.Links.Next;
  }
  assert.ok(rows >= 100_000, String(rows));
  assert.equal(ids.size, rows);
});

test("the same seed has the same customers, another has others", async (t) => {
  const now = Temporal.Now.instant();
  const read = async (seed: string) => {
    const bank = await startOrion({ port: 0, host: "127.0.0.1", seed, clock: () => now });
    t.after(() => bank.stop());
    const own = await newClient();
    bank.register(own.registration);
    const { aisp } = await connect(bank.url, own, "anna");
    const accounts = (await aisp("/accounts")).body.Data.Account;
    const rows = (await aisp(`/accounts/${accounts[0].AccountId}/transactions`)).body.Data.Transaction;
    return { accounts, rows };
  };
  const [one, two, other] = [await read("a"), await read("a"), await read("b")];
  assert.deepEqual(one, two);
  assert.notDeepEqual(one.accounts, other.accounts);
  assert.notDeepEqual(one.rows, other.rows);
});

test("what is pending is booked as days pass: with the same id, or another where the account changes them", async (t) => {
  const bank = await startOrion({ port: 0, host: "127.0.0.1", seed: "pending" });
  t.after(() => bank.stop());
  const own = await newClient();
  bank.register(own.registration);
  interface Seen {
    changes: boolean;
    rows: WireTransaction[];
  }
  const whole = async (): Promise<Seen[]> => {
    const { aisp } = await connect(bank.url, own, "anna");
    const { Account } = (await aisp("/accounts")).body.Data;
    return Promise.all(
      Account.map(async ({ AccountId, AccountSubType }: { AccountId: string; AccountSubType: string }) => ({
        changes: AccountSubType === "CreditCard",
        rows: await allTransactions(aisp, `/accounts/${AccountId}/transactions`),
      })),
    );
  };
  // Some day soon both accounts have something pending.
  let before = await whole();
  for (let day = 0; day < 40; day++) {
    const waiting = before.filter(({ rows }) => rows.some(({ Status }) => Status === "Pending"));
    if (waiting.length >= 2) break;
    bank.advance({ days: 1 });
    before = await whole();
  }
  bank.advance({ days: 3 });
  const after = await whole();
  let compared = 0;
  before.forEach(({ changes, rows }, index) => {
    const booked = (after[index]?.rows ?? []).filter(({ Status }) => Status === "Booked");
    for (const pending of rows.filter(({ Status }) => Status === "Pending")) {
      const same = booked.find(({ TransactionId }) => TransactionId === pending.TransactionId);
      const twin = booked.find(
        (row) =>
          row.TransactionInformation === pending.TransactionInformation &&
          row.Amount.Amount === pending.Amount.Amount &&
          row.BookingDateTime > pending.BookingDateTime,
      );
      assert.equal(same === undefined, changes, "the id");
      assert.ok(twin, "it is booked later");
      compared++;
    }
    const earlier = rows.filter(({ Status }) => Status === "Booked");
    assert.deepEqual(booked.slice(0, earlier.length), earlier, "what is booked stays as it is");
  });
  assert.ok(compared >= 2);
});
