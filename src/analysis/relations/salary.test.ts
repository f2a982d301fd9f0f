import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { account, credit, NOBODY, NOBODY_KNOWN } from "../analysis.testing.ts";
import type { Account, LabelledTransaction, SalaryPayment } from "../types.ts";
import { findRelations } from "./index.ts";

const from = (name: string | null, more: Partial<LabelledTransaction> = {}) => ({
  channel: "net_banking_transfer" as const,
  counterparty: { ...NOBODY, name },
  ...more,
});

const monthly = (
  day: string,
  amounts: readonly bigint[],
  more: Partial<LabelledTransaction>,
): LabelledTransaction[] =>
  amounts.map((amount, at) => credit(`2024-${String(at + 1).padStart(2, "0")}-${day}`, amount, more));

const salaryIn = (transactions: readonly LabelledTransaction[], employers: string[] = []): SalaryPayment[] =>
  findRelations([account(transactions)], { ...NOBODY_KNOWN, employers }).salary;

const salaryOfAccount = (one: Account): SalaryPayment[] => findRelations([one], NOBODY_KNOWN).salary;

describe("salary", () => {
  test("a narration that says so is enough; who pays and the month of payment are told", () => {
    const [payment] = salaryIn([
      credit("2024-01-31", 50_000_00n, from("QUARTZ MILLS", { channel: "salary" })),
    ]);
    assert.ok(payment);
    assert.equal(payment.employer, "QUARTZ MILLS");
    assert.equal(payment.month.toString(), "2024-01");
    // 60 for the words, 10 for the company, 10 for being all that comes in.
    assert.equal(payment.confidence, 80);
    assert.deepEqual(payment.reasons, [
      "narration says salary",
      "sender is a company",
      "sender gives at least half of the credits while it pays",
    ]);
  });

  test("an employer that the client named is enough, and is spelled as the client spells it", () => {
    const narration = "NEFT-N01-QUARTZ TEXTILE MILLS PVT LTD-X";
    const [payment] = salaryIn(
      [credit("2024-01-31", 50_000_00n, from(null, { narration, cleanNote: "QUARTZ" }))],
      ["Quartz Textile Mills"],
    );
    assert.equal(payment?.employer, "Quartz Textile Mills");
    // 60 for the employer, 10 for being all that comes in.
    assert.equal(payment?.confidence, 70);
  });

  test("all signals together stop at 100", () => {
    const paid = monthly("28", [50_000_00n, 50_000_00n, 50_000_00n, 51_000_00n], {
      ...from("QUARTZ MILLS LTD"),
      channel: "salary",
      scheme: "NACH",
    });
    const payments = salaryIn(paid, ["Quartz Mills"]);
    assert.deepEqual(
      payments.map(({ confidence }) => confidence),
      [100, 100, 100, 100],
    );
  });

  const otherIncome = (amount: bigint) => monthly("10", [amount, amount, amount], from("RAVI KUMAR"));

  test("regular, steady, in bulk, from a company: 50 without a word", () => {
    const paid = monthly("25", [2_000_00n, 2_010_00n, 1_990_00n], {
      ...from("QUARTZ HOLDINGS LTD"),
      channel: "auto_credit",
      scheme: "BACS",
    });
    const payments = salaryIn([...paid, ...otherIncome(2_500_00n)]);
    assert.deepEqual(
      payments.map(({ confidence }) => confidence),
      [50, 50, 50],
    );
    assert.deepEqual(payments[0]?.reasons, [
      "paid every month",
      "amount is within 25 % of the sender's median",
      "came by a bulk payment",
      "sender is a company",
    ]);
  });

  test("the same by an ordinary transfer is salary where it is half of what comes in, and not below", () => {
    const paid = monthly("01", [84_000_00n, 84_000_00n, 84_000_00n], from("ORBIT SYSTEMS PVT LTD"));
    const payments = salaryIn([...paid, ...otherIncome(84_000_00n)]);
    assert.deepEqual(
      payments.map(({ confidence }) => confidence),
      [50, 50, 50],
    );
    assert.deepEqual(salaryIn([...paid, ...otherIncome(84_000_01n)]), []);
  });

  test("without a word, a bonus and a rise of a pay that is steady otherwise count too", () => {
    const paid = (...amounts: readonly bigint[]) =>
      salaryIn(monthly("01", amounts, from("ORBIT SYSTEMS PVT LTD"))).map(({ confidence }) => confidence);
    // Median 70,000: 20 regular + 10 near the median or from half to twice of it + 10 company + 10 main.
    assert.deepEqual(paid(70_000_00n, 70_000_00n, 70_000_00n, 140_000_00n), [50, 50, 50, 50]);
    assert.deepEqual(paid(70_000_00n, 70_000_00n, 70_000_00n, 35_000_00n), [50, 50, 50, 50]);
    assert.deepEqual(paid(70_000_00n, 70_000_00n, 70_000_00n, 140_000_01n), [50, 50, 50]);
    // A customer who pays as the work goes: only two of five are near 60,000.
    assert.deepEqual(paid(20_000_00n, 110_000_00n, 60_000_00n, 61_000_00n, 100_000_00n), [50, 50]);
  });

  test("who changes the employer has the salary of both", () => {
    const at = (month: number, amount: bigint, name: string) =>
      credit(`2024-0${month}-01`, amount, from(name));
    const paid = [
      ...[1, 2, 3].map((month) => at(month, 50_000_00n, "ORBIT SYSTEMS PVT LTD")),
      ...[4, 5, 6].map((month) => at(month, 65_000_00n, "QUARTZ MILLS LTD")),
    ];
    // The first gives 150,000 of 345,000, but all of what comes in while it pays.
    assert.deepEqual(
      salaryIn(paid).map(({ confidence }) => confidence),
      [50, 50, 50, 50, 50, 50],
    );
  });

  test("a fortnightly wage is regular too", () => {
    const days = ["2024-01-05", "2024-01-19", "2024-02-02", "2024-02-16", "2024-03-01"];
    const more = { ...from("QUARTZ LTD"), channel: "auto_credit" as const, scheme: "BACS" as const };
    const payments = salaryIn(days.map((day) => credit(day, 800_00n, more)));
    assert.equal(payments.length, 5);
    assert.equal(payments[0]?.reasons[0], "paid at equal intervals");
  });

  test("one payment of a sender says salary: the others are it as well", () => {
    const said = credit("2024-01-31", 50_000_00n, from("QUARTZ MILLS", { channel: "salary" }));
    const silent = credit("2024-02-29", 50_000_00n, from("QUARTZ MILLS"));
    const last = credit("2024-03-31", 50_500_00n, from("QUARTZ MILLS"));
    // Silent ones: 40 sender + 20 regular + 10 steady + 10 company + 10 main.
    assert.deepEqual(
      salaryIn([said, silent, last]).map(({ confidence }) => confidence),
      [100, 90, 90],
    );
  });

  test("expenses that a named employer repays are no salary", () => {
    const paid = monthly("28", [50_000_00n, 50_000_00n, 50_000_00n], from("QUARTZ MILLS"));
    // The labelling calls it salary for the employer's name.
    const expenses = credit("2024-02-10", 1_240_00n, from("QUARTZ MILLS", { channel: "salary" }));
    const payments = salaryIn([...paid.slice(0, 1), expenses, ...paid.slice(1)], ["Quartz Mills"]);
    assert.deepEqual(
      payments.map(({ transaction }) => transaction.hash),
      paid.map(({ hash }) => hash),
    );
  });
});

describe("where the lines are", () => {
  const confidences = (payments: readonly SalaryPayment[]) => payments.map(({ confidence }) => confidence);
  const bulk = { channel: "auto_credit", scheme: "BACS" } as const;

  test("steady is within 25 % of the median", () => {
    // Median 1,000. Employer 60 + regular 20 + main 10, and 10 more for the steady ones.
    const paid = (last: bigint) =>
      salaryIn(monthly("28", [1_000_00n, 1_000_00n, 1_000_00n, last], from("QUARTZ")), ["Quartz"]);
    assert.deepEqual(confidences(paid(1_250_00n)), [100, 100, 100, 100]);
    assert.deepEqual(confidences(paid(1_250_01n)), [100, 100, 100, 90]);
    assert.deepEqual(confidences(paid(750_00n)), [100, 100, 100, 100]);
    assert.deepEqual(confidences(paid(749_99n)), [100, 100, 100, 90]);
  });

  test("small is below half of the median", () => {
    // The half itself is part of the rhythm: 60 + 20 + 10. Below: 60 − 40 + 10 for the main sender.
    const paid = (last: bigint) =>
      salaryIn(monthly("28", [1_000_00n, 1_000_00n, 1_000_00n, last], from("QUARTZ")), ["Quartz"]);
    assert.deepEqual(confidences(paid(500_00n)), [100, 100, 100, 90]);
    assert.deepEqual(confidences(paid(499_99n)), [100, 100, 100]);
  });

  test("without words, 20 % of what comes in", () => {
    const paid = monthly("25", [1_000_00n, 1_000_00n, 1_000_00n], { ...from("QUARTZ LTD"), ...bulk });
    const others = (amount: bigint) => credit("2024-02-10", amount, from("RAVI KUMAR"));
    // 3,000 of 15,000, and of a paisa more.
    assert.deepEqual(confidences(salaryIn([...paid, others(12_000_00n)])), [50, 50, 50]);
    assert.deepEqual(salaryIn([...paid, others(12_000_01n)]), []);
  });

  test("salary that nobody signs belongs together", () => {
    const paid = monthly("28", [1_000_00n, 1_000_00n, 1_000_00n], { channel: "salary", cleanNote: "" });
    const payments = salaryIn(paid);
    assert.deepEqual(confidences(payments), [100, 100, 100]);
    assert.equal(payments[0]?.employer, null);
  });
});

describe("no salary", () => {
  test("a friend or a tenant who pays every month", () => {
    assert.deepEqual(salaryIn(monthly("05", [20_000_00n, 20_000_00n, 20_000_00n], from("RAVI KUMAR"))), []);
  });

  test("a company's small dividend, however regular", () => {
    const dividend = monthly("15", [12_00n, 12_00n, 12_00n], {
      ...from("QUARTZ HOLDINGS PLC"),
      channel: "auto_credit",
      scheme: "BACS",
    });
    const income = monthly("20", [900_00n, 900_00n, 900_00n], from("RAVI KUMAR"));
    assert.deepEqual(salaryIn([...dividend, ...income]), []);
  });

  test("cash, refunds, interest, loans, own transfers, and what was reversed", () => {
    const words = "SALARY";
    const excluded = [
      credit("2024-01-01", 9_00n, { channel: "cash_deposit", narration: words }),
      credit("2024-01-02", 9_10n, { channel: "refund", narration: "SALARY ACCOUNT REFUND" }),
      credit("2024-01-03", 9_20n, { channel: "bank_interest", narration: words }),
      credit("2024-01-04", 9_30n, { narration: "SALARY ADVANCE", description: "lender_transaction" }),
      credit("2024-01-05", 9_40n, from("ASHA RAO", { narration: words })),
    ];
    assert.deepEqual(salaryIn(excluded), []);
  });

  test("credits of a firm's account", () => {
    const paid = [credit("2024-01-31", 50_000_00n, { channel: "salary" })];
    assert.deepEqual(salaryOfAccount(account(paid, { category: "corporate" })), []);
    assert.equal(salaryOfAccount(account(paid)).length, 1);
  });
});
