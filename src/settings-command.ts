/** `settings`: what an environment's BankConnect contract does where its owner has a choice, read and changed. */
import { parseArgs } from "node:util";
import { DatabaseError } from "pg";
import { withDatabase } from "./database-commands.ts";
import type { ExitCode, Io } from "./main.ts";
import { systemClock } from "./platform/clock.ts";
import { StartError } from "./start-error.ts";
import {
  changeSettings,
  findSettings,
  timeZoneNamed,
  type EnvironmentSettings,
  type SettingValues,
} from "./store/settings.ts";
import type { Database } from "./store/connect.ts";

interface Setting {
  name: keyof SettingValues;
  allowed: string;
  meaning: string;
  /** Null where the text is none of what is allowed. */
  read(text: string): Partial<SettingValues> | null;
}

const RETENTIONS = [7, 30, 90, 365] as const;

const SETTINGS: readonly Setting[] = [
  {
    name: "unknown_banks",
    allowed: "accept, refuse",
    meaning: "A statement of no bank that we know, whose arithmetic proves it: taken as `other`, or refused.",
    read: (text) => choice(text, ["accept", "refuse"], (unknown_banks) => ({ unknown_banks })),
  },
  {
    name: "mask_account_numbers",
    allowed: "on, off",
    meaning: "Webhooks and identity show the last four of an account number only.",
    read: (text) => onOff(text, (mask_account_numbers) => ({ mask_account_numbers })),
  },
  {
    name: "to_reject_account",
    allowed: "on, off",
    meaning: "insights_available is false where an account is inconsistent or could not be read.",
    read: (text) => onOff(text, (to_reject_account) => ({ to_reject_account })),
  },
  {
    name: "session_minutes",
    allowed: "5 to 43200",
    meaning: "How long a session lives that does not name session_expiry.",
    read: (text) => whole(text, 5, 43_200, (session_minutes) => ({ session_minutes })),
  },
  {
    name: "level_1",
    allowed: "months, dates, none",
    meaning: "When uploads are enough: every month of the range is there, every day is, or one statement.",
    read: (text) => choice(text, ["months", "dates", "none"], (level_1) => ({ level_1 })),
  },
  {
    name: "level_1_missing_days",
    allowed: "0 to 3660",
    meaning: "With level_1 dates: so many days may be missing.",
    read: (text) => whole(text, 0, 3660, (level_1_missing_days) => ({ level_1_missing_days })),
  },
  {
    name: "level_2",
    allowed: "every_month, first_and_last_month, any, none",
    meaning: "After processing: which months of the range need a transaction.",
    read: (text) =>
      choice(text, ["every_month", "first_and_last_month", "any", "none"], (level_2) => ({ level_2 })),
  },
  {
    name: "accept_anything",
    allowed: "on, off",
    meaning: "What a session gets that does not name accept_anything.",
    read: (text) => onOff(text, (accept_anything) => ({ accept_anything })),
  },
  {
    name: "allowed_modes",
    allowed: "some of pdf,online,aa",
    meaning: "Of the modes that are built, those that a session may ask for.",
    read: (text) => modes(text),
  },
  {
    name: "max_pages",
    allowed: "1 to 10000, or server",
    meaning: "Pages of a file at most; `server`: the server's own limit, which holds in any case.",
    read: (text) =>
      text === "server" ? { max_pages: null } : whole(text, 1, 10_000, (max_pages) => ({ max_pages })),
  },
  {
    name: "show_score",
    allowed: "on, off",
    meaning: "Insights and reports carry the score: uncalibrated points, for those who know what they do.",
    read: (text) => onOff(text, (show_score) => ({ show_score })),
  },
  {
    name: "retention",
    allowed: "7, 30, 90, 365",
    meaning: "Days that deliveries and receivers' answers are kept; of those from then on.",
    read: (text) => {
      const retention = RETENTIONS.find((days) => String(days) === text);
      return retention === undefined ? null : { retention };
    },
  },
  {
    name: "time_zone",
    allowed: "an IANA name, such as Asia/Kolkata",
    meaning: "The organisation's: today, month ends and expiry follow it, in all its environments.",
    read: (text) => {
      const time_zone = timeZoneNamed(text);
      return time_zone === null ? null : { time_zone };
    },
  },
];

const USAGE = `Usage: bankbell settings [--env env_…]
       bankbell settings set NAME VALUE [--env env_…]

Without --env: the sandbox. A running server heeds a change within seconds.
`;

/** 0 done, 1 no such environment, 2 wrong usage: a name or value that there is not. */
export async function runSettings(argv: string[], io: Io): Promise<ExitCode> {
  const asked = parseUsage(argv);
  if (typeof asked === "string") {
    io.stderr.write(asked);
    return 2;
  }
  return withDatabase(io, async (database) => {
    const before = await settingsOf(database, asked.env);
    if (!asked.change) {
      io.stdout.write(listed(before));
      return;
    }
    const { kysely } = database;
    const by = { actor: "operator", at: systemClock() };
    const changed = await changeSettings(kysely, before.publicId, asked.change, by);
    const { values } = await settingsOf(database, before.publicId);
    const said = `${asked.name} of ${before.publicId} (${before.mode})`;
    const value = shown(values[asked.name]);
    io.stdout.write(changed.length > 0 ? `${said} is now ${value}.\n` : `${said} is ${value} already.\n`);
  });
}

type Asked =
  | { env: string | null; change: null }
  | { env: string | null; change: Partial<SettingValues>; name: keyof SettingValues };

/** Or what is wrong with it, as it is printed. */
function parseUsage(argv: string[]): Asked | string {
  let parsed;
  try {
    parsed = parseArgs({ args: argv, options: { env: { type: "string" } }, allowPositionals: true });
  } catch {
    return USAGE;
  }
  const env = parsed.values.env ?? null;
  const [verb, name, value, ...rest] = parsed.positionals;
  if (verb === undefined) return { env, change: null };
  if (verb !== "set" || name === undefined || value === undefined || rest.length > 0) return USAGE;
  const setting = SETTINGS.find((known) => known.name === name);
  if (!setting)
    return `There is no setting ${JSON.stringify(name)}. There are ${SETTINGS.map((known) => known.name).join(", ")}.\n`;
  const change = setting.read(value);
  if (!change) return `${setting.name} takes ${setting.allowed}; not ${JSON.stringify(value)}.\n`;
  return { env, change, name: setting.name };
}

const UNDEFINED_TABLE = "42P01";

async function settingsOf({ kysely }: Database, env: string | null): Promise<EnvironmentSettings> {
  let found: EnvironmentSettings | null = null;
  try {
    found = await findSettings(kysely, env);
  } catch (error) {
    // A database that no server has used yet.
    if (!(error instanceof DatabaseError && error.code === UNDEFINED_TABLE)) throw error;
  }
  if (found) return found;
  if (env !== null) throw new StartError(`There is no environment ${env}.`);
  throw new StartError("There is no sandbox yet: the first `npm start` makes it.");
}

function listed({ publicId, mode, organisation, values }: EnvironmentSettings): string {
  const width = Math.max(...SETTINGS.map(({ name }) => name.length));
  const lines = SETTINGS.map(
    ({ name, allowed, meaning }) =>
      `  ${name.padEnd(width)}  ${shown(values[name])}  (${allowed})\n  ${" ".repeat(width)}  ${meaning}\n`,
  );
  return `BankConnect settings of ${publicId} (${mode}) of ${organisation.name}:\n\n${lines.join("\n")}`;
}

const shown = (value: SettingValues[keyof SettingValues]): string => {
  if (value === null) return "server";
  if (typeof value === "boolean") return value ? "on" : "off";
  return String(value);
};

function choice<const T extends string>(
  text: string,
  choices: readonly T[],
  change: (value: T) => Partial<SettingValues>,
): Partial<SettingValues> | null {
  const value = choices.find((known) => known === text.toLowerCase());
  return value === undefined ? null : change(value);
}

const MODES = ["pdf", "online", "aa"] as const;

function modes(text: string): Partial<SettingValues> | null {
  const named = text.toLowerCase().split(/[ ,]+/).filter(Boolean);
  const allowed_modes = MODES.filter((mode) => named.includes(mode));
  return allowed_modes.length > 0 && allowed_modes.length === named.length ? { allowed_modes } : null;
}

const ON_OFF: ReadonlyMap<string, boolean> = new Map([
  ["on", true],
  ["true", true],
  ["yes", true],
  ["off", false],
  ["false", false],
  ["no", false],
]);

function onOff(
  text: string,
  change: (value: boolean) => Partial<SettingValues>,
): Partial<SettingValues> | null {
  const value = ON_OFF.get(text.toLowerCase());
  return value === undefined ? null : change(value);
}

function whole(
  text: string,
  min: number,
  max: number,
  change: (value: number) => Partial<SettingValues>,
): Partial<SettingValues> | null {
  const value = /^\d{1,6}$/.test(text) ? Number(text) : -1;
  return value >= min && value <= max ? change(value) : null;
}
