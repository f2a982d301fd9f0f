/** What payments and batches look like in answers, for the documentation; `connect/objects/payment.ts` makes them. */
import { z } from "zod";
import { instant, metadataView, nullableText } from "./context.ts";

const redirect = z.object({ return_url: nullableText, consent_url: z.string() }).nullable().meta({
  description:
    "Send the customer to `consent_url`. Null for a payment of a batch: it has no page of its own.",
});

export const PAYMENT_STATUSES = [
  "new",
  "pending",
  "authorized",
  "executed",
  "completed",
  "failed",
  "canceled",
  "expired",
] as const;

export const paymentView = z.object({
  id: z.string(),
  object: z.literal("payment"),
  created_at: instant,
  updated_at: instant,
  customer: nullableText,
  vendor: nullableText,
  provider: nullableText.meta({ description: "Null until the customer has chosen a bank." }),
  bank_account: nullableText,
  batch_payment: nullableText,
  amount: z.number().meta({ description: "In major units." }),
  currency: z.string(),
  reference: nullableText,
  description: nullableText,
  recipient: z.object({
    name: z.string(),
    identification: z.object({
      sort_code: z.string().optional(),
      account_number: z.string().optional(),
      iban: z.string().optional(),
    }),
  }),
  status: z.enum(PAYMENT_STATUSES).meta({
    description:
      "`new` without a bank, `pending` with one; `authorized` by the customer; `executed`: the bank took it. " +
      "`completed`, `failed`, `canceled` and `expired` are final.",
  }),
  authed_at: instant.nullable(),
  executed_at: instant.nullable(),
  completed_at: instant.nullable(),
  expires_at: instant.meta({ description: "What is not authorized by then expires." }),
  failure_code: nullableText,
  failure_message: nullableText,
  redirect,
  metadata: metadataView,
});

export const BATCH_STATUSES = [
  "pending",
  "authorized",
  "processing",
  "completed",
  "partially_completed",
  "failed",
  "canceled",
  "expired",
] as const;

export const batchView = z.object({
  id: z.string(),
  object: z.literal("batch_payment"),
  created_at: instant,
  updated_at: instant,
  customer: nullableText,
  vendor: nullableText,
  provider: nullableText,
  count: z.int(),
  total_amount: z.number().meta({ description: "In major units." }),
  currency: z.string(),
  status: z.enum(BATCH_STATUSES).meta({
    description:
      "`pending` until each payment is authorized or has ended, `processing` once the bank took any of the rest.",
  }),
  counts: z
    .object({ pending: z.int(), completed: z.int(), failed: z.int() })
    .meta({ description: "Of its payments; canceled and expired ones count as failed." }),
  expires_at: instant,
  failure_code: nullableText,
  failure_message: nullableText,
  redirect,
  metadata: metadataView,
});

const AT = "2026-01-30T12:44:55Z";
const CUSTOMER = "cus_0Zk3Qp7vXn2LhT9sRw4YbC";
const BACK = "https://shop.example/paid?order=17";

export const PAYMENT_EXAMPLE = {
  id: "pmt_6Ld9HrZ2vCk7XtQb0JnWsF",
  object: "payment",
  created_at: AT,
  updated_at: AT,
  customer: CUSTOMER,
  vendor: null,
  provider: "orion",
  bank_account: null,
  batch_payment: null,
  amount: 250.5,
  currency: "gbp",
  reference: "INVOICE 17",
  description: "Repair of a bicycle",
  recipient: {
    name: "Ann Example",
    identification: { sort_code: "04-00-04", account_number: "12345678" },
  },
  status: "pending",
  authed_at: null,
  executed_at: null,
  completed_at: null,
  expires_at: "2026-02-06T12:44:55Z",
  failure_code: null,
  failure_message: null,
  redirect: { return_url: BACK, consent_url: "https://bankbell.example/p/8sVb1NtJ4qFz6GxKs3MwPyCa" },
  metadata: { order: "17" },
};

export const BATCH_EXAMPLE = {
  id: "bp_3Tq5YwM8jGx1BdVn4KzLpR",
  object: "batch_payment",
  created_at: AT,
  updated_at: AT,
  customer: CUSTOMER,
  vendor: null,
  provider: "orion",
  count: 2,
  total_amount: 501,
  currency: "gbp",
  status: "pending",
  counts: { pending: 2, completed: 0, failed: 0 },
  expires_at: "2026-02-06T12:44:55Z",
  failure_code: null,
  failure_message: null,
  redirect: { return_url: BACK, consent_url: "https://bankbell.example/b/2pXc7LmQ0sWz5RkTv9YnHdQe" },
  metadata: {},
};
