/**
 * A server with its jobs in a process of its own, for tests that kill it; its bank is the test's ledger. Arguments: the
 * database's URL, the ledger's. Its parent is told the address where it listens.
 */
import { once } from "node:events";
import rateLimit from "@fastify/rate-limit";
import { fastify } from "fastify";
import { validatorCompiler } from "fastify-type-provider-zod";
import { NO_NET_BANKING } from "../src/connect/net-banking.ts";
import type { Connect } from "../src/connect/context.ts";
import { paymentTasks, reconcilePayments } from "../src/connect/payments/jobs.ts";
import type {
  BankFault,
  Grant,
  Outcome,
  PaymentInstruction,
  Provider,
} from "../src/connect/providers/provider.ts";
import { callbackPages } from "../src/http/hosted/callback.ts";
import { preparePages } from "../src/http/hosted/context.ts";
import { paymentPages } from "../src/http/hosted/payments.ts";
import { createKeyring, RATE_LIMITS } from "../src/http/keyring.ts";
import { basicKey } from "../src/http/openbanking/auth.ts";
import { answerErrors } from "../src/http/openbanking/errors.ts";
import { readForms, useFormParsers } from "../src/http/openbanking/forms.ts";
import { replayAnswers } from "../src/http/openbanking/idempotency.ts";
import { paymentRoutes } from "../src/http/openbanking/payments.ts";
import { useParsers } from "../src/http/parsers.ts";
import { systemClock as clock } from "../src/platform/clock.ts";
import { startJobs } from "../src/platform/jobs.ts";
import { createOutgoing } from "../src/platform/outgoing.ts";
import { createLog, createMetrics } from "../src/platform/telemetry.ts";
import { connectionOf, openDatabase, openPlainPool } from "../src/store/connect.ts";
import { knownEnvironment } from "../src/store/environments.ts";
import { sealKey } from "../src/platform/crypto.ts";
import type { Route } from "./payments-ledger.ts";

/** The test has made the environment with it. */
const MASTER = sealKey(Buffer.alloc(32, 7));
const [databaseUrl = "", ledgerUrl = ""] = process.argv.slice(2);

async function ask<T>(route: Route, asked: Record<string, string>): Promise<Outcome<T>> {
  const fault = (fault: BankFault): Outcome<T> => ({
    ok: false,
    fault,
    message: fault,
    code: null,
    retryAfterS: null,
  });
  const answer = await fetch(`${ledgerUrl}/${encodeURIComponent(route)}`, {
    method: "POST",
    body: JSON.stringify(asked),
  }).catch(() => null);
  if (!answer) return fault("unavailable");
  const body = (await answer.json()) as T & { fault: BankFault };
  return answer.ok ? { ok: true, value: body } : fault(body.fault);
}

const map = <A, B>(outcome: Outcome<A>, by: (value: A) => B): Outcome<B> =>
  outcome.ok ? { ok: true, value: by(outcome.value) } : outcome;

type Token = { accessToken: string; refreshToken: string; seconds: number };
const grantOf = ({ accessToken, refreshToken, seconds }: Token): Grant => ({
  accessToken,
  refreshToken,
  expiresAt: clock().add({ seconds }),
  refreshExpiresAt: null,
});
const textOf = (instruction: PaymentInstruction) =>
  JSON.stringify(instruction, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value));
type Paid = { id: string; status: "executed" | "completed" };
const paidOf = ({ id, status }: Paid) => ({ bankPaymentId: id, status, failureCode: null });

const provider: Provider = {
  id: "ledger",
  name: "Ledger",
  roles: ["pis"],
  logoUrl: null,
  bgColors: [],
  bankNames: [],
  authorizationUrl: async ({ bankConsentId, state }) => {
    const url = new URL("https://ledger.example/authorize");
    url.search = new URLSearchParams({ consent: bankConsentId, state }).toString();
    return { ok: true, value: url };
  },
  redeem: async ({ code, error }) => {
    const denied = {
      ok: false,
      fault: "access_denied",
      message: "no",
      code: null,
      retryAfterS: null,
    } as const;
    return error !== undefined ? denied : map(await ask<Token>("token", { code: code ?? "" }), grantOf);
  },
  refresh: async ({ refreshToken }) =>
    map(await ask<Token>("refresh", { token: refreshToken ?? "" }), grantOf),
  ais: null,
  pis: {
    createConsent: async (instruction, key) =>
      map(await ask<{ id: string }>("consent", { key, instruction: textOf(instruction) }), ({ id }) => ({
        bankConsentId: id,
      })),
    pay: async ({ accessToken }, consent, instruction, key) => {
      const asked = { token: accessToken, consent, key, instruction: textOf(instruction) };
      return map(await ask<Paid>("pay", asked), paidOf);
    },
    read: async (id) => map(await ask<Paid>("read", { id }), paidOf),
    readConsent: async (id) =>
      map(
        await ask<{ status: "pending" | "authorized" | "consumed" | "rejected" }>("read consent", { id }),
        ({ status }) => status,
      ),
  },
  readNotification: null,
  probe: async () => ({ ok: true, value: null }),
};

// Loaded, and waits for its turn: the one before is still to be killed.
process.send?.("ready");
await once(process, "message");

const log = createLog("silent");
const metrics = createMetrics();
const connection = connectionOf(databaseUrl);
const { kysely: db } = await openDatabase({ connection, name: "worker", size: 6, log });
const connect: Connect = {
  db,
  clock,
  providers: { all: () => [provider], find: (id) => (id === provider.id ? provider : null) },
  environment: (envId) => knownEnvironment(db, MASTER, envId),
  netBanking: NO_NET_BANKING,
  mailer: null,
  wake: () => undefined,
  publicUrl: "http://localhost:8080",
  log,
  metrics,
};

/** Of the whole server what a payment passes through: 0.2 s to start in place of 0.7. */
async function listen(): Promise<string> {
  const app = fastify({ routerOptions: { ignoreTrailingSlash: true } });
  app.setValidatorCompiler(validatorCompiler);
  app.decorateRequest("caller", null);
  app.decorateRequest("outcome", null);
  await app.register(rateLimit, { global: false });
  const isTrusted = () => false;
  const authenticate = basicKey(app, createKeyring(db, MASTER, clock), RATE_LIMITS);
  const outgoing = createOutgoing({ allowNetworks: [] });
  const deps = {
    db,
    clock,
    log,
    connect,
    outgoing,
    authenticate,
    isTrusted,
    allowNetworks: [],
    publicUrl: "",
  };
  await app.register(async (scope) => {
    answerErrors(scope, log);
    useFormParsers(scope);
    scope.addHook("onRequest", authenticate);
    readForms(scope);
    replayAnswers(scope, deps);
    paymentRoutes(scope, deps);
  });
  await app.register(async (scope) => {
    useParsers(scope, ["form"], 64 * 1024);
    preparePages(scope, { connect, isTrusted });
    paymentPages(scope, { connect, isTrusted });
    callbackPages(scope, { connect, isTrusted });
  });
  return app.listen({ port: 0, host: "127.0.0.1" });
}

await startJobs({
  pool: openPlainPool({ connection, name: "worker jobs", size: 5, log }),
  tasks: paymentTasks(connect),
  cron: [],
  concurrency: 2,
  log,
});
await reconcilePayments(connect);
process.send?.(await listen());
