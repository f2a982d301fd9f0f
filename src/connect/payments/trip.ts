/** A payment's way to the bank, and a batch's: one visit for each of its payments; and what becomes of them. */
import { lockBatch, changeBatch, findBatch, type Batch } from "../../store/batch-payments.ts";
import type { Environment } from "../../store/environments.ts";
import type { Lane } from "../../store/events.ts";
import {
  findPayment,
  lockPayment,
  lockPaymentsOfBatch,
  paymentsOfBatch,
  type Payment,
} from "../../store/payments.ts";
import { inTransaction } from "../../store/transaction.ts";
import type { Connect } from "../context.ts";
import { ConnectError } from "../errors.ts";
import { sealGrant } from "../grants.ts";
import { pageUrl } from "../hosted-codes.ts";
import type { Fault, Grant, Outcome } from "../providers/provider.ts";
import { redirectSecret, signedReturnUrl } from "../return-url.ts";
import { beginTrip, type Begun, type Trip, type TripEnd, type TripTarget } from "../trips.ts";
import { bankConsentFor, chooseBank, payingProvider } from "./bank-consent.ts";
import { takeStep } from "./change.ts";
import { planAdvance } from "./plan.ts";
import { tokensPlace } from "./sealed.ts";
import { isWaiting, mayStep } from "./states.ts";

/** The bank that the customer chose, null for the one that is named; and what their cookie holds. */
export interface Chosen {
  provider: string | null;
  browser: string | null;
}

/**
 * Sends the customer to the bank to authorize the payment. Faults are the bank's, and the payment waits on. Throws
 * ConnectError `invalid_state` where it does not wait, `missing_parameter` or `invalid_parameter` for its bank.
 */
export async function beginPayment(
  connect: Connect,
  env: Environment,
  paymentId: bigint,
  { provider: chosen, browser }: Chosen,
): Promise<Outcome<Begun>> {
  const known = await findPayment(connect.db, env.id, paymentId);
  const id = chooseFrom(chosen, known?.provider ?? null);
  const payment = await chooseBank(connect, env, paymentId, id);
  const start = {
    target: { kind: "payment", id: payment.id },
    role: "pis",
    provider: payingProvider(connect, id),
    browser,
  } as const;
  return beginTrip(connect, env, start, () => bankConsentFor(connect, env, payment.id));
}

/** The same for the first payment of the batch that waits. All are made from one bank. */
export async function beginBatch(
  connect: Connect,
  env: Environment,
  batchId: bigint,
  { provider: chosen, browser }: Chosen,
): Promise<Outcome<Begun>> {
  const { next, provider } = await inTransaction(connect.db, async ({ trx }) => {
    const payments = await lockPaymentsOfBatch(trx, env.id, batchId);
    const batch = await lockBatch(trx, env.id, batchId);
    const next = payments.find(({ status }) => isWaiting(status));
    if (!next) throw new ConnectError("invalid_state", `The batch payment is ${batch.status}.`);
    const id = chooseFrom(chosen, batch.provider);
    payingProvider(connect, id);
    if (batch.provider !== id) await changeBatch(trx, batch, { provider: id, updated_at: connect.clock() });
    return { next, provider: id };
  });
  await chooseBank(connect, env, next.id, provider);
  const start = {
    target: { kind: "batch_payment", id: batchId },
    role: "pis",
    provider: payingProvider(connect, provider),
    browser,
  } as const;
  return beginTrip(connect, env, start, () => bankConsentFor(connect, env, next.id));
}

function chooseFrom(chosen: string | null, named: string | null): string {
  const id = chosen ?? named;
  if (id === null) throw new ConnectError("missing_parameter", "Choose a bank.", { param: "provider" });
  return id;
}

/** The customer said no on our own page: this payment, or what waits of the batch, is refused. */
export async function declinePayments(
  connect: Connect,
  env: Environment,
  ids: readonly bigint[],
): Promise<void> {
  const lanes = await inTransaction(connect.db, async ({ trx }) => {
    const end: TripEnd = { connect, env, trx, at: connect.clock() };
    const lanes: Lane[] = [];
    for (const id of ids) {
      const payment = await lockPayment(trx, env.id, id);
      if (payment && isWaiting(payment.status)) lanes.push(...(await decline(end, payment)));
    }
    return lanes;
  });
  connect.wake(lanes);
}

async function decline(end: TripEnd, payment: Payment): Promise<readonly Lane[]> {
  const change = { ...end, actor: "customer" };
  const pending = mayStep(payment.status, "fail")
    ? payment
    : (await takeStep(change, payment, "choose_bank")).payment;
  return (await takeStep(change, pending, "fail", REFUSED)).lanes;
}

const REFUSED = { failure_code: "access_denied", failure_message: "The customer did not give permission." };

/** The bank said yes: authorized, and submitted by the job that commits with it. */
async function authorize(
  { env, trx, at }: TripEnd,
  payment: Payment | null,
  trip: Trip,
  grant: Grant,
): Promise<readonly Lane[]> {
  // Canceled, expired, or gone to another bank, while this one was asked: its consent is never used.
  if (!payment || !mayStep(payment.status, "authorize") || payment.bank_consent_id !== trip.bankConsentId)
    return [];
  const tokens = sealGrant(env.dataKey, grant, tokensPlace(payment.public_id));
  const change = { trx, env, at, actor: "customer" };
  const { payment: after, lanes } = await takeStep(change, payment, "authorize", { tokens, check_at: at });
  await planAdvance(trx, after, null);
  return lanes;
}

async function refuse(
  { env, trx, at }: TripEnd,
  payment: Payment | null,
  trip: Trip,
  fault: Fault,
): Promise<readonly Lane[]> {
  if (!payment || !mayStep(payment.status, "fail") || payment.authed_at !== null) return [];
  if (payment.bank_consent_id !== trip.bankConsentId) return [];
  const failure =
    fault.fault === "access_denied" ? REFUSED : { failure_code: fault.fault, failure_message: fault.message };
  return (await takeStep({ trx, env, at, actor: "customer" }, payment, "fail", failure)).lanes;
}

/** What `return_url` gets as `error`; null where nothing speaks against it. */
function errorOf(payments: readonly Payment[]): string | null {
  const over = payments.filter(
    ({ status }) => status === "failed" || status === "canceled" || status === "expired",
  );
  if (over.length < payments.length) return null;
  const saidNo = ({ status, failure_code }: Payment) =>
    status !== "failed" || failure_code === "access_denied";
  return over.every(saidNo) ? "access_denied" : "server_error";
}

/** Back to the client, from the page as from the bank. */
export async function paymentLanding(connect: Connect, env: Environment, payment: Payment): Promise<string> {
  const { return_url: returnUrl, public_id: id } = payment;
  if (returnUrl === null) throw new Error(`${id} has no way back of its own.`);
  const back = { returnUrl, name: "fx_payment", id, error: errorOf([payment]) } as const;
  return signedReturnUrl(back, await redirectSecret(connect.db, env), connect.clock());
}

/** Back to the client once nothing of the batch waits; before that to its page. */
export async function batchLanding(connect: Connect, env: Environment, batch: Batch): Promise<string> {
  const payments = await paymentsOfBatch(connect.db, env.id, batch.id);
  if (payments.some(({ status }) => isWaiting(status)))
    return pageUrl(connect, env.dataKey, "batch_payments", batch);
  const { return_url: returnUrl, public_id: id } = batch;
  const back = { returnUrl, name: "fx_batch_payment", id, error: errorOf(payments) } as const;
  return signedReturnUrl(back, await redirectSecret(connect.db, env), connect.clock());
}

async function knownPayment(connect: Connect, { envId, targetId }: Trip): Promise<Payment> {
  const payment = await findPayment(connect.db, envId, targetId);
  if (!payment) throw new Error("A trip's payment is gone.");
  return payment;
}

async function knownBatch(connect: Connect, { envId, targetId }: Trip): Promise<Batch> {
  const batch = await findBatch(connect.db, envId, targetId);
  if (!batch) throw new Error("A trip's batch payment is gone.");
  return batch;
}

export const paymentTrip: TripTarget = {
  role: "pis",
  async isWaiting(connect, trip) {
    return isWaiting((await knownPayment(connect, trip)).status);
  },
  async granted(end, trip, grant) {
    return authorize(end, await lockPayment(end.trx, end.env.id, trip.targetId), trip, grant);
  },
  async refused(end, trip, fault) {
    return refuse(end, await lockPayment(end.trx, end.env.id, trip.targetId), trip, fault);
  },
  async landing(connect, env, trip) {
    return paymentLanding(connect, env, await knownPayment(connect, trip));
  },
  async startPage(connect, env, trip) {
    return pageUrl(connect, env.dataKey, "payments", await knownPayment(connect, trip));
  },
  // A payment consent that nobody uses runs out at the bank: the standard has no way to withdraw it.
  async release() {},
};

const ofTrip = async ({ trx, env }: TripEnd, { targetId, bankConsentId }: Trip): Promise<Payment | null> => {
  const payments = await lockPaymentsOfBatch(trx, env.id, targetId);
  return payments.find((payment) => payment.bank_consent_id === bankConsentId) ?? null;
};

export const batchTrip: TripTarget = {
  role: "pis",
  async isWaiting(connect, trip) {
    const payments = await paymentsOfBatch(connect.db, trip.envId, trip.targetId);
    return payments.some(
      ({ status, bank_consent_id }) => bank_consent_id === trip.bankConsentId && isWaiting(status),
    );
  },
  async granted(end, trip, grant) {
    return authorize(end, await ofTrip(end, trip), trip, grant);
  },
  async refused(end, trip, fault) {
    return refuse(end, await ofTrip(end, trip), trip, fault);
  },
  async landing(connect, env, trip) {
    return batchLanding(connect, env, await knownBatch(connect, trip));
  },
  async startPage(connect, env, trip) {
    return pageUrl(connect, env.dataKey, "batch_payments", await knownBatch(connect, trip));
  },
  async release() {},
};
