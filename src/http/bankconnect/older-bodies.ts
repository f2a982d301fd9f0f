/** Bodies of the older reads (reference §2.9, §5.3). */
import { z } from "zod";
import { uuid } from "./bodies.ts";
import { recurring } from "./insights-bodies.ts";

const nullableText = z.string().nullable();
const free = z.record(z.string(), z.unknown());
const category = z.enum(["individual", "corporate"]);

export const identityRead = z.object({
  session_id: uuid,
  accounts: z.array(
    z.object({
      account_id: uuid,
      bank: z.string(),
      account_number: nullableText,
      ifsc: nullableText,
      micr: nullableText,
      account_category: category,
      credit_limit: z.number(),
      months: z.array(z.string()),
      statements: z.array(uuid),
      last_updated: z.string(),
    }),
  ),
  identity: z.array(
    z.object({
      account_id: uuid,
      name: nullableText,
      address: nullableText,
      account_number: nullableText,
      account_category: category,
      raw_account_category: z.string(),
      credit_limit: z.number(),
    }),
  ),
});

export const reports = z.object({
  session_id: uuid,
  reports: z.array(z.object({ link: z.string(), account_id: uuid })),
});

export const predictors = z.object({
  session_id: uuid,
  predictors: z.array(z.object({ account_id: uuid, predictors: free })),
});

export const eodBalances = z.object({
  session_id: uuid,
  eod_balances: z.array(z.object({ account_id: uuid, eod_balances: free })),
});

export const monthlyAnalysis = z.object({
  session_id: uuid,
  monthly_analysis: z.array(z.object({ account_id: uuid, monthly_analysis: free })),
});

/** Each set names its account. */
export const recurringRead = z.object({ session_id: uuid, recurring_transactions: recurring });

export type IdentityBody = z.output<typeof identityRead>;
