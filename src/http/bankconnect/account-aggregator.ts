/**
 * The Account Aggregator's recurring pull (reference §2.10). Requests are checked as they would be; no aggregator can be
 * configured yet, so what is right is answered MODE_NOT_ENABLED.
 */
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { isUuidV4 } from "../../platform/ids.ts";
import { findSession } from "../../store/sessions.ts";
import { callerOf } from "../keyring.ts";
import { ignoreBodies, useParsers } from "../parsers.ts";
import { uuid } from "./bodies.ts";
import { onlyMethod, type BankconnectDeps } from "./context.ts";
import { readDate } from "./dates.ts";
import { BOTH_KEYS, describeRoute } from "./documentation.ts";
import { Refusal } from "./errors.ts";
import { optionalJudged, queryText, requiredText } from "./fields.ts";

const DETAILS_URL = "/account_aggregator/get_recurring_consent_details/";
const FETCH_URL = "/account_aggregator/fetch_recurring_aa_data/";
const BODY_LIMIT = 64 * 1024;

const query = z.object({
  session_id: queryText({
    description: "Of the session that the consent was given in.",
    example: "bfb98ac5-7224-401b-a643-175235856187",
  }),
});

const details = describeRoute({
  id: "listRecurringConsents",
  summary: "Recurring consents of a session",
  description: "Without a configured Account Aggregator: `MODE_NOT_ENABLED`.",
  security: BOTH_KEYS,
  status: 200,
  answer: z.object({
    consent_details: z.array(
      z.object({
        consent_id: z.string(),
        bank_name: z.string(),
        masked_account_number: z.string(),
        tenure_month_count: z.int(),
        frequency_unit: z.string(),
        frequency_value: z.int(),
      }),
    ),
  }),
  answerDescription: "The consents.",
  example: {
    consent_details: [
      {
        consent_id: "6a1f0f4e-7f60-4a0f-9d5f-2f0a8f2a6a10",
        bank_name: "axis",
        masked_account_number: "XXXXXXXX4821",
        tenure_month_count: 12,
        frequency_unit: "day",
        frequency_value: 1,
      },
    ],
  },
  errors: ["INVALID_SESSION_ID", "ACCESS_DENIED", "MODE_NOT_ENABLED"],
});

const body = z.preprocess(
  (given) => given ?? {},
  z.object({
    consent_id: requiredText(100, { description: "Of `get_recurring_consent_details`." }),
    date_time_range_from: optionalJudged({ description: "`DD/MM/YYYY`.", example: "01/01/2024" }),
    date_time_range_to: optionalJudged({ description: "`DD/MM/YYYY`.", example: "31/01/2024" }),
  }),
);

const fetchDescription = describeRoute({
  id: "fetchRecurringData",
  summary: "Fetch data of a recurring consent",
  description: "Begins a session of its own. Without a configured Account Aggregator: `MODE_NOT_ENABLED`.",
  security: BOTH_KEYS,
  status: 200,
  answer: z.object({ session_id: uuid }),
  answerDescription: "The session that the data comes into.",
  example: { session_id: "bfb98ac5-7224-401b-a643-175235856187" },
  consumes: ["application/json"],
  errors: [
    "INVALID_REQUEST",
    "INVALID_DATE_FORMAT",
    "INVALID_DATE_RANGE",
    "ACCESS_DENIED",
    "MODE_NOT_ENABLED",
    "UNSUPPORTED_MEDIA_TYPE",
  ],
  sample: { field: "consent_id", reason: "This field is required." },
});

export async function recurringConsentsRoute(app: FastifyInstance, deps: BankconnectDeps): Promise<void> {
  ignoreBodies(app);
  onlyMethod(app, DETAILS_URL, "POST");
  app.withTypeProvider<ZodTypeProvider>().route({
    method: "POST",
    url: DETAILS_URL,
    onRequest: deps.access.require("both", "ACCESS_DENIED"),
    schema: { ...details, querystring: query },
    handler: async (request) => {
      // The sources print a stray slash behind the id.
      const id = (request.query.session_id ?? "").replace(/\/$/, "");
      const { env } = callerOf(request);
      const session = isUuidV4(id) ? await findSession(deps.db, env.id, id) : null;
      // By the clock: the job that marks it as expired comes later.
      const isOpen =
        session !== null &&
        session.state !== "deleted" &&
        Temporal.Instant.compare(deps.clock(), session.expires_at) < 0;
      throw new Refusal(isOpen ? "MODE_NOT_ENABLED" : "INVALID_SESSION_ID");
    },
  });
}

export async function fetchRecurringRoute(app: FastifyInstance, deps: BankconnectDeps): Promise<void> {
  useParsers(app, ["json"], BODY_LIMIT);
  onlyMethod(app, FETCH_URL, "POST");
  app.withTypeProvider<ZodTypeProvider>().route({
    method: "POST",
    url: FETCH_URL,
    onRequest: deps.access.require("both", "ACCESS_DENIED"),
    schema: { ...fetchDescription, body },
    handler: async (request) => {
      const from = readDate(request.body.date_time_range_from);
      const to = readDate(request.body.date_time_range_to);
      for (const [field, date] of Object.entries({ date_time_range_from: from, date_time_range_to: to }))
        if (!date) throw new Refusal("INVALID_REQUEST", { field, reason: "This field is required." });
      if (from && to && Temporal.PlainDate.compare(from, to) >= 0)
        throw new Refusal("INVALID_DATE_RANGE", { about: "too_long" });
      throw new Refusal("MODE_NOT_ENABLED");
    },
  });
}
