import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as fc from "fast-check";
import { account, NOBODY, transaction } from "../analysis.testing.ts";
import { findFraud } from "../fraud/index.ts";
import type { Account, Channel, KnownParties, LabelledTransaction, Relations } from "../types.ts";
import { findRelations } from "./index.ts";
import { pairLegs } from "./legs.ts";
import { dayNumber, readRows } from "./rows.ts";
import { createFolder } from "./words.ts";

const START = Temporal.PlainDate.from("2024-01-01");

const CHANNELS: readonly Channel[] = [
  "upi",
  "net_banking_transfer",
  "Others",
  "salary",
  "chq",
  "refund",
  "auto_debit_payment",
  "auto_debit_payment_bounce",
  "cash_deposit",
  "inward_cheque_bounce",
];

const NAMES = ["ASHA RAO", "A RAO", "ANIL RAO", "QUARTZ MILLS LTD", "RAO TRADERS", null] as const;

const KNOWN: KnownParties = {
  ownNames: ["Asha Rao"],
  employers: ["Quartz Mills"],
  companies: ["Rao Traders"],
};

/** Few days, amounts, names and references, so that nearly everything has a partner somewhere. */
const anyRow = fc.record({
  offset: fc.nat(60),
  direction: fc.constantFrom("credit" as const, "debit" as const),
  amount: fc.constantFrom(0n, 100_00n, 200_00n, 5_000_00n),
  channel: fc.constantFrom(...CHANNELS),
  name: fc.constantFrom(...NAMES),
  narration: fc.constantFrom("", "REVERSAL OF UPI", "EMI"),
  reference: fc.constantFrom(null, "400500000001", "400500000002"),
  lends: fc.boolean(),
});

const anySession: fc.Arbitrary<Account[]> = fc
  .array(fc.array(anyRow, { maxLength: 40, size: "max" }), { minLength: 1, maxLength: 3 })
  .map((accounts) =>
    accounts.map((rows, at) => {
      const transactions = rows
        .toSorted((a, b) => a.offset - b.offset)
        .map(({ offset, direction, amount, channel, name, narration, reference, lends }) =>
          transaction(direction, START.add({ days: offset }).toString(), amount, {
            channel,
            narration,
            counterparty: { ...NOBODY, name },
            scheme: "UPI",
            schemeReference: reference,
            merchantCategory: lends && amount === 5_000_00n ? "loans" : "",
          }),
        );
      return account(transactions, { id: `account-${at}`, openingBalance: 1_000_00n });
    }),
  );

/** What can be compared: sets in order, lists as they are. */
const plain = (relations: Relations) => ({
  ...relations,
  lender: [...relations.lender].toSorted(),
  loanCredits: [...relations.loanCredits].toSorted(),
  emiDebits: [...relations.emiDebits].toSorted(),
  selfTransfers: [...relations.selfTransfers].toSorted(),
  sisterTransfers: [...relations.sisterTransfers].toSorted(),
  bouncedOrPenal: [...relations.bouncedOrPenal].toSorted(),
  reversals: [...relations.reversals].toSorted(([a], [b]) => (a < b ? -1 : 1)),
});

const byHash = (accounts: readonly Account[]): Map<string, LabelledTransaction> =>
  new Map(accounts.flatMap(({ transactions }) => transactions.map((each) => [each.hash, each] as const)));

describe("relations of any session", () => {
  test("the order of the accounts makes no difference", () => {
    fc.assert(
      fc.property(anySession, (accounts) => {
        assert.deepEqual(
          plain(findRelations(accounts.toReversed(), KNOWN)),
          plain(findRelations(accounts, KNOWN)),
        );
      }),
      { numRuns: 150 },
    );
  });

  test("legs are of two accounts, equal, opposite, near, and each is used once", () => {
    fc.assert(
      fc.property(anySession, (accounts) => {
        const fold = createFolder();
        const rows = accounts.flatMap((each) => readRows(each, fold).rows);
        const legs = rows.map((row, at) => ({
          row,
          with: (["holder", "nobody", "other"] as const)[at % 3] ?? "other",
        }));
        const pairs = pairLegs(legs);
        assert.equal(new Set(pairs.flat()).size, pairs.length * 2);
        for (const [debit, credit] of pairs) {
          assert.notEqual(debit.profile.id, credit.profile.id);
          assert.deepEqual([debit.transaction.direction, credit.transaction.direction], ["debit", "credit"]);
          assert.equal(debit.transaction.amount, credit.transaction.amount);
          assert.ok(Math.abs(debit.day - credit.day) <= 2);
        }
      }),
      { numRuns: 150 },
    );
  });

  test("a reversal undoes one earlier, equal, opposite transaction of its account, and is undone by none", () => {
    fc.assert(
      fc.property(anySession, (accounts) => {
        const { reversals } = findRelations(accounts, KNOWN);
        const known = byHash(accounts);
        const undoing = new Set(reversals.values());
        assert.equal(undoing.size, reversals.size);
        for (const [original, reversal] of reversals) {
          const [first, second] = [known.get(original), known.get(reversal)];
          assert.ok(first && second && !undoing.has(original));
          assert.equal(first.accountId, second.accountId);
          assert.equal(first.amount, second.amount);
          assert.notEqual(first.direction, second.direction);
          assert.ok(Temporal.PlainDate.compare(first.date, second.date) <= 0);
        }
      }),
      { numRuns: 150 },
    );
  });

  test("what one relation explains the next leaves out, and parts lie within their whole", () => {
    fc.assert(
      fc.property(anySession, (accounts) => {
        const relations = findRelations(accounts, KNOWN);
        const { lender, selfTransfers, sisterTransfers, loanCredits, emiDebits, salary } = relations;
        assert.ok(loanCredits.isSubsetOf(lender) && emiDebits.isSubsetOf(lender));
        assert.ok(loanCredits.isDisjointFrom(emiDebits));
        assert.ok(sisterTransfers.isSubsetOf(selfTransfers) && selfTransfers.isDisjointFrom(lender));
        for (const { transaction: paid, confidence, reasons } of salary) {
          assert.equal(paid.direction, "credit");
          assert.ok(!selfTransfers.has(paid.hash) && !lender.has(paid.hash));
          assert.ok(confidence >= 50 && confidence <= 100 && reasons.length > 0);
        }
      }),
      { numRuns: 150 },
    );
  });

  test("a transaction is in one recurring set at most; each set is one account's, one direction's, one band's", () => {
    fc.assert(
      fc.property(anySession, (accounts) => {
        const { credits, debits } = findRelations(accounts, KNOWN).recurring;
        const hashes = [...credits, ...debits].flatMap((set) => set.transactions.map(({ hash }) => hash));
        assert.equal(new Set(hashes).size, hashes.length);
        for (const set of [...credits, ...debits]) {
          const amounts = set.transactions.map(({ amount }) => amount);
          assert.ok(amounts.includes(set.median));
          for (const each of set.transactions) {
            assert.equal(each.accountId, set.accountId);
            assert.equal(each.direction, set.direction);
            assert.ok(each.amount <= 2n * (amounts.toSorted((a, b) => (a < b ? -1 : 1))[0] ?? 0n));
          }
        }
      }),
      { numRuns: 150 },
    );
  });

  test("every finding names transactions of its account only", () => {
    fc.assert(
      fc.property(anySession, (accounts) => {
        const relations = findRelations(accounts, KNOWN);
        for (const one of accounts) {
          const own = byHash([one]);
          for (const { transactionHash, evidence } of findFraud(one, relations)) {
            const { transactions, repeats, creditBefore } = evidence;
            const named = [
              transactionHash,
              repeats,
              creditBefore,
              ...(Array.isArray(transactions) ? transactions : []),
            ];
            for (const hash of named) assert.ok(hash === null || hash === undefined || own.has(String(hash)));
          }
        }
      }),
      { numRuns: 150 },
    );
  });
});

test("days are counted as the calendar counts them", () => {
  const epoch = Temporal.PlainDate.from("1970-01-01");
  fc.assert(
    fc.property(fc.integer({ min: -200_000, max: 200_000 }), (days) => {
      assert.equal(dayNumber(epoch.add({ days })), days);
    }),
  );
});

test("5,000 transactions of 12 months (printed, not judged: machines differ)", (t) => {
  const rows = Array.from({ length: 5000 }, (_, at) => {
    const name = `PERSON ${String.fromCharCode(65 + (at % 26), 65 + (at % 23))} RAO`;
    return transaction(
      at % 3 === 0 ? "credit" : "debit",
      START.add({ days: Math.floor(at / 13.7) }).toString(),
      BigInt(((at * 7919) % 5000) * 100 + 100),
      {
        channel: "upi",
        scheme: "UPI",
        schemeReference: String(400_500_000_000 + at),
        narration: `UPI/DR/${400_500_000_000 + at}/${name}/OKBK/person${at % 300}@okbank/${at % 50 === 0 ? "REVERSAL" : "PAY"}`,
        cleanNote: `Transfer to ${name}`,
        counterparty: { ...NOBODY, name },
      },
    );
  });
  const one = account(rows, { openingBalance: 10_000_000_00n });
  const times = Array.from({ length: 15 }, () => {
    const start = performance.now();
    const relations = findRelations([one], KNOWN);
    findFraud(one, relations);
    return performance.now() - start;
  });
  assert.equal(one.transactions.length, 5000);
  t.diagnostic(`relations and fraud: ${Math.min(...times).toFixed(1)} ms at best of 15`);
});
