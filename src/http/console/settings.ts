/** What an environment's owner may choose of the BankConnect contract. The `settings` command changes the same. */
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { changeSettings, findSettings, timeZoneNamed, type SettingValues } from "../../store/settings.ts";
import { callerOf } from "../keyring.ts";
import { found, type ConsoleDeps } from "./context.ts";
import { describeRoute } from "./documentation.ts";

const URL = "/settings";

const settings = z.strictObject({
  time_zone: z
    .string()
    .refine((text) => timeZoneNamed(text) === text, { error: "An IANA name, such as Asia/Kolkata." })
    .meta({
      description: "The organisation's, in all its environments: today, month ends and expiry follow it.",
    }),
  retention: z.union([z.literal(7), z.literal(30), z.literal(90), z.literal(365)]).meta({
    description: "Days that deliveries and receivers' answers are kept; of those from then on.",
  }),
  unknown_banks: z.enum(["accept", "refuse"]).meta({
    description:
      "A statement of no bank that is known, whose arithmetic proves it: taken as `other`, or refused.",
  }),
  mask_account_numbers: z.boolean().meta({ description: "Only the last four, everywhere." }),
  to_reject_account: z.boolean().meta({
    description: "`insights_available` is false where an account is inconsistent or could not be read.",
  }),
  session_minutes: z
    .int()
    .min(5)
    .max(43_200)
    .meta({ description: "Of a session that names no `session_expiry`." }),
  accept_anything: z.boolean().meta({ description: "Of a session that does not name it." }),
  allowed_modes: z
    .array(z.enum(["pdf", "online", "aa"]))
    .min(1)
    .max(3)
    .refine((modes) => new Set(modes).size === modes.length, { error: "Each mode once." })
    .meta({
      description: "Of the modes that are built, those that a session may ask for.",
    }),
  max_pages: z.int().min(1).max(10_000).nullable().meta({
    description: "Pages of a file at most; null: the server's own limit, which holds in any case.",
  }),
  level_1: z.enum(["months", "dates", "none"]).meta({
    description:
      "When uploads are enough: every month of the range is there, every day is, or one statement.",
  }),
  level_1_missing_days: z
    .int()
    .min(0)
    .max(3660)
    .meta({ description: "With `dates`: so many may be missing." }),
  level_2: z.enum(["every_month", "first_and_last_month", "any", "none"]).meta({
    description: "After processing: which months need a transaction.",
  }),
  show_score: z.boolean().meta({ description: "Insights and reports carry the score: uncalibrated points." }),
});

const changes = settings.partial().meta({ examples: [{ session_minutes: 90, max_pages: 200 }] });

const EXAMPLE = {
  time_zone: "Asia/Kolkata",
  retention: 30,
  unknown_banks: "accept",
  mask_account_numbers: false,
  to_reject_account: false,
  session_minutes: 60,
  accept_anything: false,
  allowed_modes: ["pdf", "online", "aa"],
  max_pages: null,
  level_1: "months",
  level_1_missing_days: 0,
  level_2: "every_month",
  show_score: false,
};

const READ = describeRoute({
  id: "getSettings",
  tag: "Settings",
  owner: true,
  summary: "Settings",
  description: "Of this environment, and its organisation's time zone. Uploaded files are kept for 30 days.",
  answer: settings,
  answerDescription: "As they are.",
  example: EXAMPLE,
});
const CHANGE = describeRoute({
  id: "updateSettings",
  tag: "Settings",
  owner: true,
  summary: "Change settings",
  description: "What is not named stays. A running server heeds a change within three seconds.",
  answer: settings,
  answerDescription: "As they are now.",
  example: EXAMPLE,
});

export function settingsRoutes(app: FastifyInstance, { db, clock, authenticate }: ConsoleDeps): void {
  const typed = app.withTypeProvider<ZodTypeProvider>();
  const read = async (publicId: string): Promise<SettingValues> =>
    found(await findSettings(db, publicId)).values;
  typed.route({
    method: "GET",
    url: URL,
    onRequest: authenticate,
    schema: READ,
    handler: (request) => read(callerOf(request).env.publicId),
  });
  typed.route({
    method: "PATCH",
    url: URL,
    onRequest: authenticate,
    schema: { ...CHANGE, body: changes },
    handler: async (request) => {
      const { env, actor } = callerOf(request);
      const given = Object.entries(request.body).filter(([, value]) => value !== undefined);
      await changeSettings(db, env.publicId, Object.fromEntries(given), { actor, at: clock() });
      return read(env.publicId);
    },
  });
}
