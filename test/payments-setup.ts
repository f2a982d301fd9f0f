/** Payments over real HTTP, with a bank that the test scripts, and jobs that the test runs. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import type { Connect } from "../src/connect/context.ts";
import type { BankPaymentStatus } from "../src/connect/providers/provider.ts";
import { advancePayment } from "../src/connect/payments/advance.ts";
import { sweepPayments } from "../src/connect/payments/jobs.ts";
import { beginBatch, beginPayment } from "../src/connect/payments/trip.ts";
import { TRIP_TARGETS } from "../src/connect/trip-targets.ts";
import { returnFromBank, type Return } from "../src/connect/trips.ts";
import type { Environment } from "../src/store/environments.ts";
import { eventsOfResource } from "../src/store/events.ts";
import { findBatch } from "../src/store/batch-payments.ts";
import { findPayment, type Payment } from "../src/store/payments.ts";
import { fakeBank, type FakeBank } from "./connect-fake-provider.ts";
import { bodyOf, openOpenBanking, record, type OpenBanking } from "./openbanking-setup.ts";

export const UK = { sort_code: "04-00-04", account_number: "12345678" };
export const FIELDS = {
  amount: "250.50",
  currency: "GBP",
  reference: "INVOICE 17",
  "recipient[name]": "Ann Example",
  "recipient[sort_code]": "040004",
  "recipient[account_number]": "12345678",
  return_url: "https://shop.example/paid?order=17",
};

export interface PaymentJson extends Record<string, unknown> {
  id: string;
  status: string;
}

export interface Payments extends Omit<OpenBanking, "close"> {
  bank: FakeBank;
  connect: Connect;
  env: Environment;
  customer: string;
  /** `POST /payments` on top of FIELDS, customer and bank; an empty text takes a field away. */
  pay(fields?: Record<string, string>): Promise<PaymentJson>;
  /** `POST /batch_payments`, one payment for each amount. */
  payBatch(amounts: readonly string[], fields?: Record<string, string>): Promise<PaymentJson>;
  read(id: string): Promise<PaymentJson>;
  row(id: string): Promise<Payment>;
  /** The customer goes to the bank and back. */
  visit(id: string, answer?: "allow" | "deny"): Promise<Return>;
  /** What the job would do, were it due; `now`: the bank has told of news. */
  advance(id: string, now?: boolean): Promise<void>;
  /** The bank is asked as soon as it may be. */
  advanceWhenDue(id: string): Promise<void>;
  sweep(): Promise<void>;
  pass(time: Temporal.DurationLike): void;
  /** Types of its events, oldest first. */
  told(id: string): Promise<string[]>;
  /** A payment in each status that there is. */
  inStatus(status: string): Promise<PaymentJson>;
  /** Payments that the bank made, in whatever state. */
  made(): number;
  close(): Promise<void>;
}

export const START = "2026-01-30T12:44:55Z";

export async function openPayments(
  options: Partial<Parameters<typeof fakeBank>[0]> & { log?: Connect["log"] } = {},
): Promise<Payments> {
  let now = Temporal.Instant.from(START);
  const { log, ...ofBank } = options;
  const bank = fakeBank({ clock: () => now, ...ofBank });
  const open = await openOpenBanking({
    connect: { providers: bank.providers, clock: () => now, ...(log ? { log } : {}) },
    clock: () => now,
    ...(log ? { log } : {}),
  });
  const { http } = open;
  const ask: OpenBanking["ask"] = (path, asked) => open.ask(path, asked);
  const { connect, envId } = http;
  const env = await connect.environment(envId);
  const { id: customer } = object(await ask("/customers", { form: { name: "Payer Example" } }));
  const row = async (id: string) => {
    const payment = await findPayment(connect.db, envId, id);
    assert.ok(payment, id);
    return payment;
  };
  const pass = (time: Temporal.DurationLike) => void (now = now.add(time));
  const post = async (path: string, fields: Record<string, string>) => {
    const given = Object.entries({ customer, provider: bank.provider.id, ...fields });
    return object(await ask(path, { form: given.filter(([, value]) => value !== "") }));
  };
  const payments: Payments = {
    http,
    ask,
    bank,
    connect,
    env,
    customer,
    pay: (fields) => post("/payments", { ...FIELDS, ...fields }),
    payBatch: (amounts, fields) =>
      post("/batch_payments", {
        currency: "gbp",
        return_url: FIELDS.return_url,
        ...Object.fromEntries(amounts.flatMap((amount, n) => batchFields(n, amount))),
        ...fields,
      }),
    read: async (id) => object(await ask(`/${id.startsWith("bp_") ? "batch_payments" : "payments"}/${id}`)),
    row,
    async visit(id, answer = "allow") {
      const begun = await begin(payments, id);
      const callback = bank.visit(begun.url, answer);
      const provider = bank.provider.id;
      return returnFromBank(connect, TRIP_TARGETS, { provider, callback, browser: begun.browser });
    },
    advance: (id, isNews = false) => advancePayment(connect, envId, id, isNews),
    async advanceWhenDue(id) {
      const { check_at } = await row(id);
      assert.ok(check_at, "a look is planned");
      if (Temporal.Instant.compare(check_at, now) > 0) now = check_at;
      await advancePayment(connect, envId, id, false);
    },
    sweep: () => sweepPayments(connect),
    pass,
    async told(id) {
      const kind = id.startsWith("bp_") ? "batch_payment" : "payment";
      const events = await eventsOfResource(connect.db, envId, `${kind}:${id}`, "event");
      return events.reverse().map(({ type }) => type.replace(`${kind}.`, ""));
    },
    inStatus: (status) => inStatus(payments, status),
    made: () => bank.payments.size,
    close: () => open.close(),
  };
  return payments;
}

const batchFields = (n: number, amount: string): [string, string][] => [
  [`payments[${n}][amount]`, amount],
  [`payments[${n}][reference]`, `ITEM ${n}`],
  [`payments[${n}][recipient][name]`, `Recipient ${n}`],
  [`payments[${n}][recipient][sort_code]`, "040004"],
  [`payments[${n}][recipient][account_number]`, String(10_000_000 + n)],
];

/** The customer sets out for the bank, in a browser of their own. */
export async function begin(
  { connect, env }: Payments,
  id: string,
  provider: string | null = null,
  browser: string | null = null,
) {
  const chosen = { provider, browser };
  const isBatch = id.startsWith("bp_");
  const found = isBatch ? await findBatch(connect.db, env.id, id) : await findPayment(connect.db, env.id, id);
  assert.ok(found, id);
  const begun = await (isBatch ? beginBatch : beginPayment)(connect, env, found.id, chosen);
  assert.ok(begun.ok, JSON.stringify(begun));
  return begun.value;
}

async function inStatus(payments: Payments, status: string): Promise<PaymentJson> {
  const { bank } = payments;
  const { id } = await payments.pay(status === "new" ? { provider: "" } : {});
  const settle = async (to: BankPaymentStatus) => {
    await payments.visit(id);
    bank.nextPaymentStatus = to;
    await payments.advanceWhenDue(id);
    bank.nextPaymentStatus = "executed";
  };
  if (status === "authorized") await payments.visit(id);
  if (status === "executed" || status === "completed" || status === "failed") await settle(status);
  if (status === "canceled") await payments.ask(`/payments/${id}/cancel`, { method: "POST" });
  if (status === "expired") {
    payments.pass({ hours: 7 * 24 });
    await payments.sweep();
  }
  const payment = await payments.read(id);
  assert.equal(payment.status, status);
  return payment;
}

export function object(answer: Parameters<typeof bodyOf>[0]): PaymentJson {
  const body = bodyOf(answer);
  const { id, status = "" } = body;
  assert.ok(typeof id === "string" && typeof status === "string", answer.text);
  return { ...body, id, status };
}

export function listOf(answer: Parameters<typeof bodyOf>[0]): {
  data: PaymentJson[];
  next: string | null;
  total: number;
} {
  const { data, paging } = bodyOf(answer);
  const { next, total } = record(paging);
  assert.ok(Array.isArray(data) && (typeof next === "string" || next === null) && typeof total === "number");
  return { data: data.map((item: PaymentJson) => item), next, total };
}

export const newIdempotencyKey = () => randomUUID();
