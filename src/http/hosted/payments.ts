/** The hosted pages of payments, `/p/<code>`, and of batches, `/b/<code>`. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { toMajor } from "../../connect/amounts.ts";
import type { Connect } from "../../connect/context.ts";
import { hashCode } from "../../connect/hosted-codes.ts";
import { expireIfDue } from "../../connect/payments/jobs.ts";
import { openParties } from "../../connect/payments/sealed.ts";
import { isWaiting } from "../../connect/payments/states.ts";
import {
  batchLanding,
  beginBatch,
  beginPayment,
  declinePayments,
  paymentLanding,
} from "../../connect/payments/trip.ts";
import { findBatch, findBatchByCode } from "../../store/batch-payments.ts";
import type { Environment } from "../../store/environments.ts";
import { findPayment, findPaymentByCode, paymentsOfBatch, type Payment } from "../../store/payments.ts";
import { readBrowser } from "./browser-cookie.ts";
import { banksOf, sendOn } from "./choosing.ts";
import { codeOf, field, lookOf, sendPage, templateOf, unknownPage, type HostedDeps } from "./context.ts";
import type { Look } from "./layout.ts";
import { bankPage, goingPage, noticePage, type Notice } from "./pages.ts";
import { amountInWords, batchOutcome, payPage, paymentOutcome, TO_PAY } from "./payment-pages.ts";
import { sendLogo, sendTheme } from "./theme.ts";

interface Known {
  env: Environment;
  id: bigint;
}

/** What a page is for: one payment, or the payments of a batch. */
interface ToPay {
  provider: string | null;
  /** Of a batch, in the order in which they are authorized. */
  payments: Payment[];
  currency: string;
  total: bigint;
  outcome: (app: string) => Pick<Notice, "mark" | "title" | "says">;
  /** The way back to the client. */
  landing: () => Promise<string>;
}

/** One payment and a batch have the same pages. */
interface Kind {
  prefix: "p" | "b";
  find: (connect: Connect, code: string) => Promise<{ envId: number; id: bigint } | null>;
  load: (connect: Connect, known: Known) => Promise<ToPay>;
  begin: typeof beginPayment;
}

const KINDS: readonly Kind[] = [
  {
    prefix: "p",
    find: ({ db }, code) => findPaymentByCode(db, hashCode(code)),
    load: loadPayment,
    begin: beginPayment,
  },
  {
    prefix: "b",
    find: ({ db }, code) => findBatchByCode(db, hashCode(code)),
    load: loadBatch,
    begin: beginBatch,
  },
];

async function loadPayment(connect: Connect, { env, id }: Known): Promise<ToPay> {
  const payment = await findPayment(connect.db, env.id, id);
  if (!payment) throw unknownPage();
  const { provider, currency, amount, status, failure_code } = payment;
  return {
    provider,
    payments: [payment],
    currency,
    total: amount,
    outcome: (app) => paymentOutcome(status, failure_code, app),
    landing: () => paymentLanding(connect, env, payment),
  };
}

async function loadBatch(connect: Connect, { env, id }: Known): Promise<ToPay> {
  const batch = await findBatch(connect.db, env.id, id);
  if (!batch) throw unknownPage();
  const { provider, currency, total_amount, status, failure_code } = batch;
  return {
    provider,
    payments: await paymentsOfBatch(connect.db, env.id, id),
    currency,
    total: total_amount,
    outcome: (app) => batchOutcome(status, failure_code, app),
    landing: () => batchLanding(connect, env, batch),
  };
}

export function paymentPages(app: FastifyInstance, { connect }: HostedDeps): void {
  const schema = { hide: true };
  for (const kind of KINDS) {
    const path = `/${kind.prefix}/:code`;
    const limit = app.rateLimit({
      max: 60,
      timeWindow: 60_000,
      keyGenerator: (request) => `${kind.prefix} ${codeOf(request)}`,
    });
    app.get(path, { schema }, (request, reply) => show(connect, kind, request, reply));
    app.post(path, { schema, preHandler: limit }, (request, reply) => begin(connect, kind, request, reply));
    app.post(`${path}/cancel`, { schema, preHandler: limit }, (request, reply) =>
      decline(connect, kind, request, reply),
    );
    app.get(`${path}/theme.css`, { schema }, async (request, reply) =>
      sendTheme(
        connect,
        (await resolve(connect, kind, request)).env,
        field(request.query, "template"),
        reply,
      ),
    );
    app.get(`${path}/logo`, { schema }, async (request, reply) =>
      sendLogo(connect, (await resolve(connect, kind, request)).env, field(request.query, "template"), reply),
    );
  }
}

async function resolve(connect: Connect, kind: Kind, request: FastifyRequest): Promise<Known> {
  const known = await kind.find(connect, codeOf(request));
  if (!known) throw unknownPage();
  return { env: await connect.environment(known.envId), id: known.id };
}

interface Visit extends ToPay {
  known: Known;
  look: Look;
  path: string;
  template: string | null;
}

/** Ends what is due first: no page depends on how quickly the timers ran. */
async function visitOf(connect: Connect, kind: Kind, request: FastifyRequest, from: unknown): Promise<Visit> {
  const known = await resolve(connect, kind, request);
  const found = await kind.load(connect, known);
  const now = connect.clock();
  for (const { env_id: envId, public_id: id, status, expires_at } of found.payments)
    if (isWaiting(status) && Temporal.Instant.compare(expires_at, now) <= 0)
      await expireIfDue(connect, { envId, id });
  const template = field(from, "template");
  const path = `/${kind.prefix}/${codeOf(request)}`;
  const look = await lookOf(connect, known.env, await templateOf(connect, known.env, template), path);
  return { ...(await kind.load(connect, known)), known, look, path, template };
}

const waits = ({ payments }: ToPay): boolean => payments.some(({ status }) => isWaiting(status));

async function show(
  connect: Connect,
  kind: Kind,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { query } = request;
  const visit = await visitOf(connect, kind, request, query);
  const { look, known } = visit;
  if (!waits(visit)) {
    const back = { label: `Back to ${look.appName}`, href: await visit.landing(), primary: true };
    return sendPage(reply, noticePage(look, { ...visit.outcome(look.appName), actions: [back] }));
  }
  const banks = await banksOf(connect, "pis");
  const wanted = field(query, "provider") ?? visit.provider;
  const bank = banks.find(({ id }) => id === wanted);
  if (!bank || field(query, "choose") !== null)
    return sendPage(reply, bankPage(visit, banks, field(query, "q") ?? "", TO_PAY));
  const payments = visit.payments.map((payment) => ({
    amount: amountInWords(toMajor(payment.amount, payment.currency), payment.currency),
    recipient: openParties(known.env.dataKey, payment).recipient,
    reference: payment.reference,
    status: payment.status,
  }));
  const total = amountInWords(toMajor(visit.total, visit.currency), visit.currency);
  return sendPage(reply, payPage({ ...visit, payments, total, mayChange: banks.length > 1 }, bank));
}

async function begin(
  connect: Connect,
  kind: Kind,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const visit = await visitOf(connect, kind, request, request.body);
  const { known, look, path, template } = visit;
  // Decided meanwhile, in another tab: its page says how.
  if (!waits(visit)) return reply.redirect(path, 303);
  const browser = readBrowser(request, connect.publicUrl);
  const provider = field(request.body, "provider") ?? visit.provider;
  const outcome = await kind.begin(connect, known.env, known.id, { provider, browser });
  return sendOn(connect, reply, { look, path, template, provider: provider ?? "" }, outcome);
}

async function decline(
  connect: Connect,
  kind: Kind,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const visit = await visitOf(connect, kind, request, request.body);
  const { known, look, payments } = visit;
  const ids = payments.map(({ id }) => id);
  await declinePayments(connect, known.env, ids);
  const url = await (await kind.load(connect, known)).landing();
  const title = `We are taking you back to ${look.appName}.`;
  return sendPage(reply, goingPage(look, title, url, `Back to ${look.appName}`));
}
