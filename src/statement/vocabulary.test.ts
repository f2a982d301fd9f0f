import assert from "node:assert/strict";
import { test } from "node:test";
import { balanceWord, roleOf, type Role } from "./vocabulary.ts";

test("column headers of many banks", () => {
  const cases: [string, Role | null][] = [
    ["Date", "date"], ["Trans. Time", "date"], ["Tran Date", "date"], ["Buchungstag", "date"], ["Fecha", "date"], ["交易日期", "date"],
    ["Value Date", "valueDate"], ["Value Dt", "valueDate"], ["Valuta", "valueDate"], ["Interest Date", "valueDate"],
    ["Description", "description"], ["Transaction Remarks", "description"], ["Omschrijving", "description"], ["摘要", "description"],
    ["Merchant Name or Transaction Description", "description"], ["Payment type and details", "description"],
    ["Withdrawal (-)", "debit"], ["Withdrawal Amt.", "debit"], ["Debit(₦)", "debit"], ["Money Out", "debit"], ["Paid out", "debit"], ["Af", "debit"],
    ["Deposit (+)", "credit"], ["Credit", "credit"], ["Paid In(£)", "credit"], ["Bij", "credit"], ["Abonos", "credit"], ["Haben", "credit"],
    ["$ Amount", "amount"], ["(GBP) Amount", "amount"], ["Betrag (EUR)", "amount"], ["交易金额", "amount"], ["Importo", "amount"],
    ["Balance After(₦)", "balance"], ["Closing Balance", "balance"], ["Running Bal", "balance"], ["Saldo", "balance"], ["账户余额", "balance"],
    ["Withdrawal (Dr)/ Deposit (Cr)", "mark"], ["Dr/Cr", "mark"],
    ["Chq./Ref.No.", "reference"], ["Cheque Number", "reference"], ["Transaction Reference", "reference"],
    ["Type", "other"], ["Foreign Currency", "other"], ["Foreign Amount", "other"], ["Original Currency Amount", "other"], ["Channel", "other"], ["S No.", "serial"], ["Xyzzy", null],
    ["Your Annual Percentage Rate is the annual interest rate on your account and date", null],
  ]; // prettier-ignore
  for (const [text, role] of cases) assert.equal(roleOf(text), role, text);
});

test("rows that are none", () => {
  for (const text of [
    "Opening Balance",
    "BALANCE BROUGHT FORWARD",
    "Balance B/F",
    "Alter Saldo",
    "Solde précédent",
    "期初余额",
    "Start balance",
  ]) {
    assert.equal(balanceWord(text), "opening", text);
  }
  for (const text of ["Closing Balance", "Neuer Saldo", "Solde final", "End balance"]) {
    assert.equal(balanceWord(text), "closing", text);
  }
  for (const text of ["Carried Forward :", "Balance C/F", "BALANCE CARRIED FORWARD", "转下页"])
    assert.equal(balanceWord(text), "carried", text);
  for (const text of ["GRAND TOTAL", "Total", "TOTALS", "Transaction total", "Summe", "合计"])
    assert.equal(balanceWord(text), "total", text);
  for (const text of ["Totally Books", "Salary", "Refund of opening balance", ""])
    assert.equal(balanceWord(text), null, text);
});
