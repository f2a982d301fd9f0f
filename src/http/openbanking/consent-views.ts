/** What the routes of consents and of consent links share: shapes, examples, and the words for them. */
import { z } from "zod";
import { instant, metadataView, nullableText } from "./context.ts";
import { listOf, optionalText } from "./fields.ts";

const scopeWords = ["accounts", "balance", "transactions"] as const;

/** Which words there are, and that `accounts` is always among them, is `connect/consents/terms.ts`' to say. */
export const scopesField = () =>
  listOf(z.string(), 20, {
    description:
      "`accounts`, `balance`, `transactions`. None: all three. `accounts` is always among them, for the others are " +
      "read account by account.",
    examples: [[...scopeWords]],
  }).optional();

export const ownerFields = {
  customer: optionalText(200, {
    description: "Whose consent it is; or `vendor`.",
    examples: ["cus_0Zk3Qp7vXn2LhT9sRw4YbC"],
  }),
  vendor: optionalText(200, { description: "In place of `customer`." }),
};

export const returnUrlField = () =>
  optionalText(2048, {
    description:
      "Where the browser goes afterwards: https (http on localhost). Its own query is kept; `fx_consent`, `consent_id`, " +
      "`fx_timestamp`, `fx_signature` and, where nothing came of it, `error` are added. None: a page of ours says how it ended.",
    examples: ["https://app.example/bank/return?state=af0ifjsldkj"],
  });

const redirectView = z
  .object({ return_url: nullableText, consent_url: z.string() })
  .nullable()
  .meta({ description: "Send the customer to `consent_url`. Null in events." });

export const consentView = z.object({
  id: z.string(),
  object: z.literal("consent"),
  created_at: instant,
  updated_at: instant,
  authed_at: instant.nullable(),
  renewed_at: instant.nullable(),
  reconfirm_by: nullableText.meta({
    description:
      "The last day on which the bank is read unless the customer confirms again (`renewed_at`). Ours.",
  }),
  provider: nullableText,
  customer: nullableText,
  vendor: nullableText,
  consent_link: nullableText,
  failure_code: nullableText,
  failure_message: nullableText,
  expiry_date: z.string(),
  retro_date: nullableText,
  scopes: z.array(z.string()),
  status: z.enum(["new", "pending", "authorized", "failed", "expired", "canceled"]),
  redirect: redirectView,
  metadata: metadataView,
});

export const CONSENT_ID = "cst_5iHhGn4lSjvQofwhWVWKoZ";

export const consentExample = {
  id: CONSENT_ID,
  object: "consent",
  created_at: "2026-01-30T12:44:55Z",
  updated_at: "2026-01-30T12:44:55Z",
  authed_at: null,
  renewed_at: null,
  reconfirm_by: null,
  provider: "orion",
  customer: "cus_0Zk3Qp7vXn2LhT9sRw4YbC",
  vendor: null,
  consent_link: null,
  failure_code: null,
  failure_message: null,
  expiry_date: "2027-01-30",
  retro_date: null,
  scopes: [...scopeWords],
  status: "pending",
  redirect: {
    return_url: "https://app.example/bank/return?state=af0ifjsldkj",
    consent_url: "https://bankbell.example/c/7Gq2Xw9TzR4bLk0VnYc5Pd1M",
  },
  metadata: {},
};

export const linkView = z.object({
  id: z.string(),
  object: z.literal("consent_link"),
  created_at: instant,
  updated_at: instant,
  customer: nullableText,
  vendor: nullableText,
  type: z.enum(["single", "multiple"]),
  scopes: z.array(z.string()),
  expiry_days: z.int().nullable(),
  retro_days: z.int().nullable(),
  expires_at: instant,
  redirect: z.object({ return_url: nullableText, consent_url: z.string() }),
  status: z.enum(["active", "used", "expired"]),
  metadata: metadataView,
});

export const LINK_ID = "cl_9Xb2Vd6FhJm0QrT4Wy8ZaC";

export const linkExample = {
  id: LINK_ID,
  object: "consent_link",
  created_at: "2026-01-30T12:44:55Z",
  updated_at: "2026-01-30T12:44:55Z",
  customer: "cus_0Zk3Qp7vXn2LhT9sRw4YbC",
  vendor: null,
  type: "single",
  scopes: [...scopeWords],
  expiry_days: 90,
  retro_days: 730,
  expires_at: "2026-04-30T12:44:55Z",
  redirect: {
    return_url: "https://app.example/bank/return",
    consent_url: "https://bankbell.example/l/2Hs8Kd5LpQ1mWv6ZbT9xNf3R",
  },
  status: "active",
  metadata: {},
};
