/** Account access consents: asked for by the client alone, read, and deleted. */
import type { FastifyRequest } from "fastify";
import { newId, wireTime, type Bank } from "../bank.ts";
import { endTokens } from "../auth/grants.ts";
import { accountConsentRequest } from "../schemas/accounts.ts";
import type { AccountConsent } from "../types.ts";
import { envelope, ownCaller, parameter, type Resource } from "./call.ts";
import { notFound, readBody, refuse } from "./errors.ts";

export function accountConsentResources(bank: Bank): Resource[] {
  return [
    {
      method: "POST",
      path: "/account-access-consents",
      async handle(request, reply) {
        const { client } = ownCaller(bank, request, "accounts");
        const { Data } = readBody(accountConsentRequest, request.body);
        const { Permissions, ...dates } = Data;
        checkPermissions(Permissions);
        const now = bank.now();
        const expires = msOf(dates.ExpirationDateTime);
        if (expires !== null && expires <= now)
          throw refuse(
            400,
            "Field.InvalidDate",
            "The consent would be over already.",
            "Data.ExpirationDateTime",
          );
        const consent: AccountConsent = {
          kind: "accounts",
          id: newId("aac"),
          clientId: client.client_id,
          status: "AwaitingAuthorisation",
          permissions: [...new Set(Permissions)],
          expires,
          from: msOf(dates.TransactionFromDateTime),
          to: msOf(dates.TransactionToDateTime),
          dates,
          created: now,
          updated: now,
          username: null,
          accountIds: [],
        };
        bank.consents.set(consent.id, consent);
        return reply.code(201).send(shown(bank, request, consent, `/${consent.id}`));
      },
    },
    {
      method: "GET",
      path: "/account-access-consents/:consentId",
      handle: async (request) => shown(bank, request, ownConsent(bank, request), ""),
    },
    {
      method: "DELETE",
      path: "/account-access-consents/:consentId",
      async handle(request, reply) {
        const consent = ownConsent(bank, request);
        endTokens(bank, consent.id);
        bank.consents.delete(consent.id);
        return reply.code(204).send();
      },
    },
  ];
}

/** Throws ObError; another client's consent looks like none. */
function ownConsent(bank: Bank, request: FastifyRequest): AccountConsent {
  const { client } = ownCaller(bank, request, "accounts");
  const consent = bank.consents.get(parameter(request, "consentId"));
  if (consent?.kind !== "accounts" || consent.clientId !== client.client_id) throw notFound("consent");
  return consent;
}

/** The standard's own rules of what goes with what. */
function checkPermissions(permissions: readonly string[]): void {
  const has = (pattern: RegExp) => permissions.some((permission) => pattern.test(permission));
  const bad = (message: string) => refuse(400, "Field.Invalid", message, "Data.Permissions");
  if (!has(/^ReadAccounts(Basic|Detail)$/)) throw bad("ReadAccountsBasic or ReadAccountsDetail is needed.");
  const kinds = has(/^ReadTransactions(Basic|Detail)$/);
  const directions = has(/^ReadTransactions(Credits|Debits)$/);
  if (kinds !== directions)
    throw bad("Transactions need Basic or Detail, together with Credits, Debits or both.");
}

const msOf = (text: string | undefined): number | null =>
  text === undefined ? null : Temporal.Instant.from(text).epochMilliseconds;

function shown(bank: Bank, request: FastifyRequest, consent: AccountConsent, below: string): unknown {
  const data = {
    ConsentId: consent.id,
    CreationDateTime: wireTime(consent.created),
    Status: consent.status,
    StatusUpdateDateTime: wireTime(consent.updated),
    Permissions: consent.permissions,
    ...consent.dates,
  };
  return envelope(bank, request, data, { Risk: {}, below });
}
