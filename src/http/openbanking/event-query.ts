/** Which events are asked for: by type, by whose, by what they speak of, by time. */
import type { FeedFilter } from "../../store/event-feed.ts";
import { OpenBankingError } from "./errors.ts";
import { listOf, optionalText, spanOf, timestampQuery } from "./fields.ts";
import { EVENT_TYPES } from "./webhook-views.ts";
import { z } from "zod";

const type = z
  .string({ error: "is not a text" })
  .refine((name) => typesOf(name).length > 0, "is no event type of the catalogue");

export const eventQuery = {
  type: listOf(type, 100, {
    description: "Only these: `type=consent.authorized`, `type[]=…` several times, or `type=consent.*`.",
    examples: [["consent.authorized"]],
  }).optional(),
  customer: optionalText(100, { description: "Only those of this customer or vendor." }),
  resource: optionalText(120, {
    description: "Only those of this consent, payment, batch, transaction, customer or webhook, by its id.",
    examples: ["cst_5iHhGn4lSjvQofwhWVWKoZ"],
  }),
};

const timed = z.object({ ...eventQuery, ...timestampQuery });
type EventQuery = Partial<z.output<typeof timed>>;

/** What order is kept for, by the prefix of the public id. A bank account's events are its consent's. */
const RESOURCES: Readonly<Record<string, string>> = {
  cst: "consent",
  pmt: "payment",
  bp: "batch_payment",
  trn: "transaction",
  cus: "customer",
  wh: "webhook_endpoint",
};

function typesOf(name: string): string[] {
  const start = name.endsWith(".*") ? name.slice(0, -1) : null;
  return EVENT_TYPES.filter((known) => (start === null ? known === name : known.startsWith(start)));
}

/** @param timeZone of the organisation: whose day a date is */
export function filterOf(query: EventQuery, timeZone: string): FeedFilter {
  const { type, customer = null, resource } = query;
  return {
    types: type === undefined || type.length === 0 ? EVENT_TYPES : [...new Set(type.flatMap(typesOf))],
    subject: customer,
    resource: resource === undefined ? null : resourceOf(resource),
    ...spanOf(query, timeZone),
  };
}

function resourceOf(id: string): string {
  const kind = RESOURCES[id.slice(0, id.indexOf("_"))];
  if (kind !== undefined) return `${kind}:${id}`;
  throw new OpenBankingError("invalid_parameter", {
    param: "resource",
    message: `\`resource\` begins with one of ${Object.keys(RESOURCES)
      .map((prefix) => `${prefix}_`)
      .join(", ")}.`,
  });
}
