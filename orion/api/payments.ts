/** Domestic payments: taken once per consent and idempotency key, then followed. */
import { setTimeout as pause } from "node:timers/promises";
import type { FastifyReply, FastifyRequest } from "fastify";
import { isDeepStrictEqual } from "node:util";
import { penceOf, wireTime, type Bank } from "../bank.ts";
import { fateOf, type Fate } from "../magic.ts";
import { takePayment } from "../payment-life.ts";
import { paymentRequest, type PaymentRequest } from "../schemas/payments.ts";
import type { Payment, PaymentConsent } from "../types.ts";
import { customerCaller, envelope, ownCaller, parameter, type Resource } from "./call.ts";
import { notFound, ObError, readBody, refuse } from "./errors.ts";
import { idempotencyKey, once } from "./idempotency.ts";
import { checkSignature } from "./jws.ts";
import { hasFunds } from "./payment-consents.ts";

export function paymentResources(bank: Bank): Resource[] {
  /** How often the network made trouble for one idempotency key. */
  const troubles = new Map<string, number>();
  return [
    {
      method: "POST",
      path: "/domestic-payments",
      async handle(request, reply) {
        const { client, consent } = customerCaller(bank, request, "payments");
        await checkSignature(bank, client, request);
        const body = readBody(paymentRequest, request.body);
        const fate = fateOf(penceOf(body.Data.Initiation.InstructedAmount.Amount) ?? 0);
        makeTrouble(troubles, `${client.client_id} ${idempotencyKey(request)}`, fate);
        let taken = false;
        const id = once(bank, client, request, () => {
          checkAgainst(consent, body);
          taken = true;
          return takePayment(bank, consent, hasFunds(bank, consent) ? fate : { ...fate, ...NO_FUNDS }).id;
        });
        if (taken && fate.trouble?.kind === "cut") return cut(bank, reply);
        return reply.code(201).send(shown(bank, request, ownPayment(bank, client.client_id, id), `/${id}`));
      },
    },
    {
      method: "GET",
      path: "/domestic-payments/:paymentId",
      async handle(request) {
        const { client } = ownCaller(bank, request, "payments");
        return shown(bank, request, ownPayment(bank, client.client_id, parameter(request, "paymentId")), "");
      },
    },
    {
      method: "GET",
      path: "/domestic-payments/:paymentId/payment-details",
      async handle(request) {
        const { client } = ownCaller(bank, request, "payments");
        const payment = ownPayment(bank, client.client_id, parameter(request, "paymentId"));
        return envelope(bank, request, { PaymentStatus: [detailOf(payment)] });
      },
    },
  ];
}

const NO_FUNDS = { first: "Rejected", reason: "There is not enough money." } as const;

function makeTrouble(troubles: Map<string, number>, key: string, { trouble }: Fate): void {
  if (trouble?.kind !== "refused") return;
  const count = troubles.get(key) ?? 0;
  if (count >= (trouble.times ?? Infinity)) return;
  troubles.set(key, count + 1);
  const fault = { ErrorCode: "UK.OBIE.UnexpectedError", Message: "The pennies asked for this." };
  throw new ObError(trouble.status, [fault], trouble.status === 500 ? {} : { "retry-after": "1" });
}

/** The client hears nothing. */
async function cut(bank: Bank, reply: FastifyReply): Promise<FastifyReply> {
  reply.hijack();
  await pause(bank.settings.timeoutMs, undefined, { ref: false });
  reply.raw.destroy();
  return reply;
}

/** Throws ObError 400. */
function checkAgainst(consent: PaymentConsent, { Data, Risk }: PaymentRequest): void {
  if (Data.ConsentId !== consent.id)
    throw refuse(400, "Resource.ConsentMismatch", "The token is another consent's.", "Data.ConsentId");
  if (consent.status !== "Authorised")
    throw refuse(
      400,
      "Resource.InvalidConsentStatus",
      "The consent is not authorised, or was used.",
      "Data.ConsentId",
    );
  if (!isDeepStrictEqual(Data.Initiation, consent.initiation))
    throw refuse(400, "Resource.ConsentMismatch", "Initiation is not the consent's.", "Data.Initiation");
  if (!isDeepStrictEqual(Risk, consent.risk))
    throw refuse(400, "Resource.ConsentMismatch", "Risk is not the consent's.", "Risk");
}

function ownPayment(bank: Bank, clientId: string, id: string): Payment {
  const payment = bank.payments.get(id);
  if (payment?.clientId !== clientId) throw notFound("payment");
  return payment;
}

function shown(bank: Bank, request: FastifyRequest, payment: Payment, below: string): unknown {
  const data = {
    DomesticPaymentId: payment.id,
    ConsentId: payment.consentId,
    CreationDateTime: wireTime(payment.created),
    Status: payment.status,
    StatusUpdateDateTime: wireTime(payment.updated),
    Initiation: payment.initiation,
  };
  return envelope(bank, request, data, { below });
}

function detailOf({ id, status, updated, reason }: Payment): unknown {
  const detail =
    reason === null ? {} : { StatusReason: "ProprietaryRejection", StatusReasonDescription: reason };
  return {
    PaymentTransactionId: `${id}-1`,
    Status: status,
    StatusUpdateDateTime: wireTime(updated),
    StatusDetail: { LocalInstrument: "UK.OBIE.FPS", Status: status, ...detail },
  };
}
