/** Accounts, balances and party of a consent, as far as its permissions go. */
import type { FastifyRequest } from "fastify";
import { wireAmount, wireTime, type Bank } from "../bank.ts";
import type { Account } from "../data/users.ts";
import type { Permission, WireAccount, WireBalance } from "../schemas/accounts.ts";
import type { AccountConsent } from "../types.ts";
import { customerCaller, envelope, parameter, type Resource } from "./call.ts";
import { notFound, refuse } from "./errors.ts";

export function accountResources(bank: Bank): Resource[] {
  return [
    {
      method: "GET",
      path: "/accounts",
      async handle(request) {
        const consent = reader(bank, request, "ReadAccountsBasic", "ReadAccountsDetail");
        return envelope(bank, request, {
          Account: sharedOf(bank, consent).map((account) => wireAccount(consent, account)),
        });
      },
    },
    {
      method: "GET",
      path: "/accounts/:accountId",
      async handle(request) {
        const consent = reader(bank, request, "ReadAccountsBasic", "ReadAccountsDetail");
        return envelope(bank, request, { Account: [wireAccount(consent, oneOf(bank, consent, request))] });
      },
    },
    {
      method: "GET",
      path: "/accounts/:accountId/balances",
      async handle(request) {
        const consent = reader(bank, request, "ReadBalances");
        return envelope(bank, request, { Balance: balancesOf(bank, oneOf(bank, consent, request)) });
      },
    },
    {
      method: "GET",
      path: "/balances",
      async handle(request) {
        const consent = reader(bank, request, "ReadBalances");
        return envelope(bank, request, {
          Balance: sharedOf(bank, consent).flatMap((account) => balancesOf(bank, account)),
        });
      },
    },
    {
      method: "GET",
      path: "/party",
      async handle(request) {
        const consent = reader(bank, request, "ReadPartyPSU", "ReadParty");
        const [account] = sharedOf(bank, consent);
        if (!account) throw notFound("party");
        const { username, name } = account.user;
        const Party = { PartyId: `party-${username}`, PartyType: "Sole", Name: name, FullLegalName: name };
        return envelope(bank, request, { Party });
      },
    },
  ];
}

/** Throws ObError 401, 403 where the consent has none of these permissions. */
export function reader(
  bank: Bank,
  request: FastifyRequest,
  ...permissions: readonly Permission[]
): AccountConsent {
  const { consent } = customerCaller(bank, request, "accounts");
  if (!permissions.some((permission) => consent.permissions.includes(permission)))
    throw refuse(403, "Header.Invalid", `The consent has none of ${permissions.join(", ")}.`);
  return consent;
}

export const sharedOf = (bank: Bank, consent: AccountConsent): Account[] =>
  bank.world.accounts.filter(({ id }) => consent.accountIds.includes(id));

/** Throws ObError: an account that is not shared looks like none. */
export function oneOf(bank: Bank, consent: AccountConsent, request: FastifyRequest): Account {
  const id = parameter(request, "accountId");
  const account = sharedOf(bank, consent).find((shared) => shared.id === id);
  if (!account) throw notFound("account");
  return account;
}

function wireAccount(consent: AccountConsent, account: Account): WireAccount {
  const has = (permission: Permission) => consent.permissions.includes(permission);
  const basic: WireAccount = {
    AccountId: account.id,
    Status: "Enabled",
    Currency: "GBP",
    AccountType: account.user.business ? "Business" : "Personal",
    AccountSubType: account.kind,
    Nickname: account.nickname,
  };
  if (!has("ReadAccountsDetail")) return basic;
  return {
    ...basic,
    Account: [identificationOf(account, has("ReadPAN"))],
    Servicer: { SchemeName: "UK.OBIE.BICFI", Identification: "ORIOGB00XXX" },
  };
}

function identificationOf({ kind, sortCode, number, user }: Account, wholeCard: boolean) {
  if (kind !== "CreditCard")
    return {
      SchemeName: "UK.OBIE.SortCodeAccountNumber" as const,
      Identification: sortCode + number,
      Name: user.name,
    };
  const shown = wholeCard ? number : number.slice(-4).padStart(number.length, "X");
  return { SchemeName: "UK.OBIE.PAN" as const, Identification: shown, Name: user.name };
}

/** Booked, and what is left to spend: less what is pending, with the credit line beside it, not within. */
function balancesOf(bank: Bank, { id, creditLine, kind }: Account): WireBalance[] {
  const now = bank.now();
  const ledger = bank.world.ledger(id, now);
  const line =
    creditLine === undefined
      ? {}
      : {
          CreditLine: [
            {
              Included: false,
              Amount: wireAmount(creditLine),
              Type: kind === "CreditCard" ? ("Credit" as const) : ("Pre-Agreed" as const),
            },
          ],
        };
  const balance = (Type: WireBalance["Type"], minor: number): WireBalance => ({
    AccountId: id,
    CreditDebitIndicator: indicatorOf(minor),
    Type,
    DateTime: wireTime(now),
    Amount: wireAmount(minor),
  });
  return [
    balance("InterimBooked", ledger.bookedBalance),
    { ...balance("InterimAvailable", ledger.availableBalance), ...line },
  ];
}

export const indicatorOf = (minor: number): "Credit" | "Debit" => (minor < 0 ? "Debit" : "Credit");
