import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { account, credit, debit, hashes, NOBODY, NOBODY_KNOWN } from "../analysis.testing.ts";
import type { LabelledTransaction } from "../types.ts";
import { findRelations } from "./index.ts";

const reversalsIn = (transactions: readonly LabelledTransaction[]) =>
  findRelations([account(transactions)], NOBODY_KNOWN).reversals;

const named = (name: string): Partial<LabelledTransaction> => ({ counterparty: { ...NOBODY, name } });

describe("reversals", () => {
  test("a returned mandate is paired with its debit, the latest before it", () => {
    const emi = (date: string) => debit(date, 9_000_00n, { channel: "auto_debit_payment" });
    const [paid, bounced] = [emi("2024-01-05"), emi("2024-02-05")];
    const back = credit("2024-02-06", 9_000_00n, { channel: "auto_debit_payment_bounce" });
    assert.deepEqual(reversalsIn([paid, bounced, back]), new Map([[bounced.hash, back.hash]]));
  });

  test("cheques: one that was drawn, one that was paid in", () => {
    const drawn = debit("2024-01-05", 700_00n, { channel: "chq" });
    const notPaid = credit("2024-01-06", 700_00n, { channel: "inward_cheque_bounce" });
    const paidIn = credit("2024-01-08", 800_00n, { channel: "chq" });
    const returned = debit("2024-01-12", 800_00n, { channel: "outward_cheque_bounce" });
    assert.deepEqual(
      reversalsIn([drawn, notPaid, paidIn, returned]),
      new Map([
        [drawn.hash, notPaid.hash],
        [paidIn.hash, returned.hash],
      ]),
    );
  });

  test("of two equal payments the one with the reversal's reference", () => {
    const pay = (reference: string) =>
      debit("2024-01-05", 250_00n, { channel: "upi", schemeReference: reference, ...named("A SHOP") });
    const [failed, fine] = [pay("400500000001"), pay("400500000002")];
    const back = credit("2024-01-06", 250_00n, { channel: "upi", narration: "UPI REVERSAL 400500000001" });
    assert.deepEqual(reversalsIn([failed, fine, back]), new Map([[failed.hash, back.hash]]));
  });

  test("a refund needs the same shop; an equal amount of another is a coincidence", () => {
    const bought = debit("2024-01-05", 999_00n, { channel: "debit_card", ...named("QUARTZ STORES") });
    const refund = (name: string) => credit("2024-02-20", 999_00n, { channel: "refund", ...named(name) });
    const [right, wrong] = [refund("QUARTZ STORES"), refund("MARBLE STORES")];
    assert.deepEqual(reversalsIn([bought, right]), new Map([[bought.hash, right.hash]]));
    assert.deepEqual(reversalsIn([bought, wrong]), new Map());
  });

  test("too late, too early, and of another amount", () => {
    const emi = debit("2024-01-05", 900_00n, { channel: "auto_debit_payment" });
    const back = (date: string, amount: bigint) =>
      credit(date, amount, { channel: "auto_debit_payment_bounce" });
    assert.equal(reversalsIn([emi, back("2024-01-15", 900_00n)]).size, 1);
    assert.equal(reversalsIn([emi, back("2024-01-16", 900_00n)]).size, 0);
    assert.equal(reversalsIn([back("2024-01-05", 900_00n), emi]).size, 0);
    assert.equal(reversalsIn([emi, back("2024-01-06", 901_00n)]).size, 0);
  });

  test("the last day of each kind counts, the next does not", () => {
    type Row = Partial<LabelledTransaction>;
    const kinds: [days: number, original: Row, reversal: Row][] = [
      [10, { channel: "auto_debit_payment" }, { channel: "auto_debit_payment_bounce" }],
      [10, { channel: "chq" }, { channel: "inward_cheque_bounce" }],
      [10, { channel: "net_banking_transfer" }, { channel: "refund", description: "neft_return" }],
      [90, { channel: "debit_card", ...named("A SHOP") }, { channel: "refund", ...named("A SHOP") }],
      [30, { channel: "cash_withdrawl" }, { channel: "cash_withdrawl", narration: "REV" }],
    ];
    const start = Temporal.PlainDate.from("2024-01-05");
    for (const [days, original, reversal] of kinds) {
      const after = (more: number) => start.add({ days: days + more }).toString();
      const text = { narration: `${reversal.narration ?? ""} WITHDRAWAL` };
      const first = debit("2024-01-05", 7_00n, { narration: "WITHDRAWAL", ...original });
      const last = credit(after(0), 7_00n, { ...reversal, ...text });
      const late = credit(after(1), 7_00n, { ...reversal, ...text });
      assert.equal(reversalsIn([first, last]).size, 1, `${days} days, ${reversal.channel}`);
      assert.equal(reversalsIn([first, late]).size, 0, `${days + 1} days, ${reversal.channel}`);
    }
    const paidIn = credit("2024-01-05", 7_00n, { channel: "chq" });
    const returned = (days: number) =>
      debit(start.add({ days }).toString(), 7_00n, { channel: "outward_cheque_bounce" });
    assert.equal(reversalsIn([paidIn, returned(21)]).size, 1);
    assert.equal(reversalsIn([paidIn, returned(22)]).size, 0);
  });

  test("a bounced mandate undoes a mandate, not a card payment of the same amount", () => {
    const card = debit("2024-01-05", 900_00n, { channel: "debit_card" });
    const back = credit("2024-01-06", 900_00n, { channel: "auto_debit_payment_bounce" });
    assert.equal(reversalsIn([card, back]).size, 0);
  });

  test("words that every narration has are no evidence", () => {
    const other = debit("2024-01-05", 900_00n, { channel: "debit_card", narration: "CARD PAYMENT A1" });
    const reversal = credit("2024-01-06", 900_00n, { narration: "REV PAYMENT OF A1 BY" });
    assert.equal(reversalsIn([other, reversal]).size, 0);
  });

  test("the same reference counts beside other names", () => {
    const more = { channel: "upi", schemeReference: "400500000001" } as const;
    const paid = debit("2024-01-05", 900_00n, { ...more, ...named("A SHOP") });
    const back = credit("2024-01-06", 900_00n, {
      ...more,
      narration: "UPI REVERSAL",
      ...named("PAYMENTS BANK"),
    });
    assert.deepEqual(reversalsIn([paid, back]), new Map([[paid.hash, back.hash]]));
  });

  test("each transaction once: two reversals of one debit leave one over", () => {
    const emi = debit("2024-01-05", 900_00n, { channel: "auto_debit_payment" });
    const backs = ["2024-01-06", "2024-01-07"].map((date) =>
      credit(date, 900_00n, { channel: "auto_debit_payment_bounce" }),
    );
    assert.deepEqual(reversalsIn([emi, ...backs]), new Map([[emi.hash, backs[0]?.hash]]));
  });

  test("a friend who gives back is no bank that does; nor is an equal amount of somebody else", () => {
    const lent = debit("2024-01-05", 5_000_00n, { channel: "upi", ...named("RAVI KUMAR") });
    const back = credit("2024-01-09", 5_000_00n, {
      channel: "upi",
      narration: "UPI/return",
      ...named("RAVI KUMAR"),
    });
    assert.deepEqual(reversalsIn([lent, back]), new Map());
    const failed = (name: string) =>
      credit("2024-01-05", 5_000_00n, { channel: "upi", narration: `UPI REVERSAL ${name}`, ...named(name) });
    assert.deepEqual(reversalsIn([lent, failed("MEENA IYER")]), new Map());
    const right = failed("RAVI KUMAR");
    assert.deepEqual(reversalsIn([lent, right]), new Map([[lent.hash, right.hash]]));
  });

  test("a bounce of another party's mandate is not paired", () => {
    const gym = debit("2024-01-05", 999_00n, { channel: "auto_debit_payment", ...named("MARBLE GYM") });
    const bounce = (name: string) =>
      credit("2024-01-06", 999_00n, { channel: "auto_debit_payment_bounce", ...named(name) });
    assert.equal(reversalsIn([gym, bounce("QUARTZ FINANCE")]).size, 0);
    assert.equal(reversalsIn([gym, bounce("MARBLE GYM LTD")]).size, 1);
  });

  test("a charge given back", () => {
    const charge = debit("2024-01-05", 590_00n, { channel: "bank_charge", narration: "ECS RTN CHGS" });
    const back = credit("2024-01-20", 590_00n, { channel: "bank_charge", narration: "REV ECS CHGS" });
    assert.deepEqual(reversalsIn([charge, back]), new Map([[charge.hash, back.hash]]));
  });
});

describe("bounced or penal", () => {
  test("bounces both ways and what the bank charges for them; not a penalty given back", () => {
    const bounce = credit("2024-01-05", 900_00n, { channel: "auto_debit_payment_bounce" });
    const charge = debit("2024-01-06", 590_00n, { channel: "bank_charge", description: "ach_bounce_charge" });
    const penalty = debit("2024-01-07", 100_00n, { channel: "bank_charge", description: "penalty_charge" });
    const givenBack = credit("2024-01-08", 1_00n, { channel: "bank_charge", description: "penalty_charge" });
    const fee = debit("2024-01-09", 15_00n, { channel: "bank_charge" });
    const { bouncedOrPenal } = findRelations(
      [account([bounce, charge, penalty, givenBack, fee])],
      NOBODY_KNOWN,
    );
    assert.deepEqual(bouncedOrPenal, hashes(bounce, charge, penalty));
  });
});

describe("lenders", () => {
  const lent = (more: Partial<LabelledTransaction> = {}) => ({
    description: "lender_transaction" as const,
    merchantCategory: "loans" as const,
    ...named("QUARTZ FINANCE LTD"),
    ...more,
  });

  test("a disbursal, instalments, a bounced one and its charge", () => {
    const loan = credit("2024-01-02", 90_000_00n, lent({ channel: "net_banking_transfer" }));
    const emi = debit("2024-02-05", 9_000_00n, lent({ channel: "auto_debit_payment" }));
    const bounced = credit("2024-02-06", 9_000_00n, lent({ channel: "auto_debit_payment_bounce" }));
    const charge = debit("2024-02-07", 590_00n, lent({ channel: "bank_charge" }));
    const found = findRelations([account([loan, emi, bounced, charge])], NOBODY_KNOWN);
    assert.deepEqual(found.lender, hashes(loan, emi, bounced, charge));
    assert.deepEqual(found.loanCredits, hashes(loan));
    assert.deepEqual(found.emiDebits, hashes(emi));
  });

  test("a mandate of the same party belongs to the loan; its card bill and a stranger's mandate do not", () => {
    const loan = credit("2024-01-02", 90_000_00n, lent());
    const mandate = debit("2024-02-05", 9_000_00n, {
      channel: "auto_debit_payment",
      ...named("QUARTZ FINANCE"),
    });
    const card = debit("2024-02-06", 4_000_00n, {
      channel: "bill_payment",
      description: "credit_card_bill",
      ...named("QUARTZ FINANCE"),
    });
    const gym = debit("2024-02-07", 999_00n, { channel: "auto_debit_payment", ...named("MARBLE GYM") });
    const insurance = debit("2024-02-08", 500_00n, {
      channel: "auto_debit_payment",
      merchantCategory: "insurance",
      ...named("QUARTZ FINANCE"),
    });
    const transfer = debit("2024-02-09", 9_000_00n, { channel: "upi", ...named("QUARTZ FINANCE") });
    const back = credit("2024-02-10", 50_00n, { channel: "upi", ...named("QUARTZ FINANCE") });
    const others = [card, gym, insurance, transfer, back];
    const found = findRelations([account([loan, mandate, ...others])], NOBODY_KNOWN);
    assert.deepEqual(found.emiDebits, hashes(mandate));
    assert.deepEqual(found.lender, hashes(loan, mandate));
  });

  test("an instalment that is paid by transfer says so", () => {
    const loan = credit("2024-01-02", 90_000_00n, lent());
    const paid = debit("2024-02-05", 9_000_00n, {
      channel: "net_banking_transfer",
      narration: "NEFT QUARTZ FINANCE EMI FEB",
      ...named("QUARTZ FINANCE"),
    });
    assert.deepEqual(findRelations([account([loan, paid])], NOBODY_KNOWN).emiDebits, hashes(paid));
  });

  test("a lender's refund is no loan", () => {
    const refund = credit("2024-01-02", 100_00n, lent({ channel: "refund" }));
    assert.deepEqual(findRelations([account([refund])], NOBODY_KNOWN).loanCredits, new Set());
  });
});
