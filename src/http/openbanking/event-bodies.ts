/** What this contract's events carry, for the documentation: the envelope around the object as its routes answer it. */
import { z } from "zod";
import type { OpenbankingEventType } from "../../events/catalogue.ts";
import { customerExample } from "./customers.ts";

/** Of any object: its own fields are those of its routes. */
const thing = z.looseObject({
  id: z.string(),
  object: z.string().meta({ description: "Names the type: its fields are those that its routes answer." }),
});

export const EVENT_ENVELOPE = z.object({
  id: z.string().meta({ description: "The `webhook-id` of its deliveries." }),
  object: z.literal("event"),
  created_at: z.string(),
  type: z.string(),
  data: z.object({ object: thing }),
});

const AT = "2026-01-30T12:44:55Z";

const CONSENT = {
  id: "cst_5iHhGn4lSjvQofwhWVWKoZ",
  object: "consent",
  created_at: AT,
  updated_at: AT,
  provider: "orion",
  customer: "cus_0Zk3Qp7vXn2LhT9sRw4YbC",
  expiry_date: "2027-01-30",
  failure_code: null,
  failure_message: null,
  metadata: {},
};
const OBJECTS: Readonly<Record<string, object>> = {
  customer: customerExample("customer"),
  consent: CONSENT,
  reminder: { ...CONSENT, status: "authorized" },
  bank_account: {
    id: "ba_2pXc7LmQ0sWz5RkTv9YnHd",
    object: "bank_account",
    created_at: AT,
    currency: "gbp",
    provider: "orion",
  },
  transaction: {
    id: "trn_8Vb1NtJ4qFz6GxKs3MwPyC",
    object: "transaction",
    timestamp: AT,
    amount: -12.5,
    currency: "gbp",
    type: "debit",
    status: "booked",
  },
  payment: {
    id: "pmt_6Ld9HrZ2vCk7XtQb0JnWsF",
    object: "payment",
    created_at: AT,
    amount: 250,
    currency: "gbp",
  },
  batch_payment: {
    id: "bp_3Tq5YwM8jGx1BdVn4KzLpR",
    object: "batch_payment",
    created_at: AT,
    count: 2,
    total_amount: 500,
    currency: "gbp",
  },
};
/** A payment and a consent begin so. */
const FIRST_STATUS = "pending";
const STATUSES = new Set(["consent", "payment", "batch_payment"]);

export const openbankingEventBody = (type: OpenbankingEventType) => {
  const [name = "", what = ""] = type.split(".");
  const known = OBJECTS[name] ?? {};
  const object = STATUSES.has(name) ? { ...known, status: what === "created" ? FIRST_STATUS : what } : known;
  return {
    body: EVENT_ENVELOPE,
    example: { id: "evt_BziHSDpmRBDsdfxGebuC7a", object: "event", created_at: AT, type, data: { object } },
  };
};
