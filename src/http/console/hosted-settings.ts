/** How customers see an environment: the hosted pages of open banking, the reminders, and the journey. */
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { appIdOf } from "../../connect/app-id.ts";
import type { Environment } from "../../store/environments.ts";
import { changeJourney, journeyDress } from "../../store/journey.ts";
import { changeOpenBankingSettings, loadOpenBankingRules } from "../../store/openbanking-settings.ts";
import { callerOf } from "../keyring.ts";
import type { ConsoleDeps } from "./context.ts";
import { describeRoute } from "./documentation.ts";

const OPEN_BANKING_URL = "/settings/open-banking";
const JOURNEY_URL = "/settings/journey";

const isLink = (protocols: readonly string[]) => (text: string) =>
  URL.canParse(text) && protocols.includes(new URL(text).protocol);

const supportUrl = z
  .string()
  .max(2048)
  .refine(isLink(["https:", "mailto:"]), { error: "An address that begins with https:// or mailto:." })
  .nullable()
  .meta({ description: "Where a customer finds help; null shows no link." });

const openBanking = z.strictObject({
  app_name: z.string().trim().min(1).max(80).nullable().meta({
    description: "Who asks for permission, in the customer's words; null: the organisation's name.",
  }),
  support_url: supportUrl,
  consent_days: z.int().min(1).max(3650).nullable().meta({
    description: "Days until a consent ends whose request names no end; null: one calendar year.",
  }),
  reminder_days: z
    .array(z.int().min(1).max(365))
    .max(10)
    .refine((days) => new Set(days).size === days.length, { error: "Each day once." })
    .meta({
      description: "Days before its end on which the customer is reminded by mail; none where empty.",
    }),
});
export const openBankingView = openBanking.extend({ app_id: z.string(), organisation: z.string() });

export const journey = z.strictObject({
  name: z
    .string()
    .trim()
    .min(1)
    .max(80)
    .nullable()
    .meta({ description: "Shown in the journey; null: the organisation's name." }),
  color: z
    .string()
    .regex(/^#[0-9a-f]{6}$/, { error: "A colour such as #4f46e5." })
    .nullable()
    .meta({ description: "Of buttons and links." }),
  logo_url: z
    .string()
    .max(2048)
    .refine(isLink(["https:"]), { error: "An address that begins with https://." })
    .nullable(),
  support_url: supportUrl,
  origins: z
    .array(z.string().max(300).refine(isOrigin, { error: "An origin such as https://app.example.com." }))
    .max(20)
    .meta({ description: "Who may put the journey into a frame, and is told how it ends." }),
});

function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { origin, protocol } = new URL(text);
  return origin === text && (protocol === "https:" || protocol === "http:");
}

const OPEN_BANKING_EXAMPLE = {
  app_id: "acc_4fT9sKq2ZbW7nXv0LhRd6YpM",
  organisation: "Sample Lending",
  app_name: null,
  support_url: "mailto:help@lender.example",
  consent_days: null,
  reminder_days: [14, 7, 1],
};
const JOURNEY_EXAMPLE = {
  name: "Sample Lending",
  color: "#4f46e5",
  logo_url: null,
  support_url: "https://lender.example/help",
  origins: ["https://app.lender.example"],
};

const described = (id: string, verb: "read" | "change", what: string, answer: z.ZodType, example: unknown) =>
  describeRoute({
    id,
    tag: "Settings",
    owner: true,
    summary: verb === "read" ? what : `Change: ${what.toLowerCase()}`,
    description: verb === "read" ? "Of this environment." : "What is not named stays.",
    answer,
    answerDescription: verb === "read" ? "As they are." : "As they are now.",
    example,
  });

export function hostedSettingsRoutes(app: FastifyInstance, deps: ConsoleDeps): void {
  openBankingRoutes(app, deps);
  journeyRoutes(app, deps);
}

function openBankingRoutes(app: FastifyInstance, { db, clock, authenticate }: ConsoleDeps): void {
  const typed = app.withTypeProvider<ZodTypeProvider>();
  const what = "Consents and their pages";
  const read = async (env: Environment): Promise<z.output<typeof openBankingView>> => {
    const rules = await loadOpenBankingRules(db, env.id);
    return {
      app_id: appIdOf(env),
      organisation: rules.organisation,
      app_name: rules.appName,
      support_url: rules.supportUrl,
      consent_days: rules.consentDays,
      reminder_days: [...rules.reminderDays],
    };
  };
  typed.route({
    method: "GET",
    url: OPEN_BANKING_URL,
    onRequest: authenticate,
    schema: described("getOpenBankingSettings", "read", what, openBankingView, OPEN_BANKING_EXAMPLE),
    handler: (request) => read(callerOf(request).env),
  });
  typed.route({
    method: "PATCH",
    url: OPEN_BANKING_URL,
    onRequest: authenticate,
    schema: {
      ...described("updateOpenBankingSettings", "change", what, openBankingView, OPEN_BANKING_EXAMPLE),
      body: openBanking.partial().meta({ examples: [{ reminder_days: [30, 7] }] }),
    },
    handler: async (request) => {
      const { env, actor } = callerOf(request);
      const { app_name, support_url, consent_days, reminder_days } = request.body;
      const change = {
        ...(app_name === undefined ? {} : { app_name }),
        ...(support_url === undefined ? {} : { support_url }),
        ...(consent_days === undefined ? {} : { consent_days }),
        ...(reminder_days === undefined ? {} : { reminder_days }),
      };
      await changeOpenBankingSettings(db, env, change, { actor, at: clock() });
      return read(env);
    },
  });
}

function journeyRoutes(app: FastifyInstance, { db, clock, authenticate }: ConsoleDeps): void {
  const typed = app.withTypeProvider<ZodTypeProvider>();
  const what = "The journey's looks";
  typed.route({
    method: "GET",
    url: JOURNEY_URL,
    onRequest: authenticate,
    schema: described("getJourneySettings", "read", what, journey, JOURNEY_EXAMPLE),
    handler: (request) => journeyDress(db, callerOf(request).env.id),
  });
  typed.route({
    method: "PATCH",
    url: JOURNEY_URL,
    onRequest: authenticate,
    schema: {
      ...described("updateJourneySettings", "change", what, journey, JOURNEY_EXAMPLE),
      body: journey.partial().meta({ examples: [{ color: "#0f766e" }] }),
    },
    handler: async (request) => {
      const { env, actor } = callerOf(request);
      const { name, color, logo_url, support_url, origins } = request.body;
      const change = {
        ...(name === undefined ? {} : { name }),
        ...(color === undefined ? {} : { color }),
        ...(logo_url === undefined ? {} : { logo_url }),
        ...(support_url === undefined ? {} : { support_url }),
        ...(origins === undefined ? {} : { origins }),
      };
      await changeJourney(db, env, change, { actor, at: clock() });
      return journeyDress(db, env.id);
    },
  });
}
