/** What the routes of bank accounts share: shapes and examples (reference §3.4–3.7). */
import { z } from "zod";
import { instant, metadataView, nullableText } from "./context.ts";

export const ACCOUNT_ID = "ba_2pXc7LmQ0sWz5RkTv9YnHd";

export const accountView = z.object({
  id: z.string(),
  object: z.literal("bank_account"),
  created_at: instant,
  updated_at: instant,
  customer: nullableText,
  vendor: nullableText,
  consent: nullableText.meta({ description: "What gives access now; null where nothing does." }),
  provider: z.string(),
  holder_name: nullableText,
  nickname: nullableText,
  currency: z.string(),
  identification: z.object({
    sort_code: z.string().optional(),
    account_number: z.string().optional(),
    iban: z.string().optional(),
    pan: z.string().optional(),
  }),
  type: z.enum(["personal", "business", "unknown"]),
  class: z.enum(["current", "savings", "emoney", "credit_card"]).nullable(),
  fingerprint: z
    .string()
    .meta({ description: "The same for one real account, whichever consent it is seen by." }),
  metadata: metadataView,
});

export const accountExample = {
  id: ACCOUNT_ID,
  object: "bank_account",
  created_at: "2026-01-30T12:46:10Z",
  updated_at: "2026-01-30T12:46:12Z",
  customer: "cus_0Zk3Qp7vXn2LhT9sRw4YbC",
  vendor: null,
  consent: "cst_5iHhGn4lSjvQofwhWVWKoZ",
  provider: "orion",
  holder_name: "Asha Sample",
  nickname: "Everyday",
  currency: "gbp",
  identification: { sort_code: "00-00-00", account_number: "12345678" },
  type: "personal",
  class: "current",
  fingerprint: "q1w2e3r4t5y6u7i8o9p0aAsSdDfFgGhH",
  metadata: {},
};

export const balancesView = z.object({
  data: z.array(
    z.object({
      type: z.enum(["actual", "interim"]),
      current: z.number(),
      available: z.number().nullable(),
      currency: z.string(),
      overdraft: z.object({ limit: z.number(), type: nullableText }).nullable(),
      synced_at: instant,
    }),
  ),
});

export const balancesExample = {
  data: [
    {
      type: "actual",
      current: 1250.75,
      available: 1450.75,
      currency: "gbp",
      overdraft: { limit: 200, type: "Available" },
      synced_at: "2026-01-30T12:46:12Z",
    },
  ],
};

export const syncView = z.object({
  status: z.enum(["idle", "running"]),
  synced_from: instant.nullable(),
  synced_to: instant.nullable(),
  auto_sync_interval: nullableText.meta({ description: "ISO 8601 duration; null: by hand only." }),
});

export const syncExample = {
  status: "idle",
  synced_from: "2024-01-30T00:00:00Z",
  synced_to: "2026-01-30T12:46:12Z",
  auto_sync_interval: "PT24H",
};

export const transactionView = z.object({
  id: z.string(),
  object: z.literal("transaction"),
  timestamp: instant,
  amount: z.number().meta({ description: "Major units; negative for a debit." }),
  currency: z.string(),
  type: z.enum(["debit", "credit"]),
  description: z.string(),
  reference: nullableText,
  category: nullableText,
  merchant: nullableText,
  balance: z.number().nullable(),
  status: z.enum(["booked", "pending"]),
  metadata: metadataView,
  bank_account: z.string(),
  consent: nullableText,
});

export const transactionExample = {
  id: "trn_8Vb1NtJ4qFz6GxKs3MwPyC",
  object: "transaction",
  timestamp: "2026-01-29T08:12:44Z",
  amount: -12.5,
  currency: "gbp",
  type: "debit",
  description: "CARD PAYMENT TO GROCER 0129",
  reference: null,
  category: "Groceries",
  merchant: "GROCER",
  balance: 1250.75,
  status: "booked",
  metadata: {},
  bank_account: ACCOUNT_ID,
  consent: "cst_5iHhGn4lSjvQofwhWVWKoZ",
};
