/** Consents to one domestic payment each, and whether the chosen account holds enough. */
import type { FastifyRequest } from "fastify";
import { newId, penceOf, wireTime, type Bank } from "../bank.ts";
import { fateOf } from "../magic.ts";
import { paymentConsentRequest } from "../schemas/payments.ts";
import type { PaymentConsent } from "../types.ts";
import { customerCaller, envelope, ownCaller, parameter, type Resource } from "./call.ts";
import { notFound, readBody, refuse } from "./errors.ts";
import { once } from "./idempotency.ts";
import { checkSignature } from "./jws.ts";

export function paymentConsentResources(bank: Bank): Resource[] {
  return [
    {
      method: "POST",
      path: "/domestic-payment-consents",
      async handle(request, reply) {
        const { client } = ownCaller(bank, request, "payments");
        await checkSignature(bank, client, request);
        const body = readBody(paymentConsentRequest, request.body);
        const id = once(bank, client, request, () => {
          const { Initiation, ...rest } = body.Data;
          checkAmount(Initiation.InstructedAmount);
          const now = bank.now();
          const consent: PaymentConsent = {
            kind: "payments",
            id: newId("pc"),
            clientId: client.client_id,
            status: "AwaitingAuthorisation",
            initiation: Initiation,
            risk: body.Risk,
            rest,
            created: now,
            updated: now,
            username: null,
            accountId: null,
          };
          bank.consents.set(consent.id, consent);
          return consent.id;
        });
        return reply.code(201).send(shown(bank, request, ownConsent(bank, client.client_id, id), `/${id}`));
      },
    },
    {
      method: "GET",
      path: "/domestic-payment-consents/:consentId",
      async handle(request) {
        const { client } = ownCaller(bank, request, "payments");
        return shown(bank, request, ownConsent(bank, client.client_id, parameter(request, "consentId")), "");
      },
    },
    {
      method: "GET",
      path: "/domestic-payment-consents/:consentId/funds-confirmation",
      async handle(request) {
        const { consent } = customerCaller(bank, request, "payments");
        if (consent.id !== parameter(request, "consentId")) throw notFound("consent");
        if (consent.status !== "Authorised")
          throw refuse(400, "Resource.InvalidConsentStatus", "The consent is not authorised, or was used.");
        const result = {
          FundsAvailableDateTime: wireTime(bank.now()),
          FundsAvailable: hasFunds(bank, consent),
        };
        return envelope(bank, request, { FundsAvailableResult: result });
      },
    },
  ];
}

export function ownConsent(bank: Bank, clientId: string, id: string): PaymentConsent {
  const consent = bank.consents.get(id);
  if (consent?.kind !== "payments" || consent.clientId !== clientId) throw notFound("consent");
  return consent;
}

function checkAmount({ Amount, Currency }: { Amount: string; Currency: string }): void {
  const path = "Data.Initiation.InstructedAmount";
  if (Currency !== "GBP") throw refuse(400, "Unsupported.Currency", "Only GBP.", `${path}.Currency`);
  if (!penceOf(Amount))
    throw refuse(400, "Field.Invalid", "At least a penny, and whole pence.", `${path}.Amount`);
}

/** Enough in the account with its credit line, unless the pennies say otherwise. */
export function hasFunds(bank: Bank, { initiation, accountId }: PaymentConsent): boolean {
  const pence = penceOf(initiation.InstructedAmount.Amount) ?? 0;
  if (fateOf(pence).funds === false) return false;
  const account = bank.world.account(accountId ?? "");
  if (!account) return false;
  const { availableBalance } = bank.world.ledger(account.id, bank.now());
  return availableBalance + (account.creditLine ?? 0) >= pence;
}

function shown(bank: Bank, request: FastifyRequest, consent: PaymentConsent, below: string): unknown {
  const data = {
    ConsentId: consent.id,
    CreationDateTime: wireTime(consent.created),
    Status: consent.status,
    StatusUpdateDateTime: wireTime(consent.updated),
    ...consent.rest,
    Initiation: consent.initiation,
  };
  return envelope(bank, request, data, { Risk: consent.risk, below });
}
