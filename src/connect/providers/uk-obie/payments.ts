/** Domestic payments at one bank: signed, and under idempotency keys that their caller keeps over repetitions. */
import type { Clock } from "../../../platform/clock.ts";
import type { BankPayment, Outcome, PaymentInitiation } from "../provider.ts";
import type { UkObieBank } from "./bank.ts";
import { fault, type BankHttp, type Called } from "./http.ts";
import { signDetached, verifyDetached } from "./jws.ts";
import type { Oidc } from "./oidc.ts";
import { withOwnToken } from "./own-token.ts";
import { instructionBody, paymentOf } from "./transform.ts";
import * as wire from "./types.ts";

const CONSENTS = "/pisp/domestic-payment-consents";
const PAYMENTS = "/pisp/domestic-payments";
const STATUS = {
  AwaitingAuthorisation: "pending",
  Authorised: "authorized",
  Consumed: "consumed",
  Rejected: "rejected",
} as const;

export function paymentInitiation(
  bank: UkObieBank,
  http: BankHttp,
  oidc: Oidc,
  clock: Clock,
): PaymentInitiation {
  const own = withOwnToken(http, oidc, "pis");
  const headersOf = async (body: string, idempotencyKey: string) => ({
    "x-idempotency-key": idempotencyKey,
    "x-jws-signature": await signDetached(bank, clock, body),
  });

  /** An answer that is signed has to be signed well: money hangs on it. */
  async function believed<T>(answer: Outcome<Called<T>>): Promise<Outcome<Called<T>>> {
    const signature = answer.ok ? answer.value.headers["x-jws-signature"] : undefined;
    if (!answer.ok || signature === undefined) return answer;
    const signer = await oidc.signer();
    if (!signer.ok) return signer;
    if (await verifyDetached(signer.value.keys, signature, answer.value.raw)) return answer;
    return fault("invalid_answer", "The signature over the bank's answer does not hold.");
  }

  return {
    async createConsent(instruction, idempotencyKey) {
      const { Initiation, Risk } = instructionBody(instruction);
      const body = JSON.stringify({ Data: { Initiation }, Risk });
      const headers = await headersOf(body, idempotencyKey);
      const made = await believed(
        await own({ method: "POST", url: CONSENTS, schema: wire.paymentConsent, body, headers }),
      );
      return made.ok ? { ok: true, value: { bankConsentId: made.value.value.Data.ConsentId } } : made;
    },
    async pay(grant, bankConsentId, instruction, idempotencyKey) {
      const { Initiation, Risk } = instructionBody(instruction);
      const body = JSON.stringify({ Data: { ConsentId: bankConsentId, Initiation }, Risk });
      const headers = await headersOf(body, idempotencyKey);
      const token = grant.accessToken;
      const paid = await believed(
        await http.call({ method: "POST", url: PAYMENTS, token, schema: wire.payment, body, headers }),
      );
      if (!paid.ok) return paid;
      return ofConsent(paid.value.value, bankConsentId);
    },
    async read(bankPaymentId) {
      const url = `${PAYMENTS}/${encodeURIComponent(bankPaymentId)}`;
      const answer = await believed(await own({ method: "GET", url, schema: wire.payment }));
      return answer.ok ? { ok: true, value: paymentOf(answer.value.value) } : answer;
    },
    async readConsent(bankConsentId) {
      const url = `${CONSENTS}/${encodeURIComponent(bankConsentId)}`;
      const answer = await believed(await own({ method: "GET", url, schema: wire.paymentConsent }));
      return answer.ok ? { ok: true, value: STATUS[answer.value.value.Data.Status] } : answer;
    },
  };
}

function ofConsent(payment: wire.WirePayment, bankConsentId: string): Outcome<BankPayment> {
  if (payment.Data.ConsentId === bankConsentId) return { ok: true, value: paymentOf(payment) };
  return fault("invalid_answer", "The bank's answer is about another consent.");
}
