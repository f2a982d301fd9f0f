/** What this contract's events carry, for the documentation: the envelope around the object as its routes answer it. */
import { z } from "zod";
import type { OpenbankingEventType } from "../../events/catalogue.ts";
import { accountExample, accountView, transactionExample, transactionView } from "./bank-account-views.ts";
import { consentExample, consentView } from "./consent-views.ts";
import { customerExample, customerView } from "./customers.ts";
import { BATCH_EXAMPLE, batchView, PAYMENT_EXAMPLE, paymentView } from "./payment-views.ts";

const envelopeOf = <T extends z.ZodType>(object: T) =>
  z.object({
    id: z.string().meta({ description: "The `webhook-id` of its deliveries." }),
    object: z.literal("event"),
    created_at: z.string(),
    type: z.string(),
    data: z.object({ object }),
  });

/** Of any type: the object's fields are those that its routes answer. */
export const EVENT_ENVELOPE = envelopeOf(
  z.looseObject({
    id: z.string(),
    object: z.string().meta({ description: "Names the type: its fields are those that its routes answer." }),
  }),
);

const AT = "2026-01-30T12:44:55Z";

/** By what a type's name begins with. A reminder speaks of the consent. */
const OBJECTS: Readonly<Record<string, { view: z.ZodType; example: Record<string, unknown> }>> = {
  customer: { view: customerView("customer"), example: customerExample("customer") },
  consent: { view: consentView, example: consentExample },
  reminder: { view: consentView, example: { ...consentExample, status: "authorized" } },
  bank_account: { view: accountView, example: accountExample },
  transaction: { view: transactionView, example: transactionExample },
  payment: { view: paymentView, example: PAYMENT_EXAMPLE },
  batch_payment: { view: batchView, example: BATCH_EXAMPLE },
};
const WITH_STATUS = new Set(["consent", "payment", "batch_payment"]);

export function openbankingEventBody(type: OpenbankingEventType) {
  const [name = "", what = ""] = type.split(".");
  const known = OBJECTS[name];
  if (!known) throw new Error(`No object is described for ${type}.`);
  const status = what === "created" ? "pending" : what;
  const object = WITH_STATUS.has(name) ? { ...known.example, status } : known.example;
  return {
    body: envelopeOf(known.view),
    example: { id: "evt_BziHSDpmRBDsdfxGebuC7a", object: "event", created_at: AT, type, data: { object } },
  };
}
