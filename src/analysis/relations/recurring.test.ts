import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { account, credit, debit, NOBODY, NOBODY_KNOWN } from "../analysis.testing.ts";
import type { LabelledTransaction, RecurringSet } from "../types.ts";
import { findRelations } from "./index.ts";

const to = (name: string, more: Partial<LabelledTransaction> = {}) => ({
  channel: "upi" as const,
  cleanNote: `Payment to ${name}`,
  counterparty: { ...NOBODY, name },
  ...more,
});

const debitSets = (transactions: readonly LabelledTransaction[]): RecurringSet[] =>
  findRelations([account(transactions)], NOBODY_KNOWN).recurring.debits;

const amountsOf = (set: RecurringSet | undefined) => set?.transactions.map(({ amount }) => amount);

describe("recurring sets", () => {
  test("three payments of one party: median, start, end, channel and names of the latest", () => {
    const rent = [
      debit("2024-01-03", 15_000_00n, to("MEENA IYER")),
      debit("2024-02-03", 15_500_00n, to("MEENA IYER", { channel: "net_banking_transfer" })),
      debit("2024-03-04", 15_000_00n, to("MRS MEENA IYER", { cleanNote: "Rent" })),
      debit("2024-04-03", 16_000_00n, to("MEENA IYER", { cleanNote: "Rent April" })),
    ];
    const [set, ...more] = debitSets(rent);
    assert.deepEqual(more, []);
    assert.ok(set);
    // In order 15,000 15,000 15,500 16,000: the lower of the two in the middle.
    assert.equal(set.median, 15_000_00n);
    assert.equal(set.start.toString(), "2024-01-03");
    assert.equal(set.end.toString(), "2024-04-03");
    assert.equal(set.channel, "upi");
    assert.equal(set.cleanNote, "Rent April");
    assert.equal(set.direction, "debit");
    assert.deepEqual(
      set.transactions.map(({ hash }) => hash),
      rent.map(({ hash }) => hash),
    );
  });

  test("two are too few, and so are three on two days", () => {
    const [first, second, third] = [
      debit("2024-01-03", 100_00n, to("A SHOP")),
      debit("2024-02-03", 100_00n, to("A SHOP")),
      debit("2024-02-03", 100_00n, to("A SHOP")),
    ];
    assert.deepEqual(debitSets([first, second]), []);
    assert.deepEqual(debitSets([first, second, third]), []);
  });

  test("amounts far apart are bands of their own: an instalment and what is bought beside it", () => {
    const days = ["2024-01-03", "2024-02-03", "2024-03-03"];
    const instalments = days.map((day) => debit(day, 9_000_00n, to("QUARTZ FINSERV")));
    const bills = days.map((day) => debit(day, 450_00n, to("QUARTZ FINSERV")));
    const transactions = instalments.flatMap((each, at) => [each, bills[at] ?? each]);
    assert.deepEqual(debitSets(transactions).map(amountsOf), [
      [9_000_00n, 9_000_00n, 9_000_00n],
      [450_00n, 450_00n, 450_00n],
    ]);
  });

  test("a band grows by steps of 20 % at most, and never beyond twice its smallest", () => {
    // 100 118 139 164 193 | 215: 215 is a step of 11 % but more than twice 100. The last is alone and falls out.
    const amounts = [100_00n, 118_00n, 139_00n, 164_00n, 193_00n, 215_00n];
    const grown = amounts.map((amount, at) => debit(`2024-0${at + 1}-05`, amount, to("POWER CO")));
    assert.deepEqual(debitSets(grown).map(amountsOf), [amounts.slice(0, 5)]);
    // Just 20 %, and just twice.
    const widest = [100_00n, 120_00n, 144_00n, 172_80n, 200_00n];
    const edge = widest.map((amount, at) => debit(`2024-0${at + 1}-05`, amount, to("POWER CO")));
    assert.deepEqual(debitSets(edge).map(amountsOf), [widest]);
    const beyond = [...widest.slice(0, 4), 200_01n].map((amount, at) =>
      debit(`2024-0${at + 1}-05`, amount, to("POWER CO")),
    );
    assert.deepEqual(debitSets(beyond).map(amountsOf), [widest.slice(0, 4)]);
    // 100 and 121 are a step of 21 %.
    const apart = [100_00n, 121_00n, 100_00n].map((amount, at) =>
      debit(`2024-0${at + 1}-05`, amount, to("POWER CO")),
    );
    assert.deepEqual(debitSets(apart), []);
  });

  test("salary comes back with two payments in two months", () => {
    const pay = (day: string) => credit(day, 50_000_00n, to("QUARTZ MILLS", { channel: "salary" }));
    const sets = (days: string[]) => findRelations([account(days.map(pay))], NOBODY_KNOWN).recurring.credits;
    assert.equal(sets(["2024-01-31", "2024-02-29"]).length, 1);
    assert.equal(sets(["2024-01-01", "2024-01-31"]).length, 0);
  });

  test("cash, the bank's own bookings, and what nobody is named in are left out", () => {
    const days = ["2024-01-03", "2024-02-03", "2024-03-03"];
    const of = (more: Partial<LabelledTransaction>) => days.map((day) => debit(day, 500_00n, more));
    assert.deepEqual(debitSets(of({ channel: "cash_withdrawl", cleanNote: "ATM" })), []);
    assert.deepEqual(debitSets(of({ channel: "bank_charge", cleanNote: "SMS CHARGES" })), []);
    assert.deepEqual(debitSets(of({ channel: "Others", cleanNote: "" })), []);
    assert.equal(debitSets(of({ channel: "auto_debit_payment", cleanNote: "GYM" })).length, 1);
  });
});
