import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { account, credit, debit, hashes, NOBODY, NOBODY_KNOWN } from "../analysis.testing.ts";
import type { KnownParties, LabelledTransaction } from "../types.ts";
import { findRelations } from "./index.ts";

const OTHER_ID = "7a1f1c52-8d4e-4f7a-9a55-0c2b6f1d7e11";

/** Labels of a transfer with `name`. */
const transfer = (name: string | null, more: Partial<LabelledTransaction> = {}) => ({
  channel: "net_banking_transfer" as const,
  counterparty: { ...NOBODY, name },
  ...more,
});

/** Hashes of self transfers in one account of ASHA RAO. */
const own = (transactions: LabelledTransaction[], known: Partial<KnownParties> = {}) =>
  findRelations([account(transactions)], { ...NOBODY_KNOWN, ...known }).selfTransfers;

/** The same over two accounts of hers, the second in another bank. */
function ownOfTwo(first: LabelledTransaction[], second: LabelledTransaction[]): Set<string> {
  const other = account(second, { id: OTHER_ID, accountNumber: "000444555666" });
  return findRelations([account(first), other], NOBODY_KNOWN).selfTransfers;
}

describe("own names", () => {
  test("transfers with the holder or a name from metadata; not with a relative", () => {
    const toSelf = debit("2024-01-05", 5_000_00n, transfer("MRS RAO ASHA"));
    const toOtherName = debit("2024-01-06", 5_000_00n, transfer("ASHA KULKARNI"));
    const toBrother = debit("2024-01-07", 5_000_00n, transfer("ANIL RAO"));
    const toInitial = debit("2024-01-08", 5_000_00n, transfer("A RAO"));
    assert.deepEqual(
      own([toSelf, toOtherName, toBrother, toInitial], { ownNames: ["Asha Kulkarni"] }),
      hashes(toSelf, toOtherName),
    );
  });

  test("her own name on cash, a card, a refund or a salary makes no transfer", () => {
    const channels = ["cash_withdrawl", "debit_card", "refund", "salary", "bank_interest"] as const;
    const transactions = channels.map((channel) =>
      credit("2024-01-05", 100_00n, transfer("ASHA RAO", { channel })),
    );
    assert.deepEqual(own(transactions), new Set());
  });

  test("a UPI address of her name, when no name is printed", () => {
    const toAddress = (vpa: string) =>
      debit("2024-01-05", 100_00n, { channel: "upi", counterparty: { ...NOBODY, vpa } });
    const [mine, shop, mobile] = [
      toAddress("asha.rao92@okbank"),
      toAddress("quartz.cafe@okbank"),
      toAddress("9000000001@upi"),
    ];
    assert.deepEqual(own([mine, shop, mobile]), hashes(mine));
  });

  test("what the labels call a self transfer is one", () => {
    const byChannel = debit("2024-01-05", 1_00n, { channel: "self_transfer" });
    const byDescription = debit("2024-01-05", 2_00n, { channel: "upi", description: "self_transfer" });
    assert.deepEqual(own([byChannel, byDescription]), hashes(byChannel, byDescription));
  });

  test("what a lender pays out to her name is a loan", () => {
    const loan = credit("2024-01-05", 9_000_00n, transfer("ASHA RAO", { description: "lender_transaction" }));
    assert.deepEqual(own([loan]), new Set());
  });

  test("a firm is its own holder, with or without its legal form", () => {
    const out = debit("2024-01-05", 5_000_00n, transfer("QUARTZ MILLS PVT"));
    const stranger = debit("2024-01-05", 5_000_00n, transfer("QUARTZ MILLS WORKERS UNION"));
    const firm = account([out, stranger], { holder: "Quartz Mills Private Limited", category: "corporate" });
    assert.deepEqual(findRelations([firm], NOBODY_KNOWN).selfTransfers, hashes(out));
  });
});

describe("companies of metadata", () => {
  test("are sister transfers and the holder's own, found by name or anywhere in the narration", () => {
    const named = credit("2024-01-05", 70_000_00n, transfer("RAO TRADERS PVT LTD"));
    const unnamed = debit(
      "2024-01-06",
      20_000_00n,
      transfer(null, { narration: "TRF TO RAO TRADERS REF 1" }),
    );
    const other = debit("2024-01-07", 20_000_00n, transfer("RAO BROTHERS"));
    const relations = findRelations([account([named, unnamed, other])], {
      ...NOBODY_KNOWN,
      companies: ["Rao Traders"],
    });
    assert.deepEqual(relations.sisterTransfers, hashes(named, unnamed));
    assert.deepEqual(relations.selfTransfers, hashes(named, unnamed));
  });

  test("a refund, a card payment or cash of such a company is no transfer", () => {
    const channels = ["refund", "debit_card", "cash_deposit", "bank_charge"] as const;
    const transactions = channels.map((channel) =>
      credit("2024-01-05", 9_00n, transfer("RAO TRADERS", { channel })),
    );
    assert.deepEqual(own(transactions, { companies: ["Rao Traders"] }), new Set());
  });

  test("a company that the client also names as the employer pays salary", () => {
    const paid = credit("2024-01-31", 70_000_00n, transfer("RAO TRADERS", { channel: "salary" }));
    const known = { ownNames: [], employers: ["Rao Traders"], companies: ["Rao Traders"] };
    const relations = findRelations([account([paid])], known);
    assert.deepEqual(relations.selfTransfers, new Set());
    assert.deepEqual(
      relations.salary.map(({ transaction }) => transaction.hash),
      [paid.hash],
    );
  });
});

describe("legs between two accounts", () => {
  test("equal, opposite, two days apart at most, without a name", () => {
    const out = debit("2024-01-05", 5_000_00n, transfer(null));
    const within = credit("2024-01-07", 5_000_00n, transfer(null));
    const late = credit("2024-01-08", 5_000_00n, transfer(null));
    assert.deepEqual(ownOfTwo([out], [within]), hashes(out, within));
    assert.deepEqual(ownOfTwo([out], [late]), new Set());
  });

  test("each leg is used once, the nearest first", () => {
    const out = debit("2024-01-05", 5_000_00n, transfer(null));
    const [sameDay, nextDay] = [
      credit("2024-01-05", 5_000_00n, transfer(null)),
      credit("2024-01-06", 5_000_00n, transfer(null)),
    ];
    assert.deepEqual(ownOfTwo([out], [sameDay, nextDay]), hashes(out, sameDay));
  });

  test("of two debits the earlier has the first choice, whichever account comes first", () => {
    const [early, late] = [
      debit("2024-01-04", 50_00n, transfer(null)),
      debit("2024-01-06", 50_00n, transfer(null)),
    ];
    const arrives = credit("2024-01-05", 50_00n, transfer(null));
    const accounts = [
      account([late], { id: "a" }),
      account([arrives], { id: "b" }),
      account([early], { id: "c" }),
    ];
    assert.deepEqual(findRelations(accounts, NOBODY_KNOWN).selfTransfers, hashes(early, arrives));
  });

  test("of three accounts, legs that nobody is left for wait for none", () => {
    // a pays b and c on one day: each has its leg, though b's stands before c's.
    const [first, second] = [
      debit("2024-01-05", 50_00n, transfer(null)),
      debit("2024-01-05", 50_00n, transfer(null)),
    ];
    const [toB, toC] = [
      credit("2024-01-05", 50_00n, transfer(null)),
      credit("2024-01-05", 50_00n, transfer(null)),
    ];
    const accounts = [
      account([first, second], { id: "a" }),
      account([toB], { id: "b" }),
      account([toC], { id: "c" }),
    ];
    assert.deepEqual(findRelations(accounts, NOBODY_KNOWN).selfTransfers, hashes(first, second, toB, toC));
  });

  test("an equal reference wins over the nearer day, and over another's name", () => {
    const out = debit("2024-01-05", 5_000_00n, transfer("R K STORES", { schemeReference: "400512345678" }));
    const nearer = credit("2024-01-05", 5_000_00n, transfer(null));
    const same = credit("2024-01-07", 5_000_00n, transfer("A PERSON", { schemeReference: "400512345678" }));
    assert.deepEqual(ownOfTwo([out], [nearer, same]), hashes(out, same));
  });

  test("an initial and the surname is the holder where the other leg is there", () => {
    const out = debit("2024-01-05", 5_000_00n, transfer("A RAO"));
    const back = credit("2024-01-05", 5_000_00n, transfer(null));
    assert.deepEqual(ownOfTwo([out], [back]), hashes(out, back));
  });

  test("somebody else's name, cash, one account, and another currency make no legs", () => {
    const toFriend = debit("2024-01-05", 500_00n, transfer("RAVI KUMAR"));
    const fromFriend = credit("2024-01-05", 500_00n, transfer("MEENA IYER"));
    assert.deepEqual(ownOfTwo([toFriend], [fromFriend]), new Set());

    const atm = debit("2024-01-05", 500_00n, { channel: "cash_withdrawl" });
    const deposit = credit("2024-01-05", 500_00n, { channel: "cash_deposit" });
    assert.deepEqual(ownOfTwo([atm], [deposit]), new Set());

    const [out, back] = [
      debit("2024-01-05", 7_00n, transfer(null)),
      credit("2024-01-05", 7_00n, transfer(null)),
    ];
    assert.deepEqual(own([out, back]), new Set());

    const pounds = account([back], { id: OTHER_ID, currency: "GBP" });
    assert.deepEqual(findRelations([account([out]), pounds], NOBODY_KNOWN).selfTransfers, new Set());
  });

  test("four digits of a number are one, three are nobody's; either way a nameless leg may be paired", () => {
    const to = (number: string) =>
      debit("2024-01-09", 800_00n, {
        channel: "net_banking_transfer",
        counterparty: { ...NOBODY, account: number },
      });
    const initial = credit("2024-01-09", 800_00n, transfer("STRANGER"));
    const nameless = credit("2024-01-09", 800_00n, transfer(null));
    for (const number of ["XX5666", "XX666"]) {
      const out = to(number);
      assert.deepEqual(ownOfTwo([out], [initial]), new Set(), number);
      assert.deepEqual(ownOfTwo([out], [nameless]), hashes(out, nameless), number);
    }
    // Beside a nameless debit, the one with the account's digits is the surer leg.
    const blank = debit("2024-01-09", 800_00n, transfer(null));
    const [four, three] = [to("XX5666"), to("XX666")];
    assert.deepEqual(ownOfTwo([blank, four], [nameless]), hashes(four, nameless));
    assert.deepEqual(ownOfTwo([blank, three], [nameless]), hashes(blank, nameless));
  });

  test("the number of the other account is the holder's; the last digits of it are with the other leg", () => {
    const to = (number: string) => transfer("BENEFICIARY", { counterparty: { ...NOBODY, account: number } });
    const whole = debit("2024-01-05", 500_00n, to("000444555666"));
    const strange = debit("2024-01-05", 600_00n, to("000444555667"));
    const itself = debit("2024-01-05", 700_00n, to("000111222333"));
    const masked = debit("2024-01-09", 800_00n, {
      channel: "net_banking_transfer",
      counterparty: { ...NOBODY, account: "XXXXXXXX5666" },
    });
    const maskedAlone = debit("2024-01-20", 850_00n, {
      channel: "net_banking_transfer",
      counterparty: { ...NOBODY, account: "XXXXXXXX5666" },
    });
    const arrives = credit("2024-01-09", 800_00n, transfer(null));
    assert.deepEqual(
      ownOfTwo([whole, strange, itself, masked, maskedAlone], [arrives]),
      hashes(whole, masked, arrives),
    );
  });
});
