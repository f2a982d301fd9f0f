import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { toDecimal } from "../../../statement/currency.ts";
import {
  accountOf,
  balancesOf,
  instructionBody,
  minorOf,
  NoAmount,
  permissionsOf,
  transactionOf,
} from "./transform.ts";
import * as wire from "./types.ts";

test("amounts are moved digit by digit, both ways", () => {
  assert.equal(minorOf({ Amount: "12.5", Currency: "GBP" }), 1250n);
  assert.equal(minorOf({ Amount: "12", Currency: "GBP" }), 1200n);
  assert.equal(minorOf({ Amount: "0.10000", Currency: "GBP" }), 10n);
  assert.equal(minorOf({ Amount: "500", Currency: "JPY" }), 500n);
  assert.throws(() => minorOf({ Amount: "0.001", Currency: "GBP" }), NoAmount);
  assert.throws(() => minorOf({ Amount: "1.5", Currency: "JPY" }), NoAmount);
  const whole = fc.bigInt({ min: 0n, max: 999_999_999_999_999n });
  fc.assert(
    fc.property(whole, fc.constantFrom("GBP", "JPY", "KWD"), (minor, Currency) => {
      assert.equal(minorOf({ Amount: toDecimal(minor, Currency), Currency }), minor);
    }),
  );
});

const account = (more: object) =>
  wire.accounts
    .parse({ Data: { Account: [{ AccountId: "a", Currency: "GBP", ...more }] } })
    .Data.Account.map(accountOf)[0];

test("accounts: sort code and number apart, IBAN without spaces, kinds in our words, closed ones left out", () => {
  const Account = [
    {
      SchemeName: "UK.OBIE.SortCodeAccountNumber",
      Identification: "00-00-12 34567890",
      Name: "Invented Holder",
    },
    { SchemeName: "UK.OBIE.IBAN", Identification: "GB00 XXXX 0000 1234 5678 90" },
  ];
  const full = account({
    AccountType: "Personal",
    AccountSubType: "CurrentAccount",
    Nickname: "Mine",
    Account,
  });
  assert.deepEqual(full, {
    ref: "a",
    currency: "gbp",
    holderName: "Invented Holder",
    nickname: "Mine",
    identification: { sort_code: "00-00-12", account_number: "34567890", iban: "GB00XXXX00001234567890" },
    type: "personal",
    class: "current",
  });
  const bare = account({ AccountType: "Other", AccountSubType: "Mortgage" });
  assert.deepEqual([bare?.type, bare?.class, bare?.identification], ["unknown", null, {}]);
  assert.equal(account({ AccountSubType: "ChargeCard" })?.class, "credit_card");
  assert.equal(account({ Status: "Deleted" }), null);
});

const balance = (Type: string, Amount: string, more: object = {}) => ({
  AccountId: "a",
  CreditDebitIndicator: "Credit",
  Type,
  Amount: { Amount, Currency: "GBP" },
  ...more,
});
const balances = (...Balance: object[]) =>
  balancesOf(wire.balances.parse({ Data: { Balance } }).Data.Balance);

test("balances: what is booked is actual, what is available stands beside it, credit lines are not the customer's", () => {
  const line = { Included: true, Amount: { Amount: "200.00", Currency: "GBP" }, Type: "Pre-Agreed" };
  assert.deepEqual(
    balances(
      balance("InterimAvailable", "350.00", { CreditLine: [line] }),
      balance("InterimBooked", "150.00"),
    ),
    [
      {
        type: "actual",
        current: 150_00n,
        available: 350_00n,
        currency: "gbp",
        overdraft: { limit: 200_00n, type: "Pre-Agreed" },
      },
      {
        type: "interim",
        current: 150_00n,
        available: 350_00n,
        currency: "gbp",
        overdraft: { limit: 200_00n, type: "Pre-Agreed" },
      },
    ],
  );
  const [debt] = balances(balance("ClosingBooked", "9.99", { CreditDebitIndicator: "Debit" }));
  assert.deepEqual(
    [debt?.type, debt?.current, debt?.available, debt?.overdraft],
    ["actual", -9_99n, null, null],
  );
  assert.equal(balances(balance("InterimAvailable", "1.00")).length, 1);
});

test("figures of two currencies do not stand beside each other", () => {
  const yen = { Amount: "35000", Currency: "JPY" };
  const line = { Included: true, Amount: yen, Type: "Pre-Agreed" };
  const both = balances(
    balance("InterimAvailable", "0", { Amount: yen }),
    balance("InterimBooked", "150.00", { CreditLine: [line] }),
  );
  assert.deepEqual(both, [
    { type: "actual", current: 150_00n, available: null, currency: "gbp", overdraft: null },
  ]);
  const credit = { CreditDebitIndicator: "Credit" };
  assert.equal(transaction({ Balance: { ...credit, Amount: yen } })?.balance, null);
  const pounds = { Amount: "7.00", Currency: "GBP" };
  assert.equal(transaction({ Balance: { ...credit, Amount: pounds } })?.balance, 7_00n);
});

const transaction = (more: object) =>
  transactionOf(
    wire.transaction.parse({
      AccountId: "a",
      CreditDebitIndicator: "Debit",
      Status: "Booked",
      BookingDateTime: "2026-03-01T10:00:00+01:00",
      Amount: { Amount: "12.50", Currency: "GBP" },
      ...more,
    }),
  );

test("transactions: the indicator is the sign, the other party is who it is for us, the rejected never happened", () => {
  const parties = { CreditorAccount: { Name: "Creditor" }, DebtorAccount: { Name: "Debtor" } };
  const debit = transaction({ TransactionInformation: "CARD", TransactionId: "t1", ...parties });
  assert.deepEqual(
    [debit?.amount, debit?.partyName, debit?.ref, debit?.description, debit?.at.toString()],
    [-12_50n, "Creditor", "t1", "CARD", "2026-03-01T09:00:00Z"],
  );
  const credit = transaction({ CreditDebitIndicator: "Credit", Status: "Pending", ...parties });
  assert.deepEqual(
    [credit?.amount, credit?.partyName, credit?.status, credit?.ref],
    [12_50n, "Debtor", "pending", null],
  );
  assert.equal(transaction({ Status: "Rejected" }), null);
  assert.equal(transaction({ MerchantDetails: { MerchantName: "SHOP" } })?.description, "SHOP");
  assert.throws(() => transaction({ Amount: { Amount: "-1", Currency: "GBP" } }));
  assert.throws(() => transaction({ BookingDateTime: "yesterday" }));
});

test("an instruction gives the same text each time, in the standard's words", () => {
  const instruction = {
    amount: 250_00n,
    currency: "gbp",
    reference: "INV 17",
    recipient: { name: "Invented Payee", sortCode: "00-00-01", accountNumber: "87654321", iban: null },
    debtor: null,
    endToEndId: "e2e-1",
  };
  assert.equal(
    JSON.stringify(instructionBody(instruction)),
    JSON.stringify(instructionBody({ ...instruction })),
  );
  assert.deepEqual(instructionBody(instruction).Initiation, {
    InstructionIdentification: "e2e-1",
    EndToEndIdentification: "e2e-1",
    LocalInstrument: "UK.OBIE.FPS",
    InstructedAmount: { Amount: "250.00", Currency: "GBP" },
    CreditorAccount: {
      SchemeName: "UK.OBIE.SortCodeAccountNumber",
      Identification: "00000187654321",
      Name: "Invented Payee",
    },
    RemittanceInformation: { Reference: "INV 17", Unstructured: "INV 17" },
  });
});

test("permissions follow the scopes; unmasked card numbers are never among them", () => {
  assert.deepEqual(permissionsOf(["balance"]), ["ReadAccountsBasic", "ReadAccountsDetail", "ReadBalances"]);
  const all = permissionsOf(["accounts", "balance", "transactions"]);
  assert.ok(all.includes("ReadTransactionsDetail") && !all.includes("ReadPAN"));
});
