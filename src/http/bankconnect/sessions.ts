/** `POST session/`: formats are checked here, meanings in intake. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { createSession, type NewSession } from "../../intake/sessions.ts";
import { useParsers } from "../parsers.ts";
import { callerOf, header } from "../keyring.ts";
import { sessionCreated } from "./bodies.ts";
import { onlyMethod, type BankconnectDeps } from "./context.ts";
import { readDate } from "./dates.ts";
import { describeRoute } from "./documentation.ts";
import { Refusal } from "./errors.ts";
import {
  optionalBoolean,
  optionalChoice,
  optionalInteger,
  optionalJudged,
  optionalText,
  optionalUrl,
  requiredText,
} from "./fields.ts";

const URL = "/session/";
const BODY_LIMIT = 256 * 1024;

const names = z.array(z.string().max(500)).max(200).optional();

/** What both versions take. */
const common = {
  link_id: requiredText(500, { description: "Your reference of the customer.", example: "customer-0042" }),
  api_key: optionalText(500, {
    description: "Your API key; the header `x-api-key` does as well. Sent both ways, they match.",
  }),
  redirect_url: optionalUrl(200, {
    description: "Where the hosted journey ends.",
    example: "https://example.com/done",
  }),
  from_date: optionalJudged({ description: "`DD/MM/YYYY`; six months back.", example: "25/10/2023" }),
  to_date: optionalJudged({ description: "`DD/MM/YYYY`; today.", example: "25/04/2024" }),
  max_from_date: optionalJudged({ description: "`DD/MM/YYYY`." }),
  max_to_date: optionalJudged({ description: "`DD/MM/YYYY`." }),
  logo_url: optionalUrl(2048, { description: "Shown in the hosted journey." }),
  bank_name: optionalText(50, { description: "Bank identifier; skips the choice of bank.", example: "axis" }),
  mode: optionalChoice(["pdf", "aa", "online"], { description: "Needs `bank_name`." }),
  mobile_number: optionalJudged({ description: "Ten digits." }),
  session_expiry: optionalJudged({
    description: "Minutes, 5 to 43200.",
    example: 60,
    type: ["integer", "string"],
  }),
  journey_mode: optionalText(50, { description: "`multi_pdf` or `multi_banking`." }),
  accept_anything: optionalBoolean({
    description: "Relaxes date range and acceptance criteria, never proof.",
  }),
  is_mobile_field_editable: optionalBoolean({ description: "In the hosted journey." }),
  metadata: z
    .preprocess(
      parsed,
      z
        .object({ names, employer_names: names, companies_for_self_transfer: names })
        .nullable()
        .optional()
        .meta({
          description:
            "Lists of names that help to recognise salary and self transfers: `names`, `employer_names`, " +
            "`companies_for_self_transfer`. In a form, as JSON text.",
        }),
    )
    .optional(),
};

const fields = z.object({
  ...common,
  aa_journey_mode: optionalChoice(["only_once", "only_recurring", "once_with_recurring"], {
    description: "Of the Account Aggregator.",
  }),
  aa_recurring_tenure_month_count: optionalInteger({ description: "1 to 84; above 60 counts as 60." }),
  aa_recurring_tenure_month: optionalInteger({ description: "Older name of the same." }),
  aa_recurring_frequency_unit: optionalChoice(["year", "month", "day", "hour"], {
    description: "With its value.",
  }),
  aa_recurring_frequency_value: optionalInteger({ description: "1 to 5." }),
});

const consent = z.object({
  from_date: optionalJudged({ description: "`DD/MM/YYYY`." }),
  to_date: optionalJudged({ description: "`DD/MM/YYYY`." }),
  consent_expiry: optionalJudged({ description: "`DD/MM/YYYY`." }),
});

const fields2 = z.object({
  ...common,
  bank: optionalText(50, { description: "Other name of `bank_name`." }),
  aa_journey_code: optionalText(50, {
    description: "`BCAA001` to `BCAA004`; `BCAA001`.",
    example: "BCAA001",
  }),
  consents: z
    .preprocess(
      parsed,
      z.record(z.string().max(50), consent, "Value must be valid JSON.").nullable().optional(),
    )
    .optional()
    .meta({ description: "By the consent's code. In a form, as JSON text." }),
});

const emptyAsNone = (body: unknown) => body ?? {};
const newSession = z.preprocess(emptyAsNone, fields);
const newSession2 = z.preprocess(emptyAsNone, fields2);

const EXAMPLE = {
  session_id: "bfb98ac5-7224-401b-a643-175235856187",
  redirect_url: "https://connect.example.com/?session_id=bfb98ac5-7224-401b-a643-175235856187",
};

const descriptionOf = (version: 1 | 2) =>
  describeRoute({
    id: version === 1 ? "createSession" : "createSessionV2",
    summary: version === 1 ? "Create a session" : "Create a session whose journey asks for a token",
    description:
      "The data of two sessions is never merged, even of one `link_id`. JSON, form or multipart; a range of at most ten years.",
    security: [{ clientKey: [] }, {}],
    status: 200,
    answer: sessionCreated,
    answerDescription: "The session, and where its hosted journey begins.",
    example:
      version === 1
        ? EXAMPLE
        : { ...EXAMPLE, redirect_url: `${EXAMPLE.redirect_url}&token=1714047957.mFkqJ…` },
    consumes: ["application/json", "application/x-www-form-urlencoded", "multipart/form-data"],
    errors: [
      "INVALID_REQUEST",
      "INVALID_BANK_NAME",
      "MISSING_BANK_NAME",
      "MODE_NOT_AVAILABLE",
      "INVALID_DATE_FORMAT",
      "INVALID_DATE_RANGE",
      "MISSING_DATE_FIELD",
      "INVALID_MOBILE_NUMBER",
      "INVALID_SESSION_EXPIRY",
      "INVALID_AA_PARAMETER",
      "MISSING_AA_PARAMETER",
      "AUTHENTICATION_CREDENTIALS_NOT_PROVIDED",
      "MODE_NOT_ENABLED",
      "UNSUPPORTED_MEDIA_TYPE",
    ],
  });

/** `POST v1/session/` and `POST v2/session/`. */
export async function createSessionRoute(
  app: FastifyInstance,
  deps: BankconnectDeps,
  version: 1 | 2,
): Promise<void> {
  const { intake, access, journeyTokens } = deps;
  useParsers(app, ["json", "form", "multipart"], BODY_LIMIT);
  onlyMethod(app, URL, "POST");
  const authenticate = {
    // A key in the header is checked before the body is read; without one the body must be read to find it.
    onRequest: async (request: FastifyRequest) => {
      const key = header(request, "x-api-key");
      if (key !== null) await access.requireKey(request, key);
    },
    preValidation: async (request: FastifyRequest) => {
      const key = bodyKey(request);
      const given = header(request, "x-api-key");
      if (given === null) await access.requireKey(request, key);
      else if (key !== null && key !== given) throw new Refusal("AUTHENTICATION_CREDENTIALS_NOT_PROVIDED");
    },
  };
  const typed = app.withTypeProvider<ZodTypeProvider>();
  if (version === 1) {
    typed.route({
      method: "POST",
      url: URL,
      ...authenticate,
      schema: { ...descriptionOf(1), body: newSession },
      handler: async (request) => {
        const { env, actor } = callerOf(request);
        const { sessionId, redirectUrl } = await createSession(
          intake,
          env,
          actor,
          toNewSession(request.body),
        );
        return { session_id: sessionId, redirect_url: redirectUrl };
      },
    });
    return;
  }
  typed.route({
    method: "POST",
    url: URL,
    ...authenticate,
    schema: { ...descriptionOf(2), body: newSession2 },
    handler: async (request) => {
      const { env, actor } = callerOf(request);
      const made = await createSession(intake, env, actor, toNewSession2(request.body));
      const url = new globalThis.URL(made.redirectUrl);
      url.searchParams.set("token", journeyTokens.tokenOf(env.publicId, made.sessionId, made.expiresAt));
      return { session_id: made.sessionId, redirect_url: url.href };
    },
  });
}

function bodyKey({ body }: FastifyRequest): string | null {
  if (typeof body !== "object" || body === null || !("api_key" in body)) return null;
  return typeof body.api_key === "string" && body.api_key !== "" ? body.api_key : null;
}

function toNewSession(body: z.output<typeof fields>): NewSession {
  return {
    ...commonOf(body),
    aaJourneyMode: body.aa_journey_mode ?? null,
    aaRecurringTenureMonthCount:
      body.aa_recurring_tenure_month_count ?? body.aa_recurring_tenure_month ?? null,
    aaRecurringFrequencyUnit: body.aa_recurring_frequency_unit ?? null,
    aaRecurringFrequencyValue: body.aa_recurring_frequency_value ?? null,
    aaJourney: null,
  };
}

const DEFAULT_JOURNEY = "BCAA001";

function toNewSession2(body: z.output<typeof fields2>): NewSession {
  const consents = Object.entries(body.consents ?? {}).map(([code, dates]) => [
    code,
    { from: readDate(dates.from_date), to: readDate(dates.to_date), expiry: readDate(dates.consent_expiry) },
  ]);
  return {
    ...commonOf({ ...body, bank_name: body.bank_name ?? body.bank }),
    aaJourneyMode: null,
    aaRecurringTenureMonthCount: null,
    aaRecurringFrequencyUnit: null,
    aaRecurringFrequencyValue: null,
    aaJourney: { code: body.aa_journey_code ?? DEFAULT_JOURNEY, consents: Object.fromEntries(consents) },
  };
}

type Common = Omit<z.output<typeof fields>, `aa_${string}`>;

function commonOf(body: Common) {
  const { metadata } = body;
  return {
    linkId: body.link_id,
    redirectUrl: body.redirect_url ?? null,
    fromDate: readDate(body.from_date),
    toDate: readDate(body.to_date),
    maxFromDate: readDate(body.max_from_date, "max_dates"),
    maxToDate: readDate(body.max_to_date, "max_dates"),
    logoUrl: body.logo_url ?? null,
    bankName: body.bank_name ?? null,
    mode: body.mode ?? null,
    mobileNumber: body.mobile_number ?? null,
    sessionExpiry: minutes(body.session_expiry),
    journeyMode: body.journey_mode ?? null,
    acceptAnything: body.accept_anything ?? null,
    isMobileFieldEditable: body.is_mobile_field_editable ?? false,
    metadata: metadata ? clean(metadata) : null,
  };
}

function minutes(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (!/^\d{1,9}$/.test(text.trim())) throw new Refusal("INVALID_SESSION_EXPIRY");
  return Number(text);
}

/** A form carries metadata as JSON text. */
function parsed(value: unknown): unknown {
  if (value === "" || typeof value !== "string") return value === "" ? null : value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** Without what PostgreSQL refuses inside jsonb: NUL and halves of surrogate pairs. */
function clean(metadata: Record<string, string[] | undefined>): Record<string, string[]> {
  const lists = Object.entries(metadata).flatMap(([key, list]) => (list ? [[key, list] as const] : []));
  for (const [, list] of lists) {
    if (list.some((text) => text.includes("\0") || !text.isWellFormed()))
      throw new Refusal("INVALID_REQUEST");
  }
  return Object.fromEntries(lists);
}
