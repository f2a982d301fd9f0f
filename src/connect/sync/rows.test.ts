import assert from "node:assert/strict";
import { test } from "node:test";
import { createCalendar, createNamer, createReferences } from "./rows.ts";

const at = (text: string) => Temporal.Instant.from(text);
const row = (bankRef: string, when: string, amount: bigint, description: string) => ({
  bankRef,
  at: at(when),
  amount,
  description,
  reference: null,
  balance: null,
  merchant: null,
});
const said = (ref: string | null, more: object = {}) => ({
  ref,
  status: "booked" as const,
  at: at("2026-03-01T09:00:00Z"),
  amount: -3_00n,
  currency: "gbp",
  description: "COFFEE",
  reference: null,
  merchant: null,
  balance: null,
  partyName: null,
  ...more,
});

test("a bank's reference is kept; without one, what is said tells, and the second of two alike is another", () => {
  const [first, second] = [createReferences(), createReferences()];
  const refs = (refer: ReturnType<typeof createReferences>) =>
    [
      said("t1"),
      said(null),
      said(null),
      said(null, { amount: -4_00n }),
      said(null, { status: "pending" }),
    ].map((one) => refer(one).bankRef);
  const once = refs(first);
  assert.equal(once[0], "t1");
  assert.equal(new Set(once).size, 5);
  assert.deepEqual(refs(second), once, "the same at the next sync");
});

test("days are the organisation's", () => {
  const [utc, kolkata] = [createCalendar("UTC"), createCalendar("Asia/Kolkata")];
  assert.equal(utc(at("2026-03-01T18:29:59Z")).toString(), "2026-03-01");
  assert.equal(kolkata(at("2026-03-01T18:29:59Z")).toString(), "2026-03-01");
  assert.equal(kolkata(at("2026-03-01T18:30:00Z")).toString(), "2026-03-02");
});

test("labels: alone by the words, together by what stands near", () => {
  const namer = createNamer(
    {
      id: "ba",
      holderName: "Invented Holder",
      currency: "gbp",
      type: "personal",
      identification: { sort_code: "00-00-00" },
    },
    "UTC",
  );
  const debit = row("1", "2026-02-01T10:00:00Z", -25_99n, "CARD PAYMENT TO AMAZON.CO.UK");
  const credit = row("2", "2026-02-09T10:00:00Z", 25_99n, "AMAZON.CO.UK LONDON");
  assert.deepEqual(namer.together([credit]), [{ category: "Others", merchant: null }]);
  assert.deepEqual(namer.together([debit, credit]), [
    { category: "Shopping", merchant: "AMAZON.CO.UK" },
    { category: "Refund", merchant: "AMAZON.CO.UK" },
  ]);
  const named = namer.together([
    { ...row("3", "2026-02-01T10:00:00Z", -5_00n, "CARD 1234"), merchant: "Tesco" },
  ]);
  assert.deepEqual(named, [{ category: "Groceries", merchant: "Tesco" }]);
});
