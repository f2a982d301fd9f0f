/**
 * better-auth, set up for the console: e-mail and password, a second factor, sessions, members and invitations.
 *
 * It gets our own connection pool through `authDatabase`, so that what it changes can stand in one transaction with our
 * audit row. Of its some sixty endpoints only those of `forward.ts` can be reached from outside.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { hkdfSync } from "node:crypto";
import { betterAuth } from "better-auth";
import { organization, twoFactor } from "better-auth/plugins";
import { createAccessControl } from "better-auth/plugins/access";
import {
  CamelCasePlugin,
  type Kysely,
  type KyselyPlugin,
  type QueryResult,
  type Transaction,
  type UnknownRow,
} from "kysely";
import type { SealKey } from "../../platform/crypto.ts";
import { newId } from "../../platform/ids.ts";
import type { Mailer } from "../../platform/mail.ts";
import type { Log } from "../../platform/telemetry.ts";
import type { Schema } from "../../store/schema.ts";
import { inTransaction } from "../../store/transaction.ts";
import { RESET_MINUTES, resetMail } from "./reset-mail.ts";

export interface AuthOptions {
  db: Kysely<Schema>;
  master: SealKey;
  /** Without a slash at its end; cookies are `Secure` unless it is plain http. */
  publicUrl: string;
  log: Log;
  /** Null or absent: nobody gets a new password by mail. */
  mailer?: Mailer | null;
}

/** The header by which our server tells better-auth the caller's address: nothing from outside can set it. */
export const ADDRESS_HEADER = "x-bankbell-address";
export const AUTH_PATH = "/console/api/auth";
const DAY_SECONDS = 86_400;
const SESSION_SECONDS = 7 * DAY_SECONDS;
export const INVITATION_SECONDS = 7 * DAY_SECONDS;
const SHORTEST_PASSWORD = 10;

const ID_PREFIXES: Record<string, string> = {
  user: "usr",
  session: "ses",
  account: "acc",
  member: "mem",
  invitation: "inv",
  twoFactor: "tfa",
  verification: "vrf",
};

const access = createAccessControl({
  organization: [],
  member: ["create", "update", "delete"],
  invitation: ["create", "cancel"],
});
const roles = {
  owner: access.newRole({ member: ["create", "update", "delete"], invitation: ["create", "cancel"] }),
  developer: access.newRole({ member: [] }),
  viewer: access.newRole({ member: [] }),
};

/** Typed by what it answers: better-auth infers the types of `api` from its options. */
// oxlint-disable-next-line typescript/explicit-module-boundary-types -- see above
export function createAuth(options: AuthOptions) {
  const { database, transaction } = authDatabase(options.db);
  const isSecure = options.publicUrl.startsWith("https:");
  const auth = betterAuth({
    appName: "Bankbell",
    baseURL: options.publicUrl,
    basePath: AUTH_PATH,
    secret: secretOf(options.master),
    database: { db: database, type: "postgres" },
    telemetry: { enabled: false },
    // Its messages may name e-mail addresses: what matters is thrown, and logged by us.
    logger: { disabled: true },
    onAPIError: { throw: true },
    // `limits.ts` counts, by address and by account.
    rateLimit: { enabled: false },
    user: { modelName: "signin_users" },
    account: { modelName: "signin_accounts" },
    // Whoever reads the table has no link of a new password.
    verification: { modelName: "signin_verifications", storeIdentifier: "hashed" },
    session: {
      modelName: "signin_sessions",
      expiresIn: SESSION_SECONDS,
      updateAge: DAY_SECONDS,
      // Nothing here is worth asking for the password again where a second factor may be set.
      freshAge: 0,
    },
    emailAndPassword: {
      enabled: true,
      minPasswordLength: SHORTEST_PASSWORD,
      maxPasswordLength: 200,
      ...resetByMail(options),
    },
    advanced: {
      // `__Host-`: Secure, of this host alone, for every path. better-auth's own switch gives `__Secure-`.
      useSecureCookies: false,
      cookiePrefix: isSecure ? "__Host-bankbell" : "bankbell",
      defaultCookieAttributes: { httpOnly: true, secure: isSecure, sameSite: "lax", path: "/" },
      ipAddress: { ipAddressHeaders: [ADDRESS_HEADER] },
      database: { generateId: ({ model }) => newId(ID_PREFIXES[model] ?? "sgn") },
      // `csrf.ts` has looked at every request before it comes here.
      disableCSRFCheck: true,
      disableOriginCheck: true,
    },
    plugins: [
      twoFactor({
        issuer: "Bankbell",
        schema: { twoFactor: { modelName: "signin_two_factors" } },
      }),
      organization({
        ac: access,
        roles,
        creatorRole: "owner",
        allowUserToCreateOrganization: false,
        invitationExpiresIn: INVITATION_SECONDS,
        cancelPendingInvitationsOnReInvite: true,
        // Its id has 131 random bits and goes to the invited person alone: holding it is the proof.
        requireEmailVerificationOnInvitation: false,
        schema: {
          organization: { modelName: "signin_organisations" },
          member: { modelName: "signin_members" },
          invitation: { modelName: "signin_invitations" },
        },
      }),
    ],
  });
  return { ...auth, transaction };
}

export type Auth = ReturnType<typeof createAuth>;

/** Nobody waits for the mail: how long an answer takes must not tell whether there is an account. */
function resetByMail({ mailer, publicUrl, log }: AuthOptions) {
  return {
    resetPasswordTokenExpiresIn: RESET_MINUTES * 60,
    revokeSessionsOnPasswordReset: true,
    sendResetPassword: async ({ user, token }: { user: { email: string }; token: string }) => {
      mailer
        ?.send(resetMail({ to: user.email, link: `${publicUrl}/console/reset-password#${token}` }))
        .catch((err: unknown) => log.warn({ err }, "a link for a new password could not be mailed"));
    },
  };
}

const secretOf = (master: SealKey): string =>
  Buffer.from(hkdfSync("sha256", master.bytes, Buffer.alloc(0), "bankbell console sign-in v1", 32)).toString(
    "base64",
  );

/**
 * better-auth's view of our database: names in camel case, instants as Date. Within `transaction` all that it does
 * goes through that transaction.
 */
function authDatabase(db: Kysely<Schema>) {
  const current = new AsyncLocalStorage<Kysely<Schema>>();
  const dressed = (kysely: Kysely<Schema>) => kysely.withPlugin(new CamelCasePlugin()).withPlugin(asDates);
  const outside = dressed(db);
  const database = new Proxy(outside, {
    get(_target, name) {
      const kysely = current.getStore() ?? outside;
      const value: unknown = Reflect.get(kysely, name, kysely);
      // `fn` is no method: a function with functions on it.
      return typeof value === "function" && name !== "fn" ? value.bind(kysely) : value;
    },
  });
  const transaction = <T>(work: (trx: Transaction<Schema>) => Promise<T>): Promise<T> =>
    inTransaction(db, ({ trx }) => current.run(dressed(trx), () => work(trx)));
  return { database, transaction };
}

/** better-auth knows Date and number alone; where this program writes them, they are Temporal and bigint. */
const asDates: KyselyPlugin = {
  transformQuery: ({ node }) => node,
  // oxlint-disable-next-line typescript/require-await -- Kysely's interface
  async transformResult({ result }): Promise<QueryResult<UnknownRow>> {
    return { ...result, rows: result.rows.map(withDates) };
  },
};

function withDates(row: UnknownRow): UnknownRow {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)]));
}

function plain(value: unknown): unknown {
  if (value instanceof Temporal.Instant) return new Date(value.epochMilliseconds);
  return typeof value === "bigint" ? Number(value) : value;
}
