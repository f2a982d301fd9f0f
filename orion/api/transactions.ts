/** Transactions: booked ones in the order of booking, then pending ones; filters by booking time; pages by links. */
import type { FastifyRequest } from "fastify";
import { wireAmount, wireTime, type Bank } from "../bank.ts";
import type { Ledger, LedgerEntry } from "../data/ledger.ts";
import type { Code } from "../data/profiles.ts";
import type { Account } from "../data/users.ts";
import type { WireTransaction } from "../schemas/accounts.ts";
import type { AccountConsent } from "../types.ts";
import { indicatorOf, oneOf, reader, sharedOf } from "./accounts.ts";
import type { Resource } from "./call.ts";
import { refuse } from "./errors.ts";

export const PAGE_SIZES = { least: 25, most: 1000 };
/** Of accounts with a great many rows. */
const BUSY_PAGE_SIZE = 1000;

/** ISO 20022 families as the standard's own codes. */
const BANK_CODES: Record<Code, { Code: string; SubCode: string }> = {
  DD: { Code: "IssuedDirectDebits", SubCode: "DirectDebit" },
  SO: { Code: "IssuedCreditTransfers", SubCode: "StandingOrder" },
  FPI: { Code: "ReceivedCreditTransfers", SubCode: "DomesticCreditTransfer" },
  FPO: { Code: "IssuedCreditTransfers", SubCode: "DomesticCreditTransfer" },
  BGC: { Code: "ReceivedCreditTransfers", SubCode: "AutomaticTransfer" },
  DEB: { Code: "CustomerCardTransactions", SubCode: "PointOfSalePayment" },
  CPT: { Code: "CustomerCardTransactions", SubCode: "CashWithdrawal" },
  INT: { Code: "MiscellaneousCreditOperations", SubCode: "Interest" },
  TFR: { Code: "IssuedCreditTransfers", SubCode: "InternalBookTransfer" },
  CHG: { Code: "MiscellaneousDebitOperations", SubCode: "Charges" },
};

const TRANSFER_IN = { Code: "ReceivedCreditTransfers", SubCode: "InternalBookTransfer" };

interface Window {
  from: number;
  to: number;
}

export function transactionResources(bank: Bank): Resource[] {
  const permissions = ["ReadTransactionsBasic", "ReadTransactionsDetail"] as const;
  return [
    {
      method: "GET",
      path: "/accounts/:accountId/transactions",
      async handle(request) {
        const consent = reader(bank, request, ...permissions);
        return list(bank, request, consent, [oneOf(bank, consent, request)]);
      },
    },
    {
      method: "GET",
      path: "/transactions",
      async handle(request) {
        const consent = reader(bank, request, ...permissions);
        return list(bank, request, consent, sharedOf(bank, consent));
      },
    },
  ];
}

interface Row {
  account: Account;
  entry: LedgerEntry;
}

function list(
  bank: Bank,
  request: FastifyRequest,
  consent: AccountConsent,
  accounts: readonly Account[],
): unknown {
  const query = new URL(request.url, bank.url).searchParams;
  const window = windowOf(query, consent);
  const now = bank.now();
  const rows = accounts.flatMap((account) =>
    rowsOf(account, bank.world.ledger(account.id, now), consent, window),
  );
  const size = accounts.some(({ user }) => user.profile.busy) ? BUSY_PAGE_SIZE : bank.settings.pageSize;
  const pages = Math.max(1, Math.ceil(rows.length / size));
  const page = pageOf(query, pages);
  const detail = consent.permissions.includes("ReadTransactionsDetail");
  const link = (number: number) => linkTo(bank, request, number);
  return {
    Data: {
      Transaction: rows.slice((page - 1) * size, page * size).map((row) => wireTransaction(row, detail)),
    },
    Links: {
      Self: link(page),
      First: link(1),
      ...(page > 1 ? { Prev: link(page - 1) } : {}),
      ...(page < pages ? { Next: link(page + 1) } : {}),
      Last: link(pages),
    },
    Meta: {
      TotalPages: pages,
      FirstAvailableDateTime: wireTime(bank.world.begins),
      LastAvailableDateTime: wireTime(now),
    },
  };
}

/** Both ends belong to it. Throws ObError 400. */
function windowOf(query: URLSearchParams, consent: AccountConsent): Window {
  const from = dateParameter(query, "fromBookingDateTime") ?? -Infinity;
  const to = dateParameter(query, "toBookingDateTime") ?? Infinity;
  return { from: Math.max(from, consent.from ?? -Infinity), to: Math.min(to, consent.to ?? Infinity) };
}

/** ISO 8601 with seconds; the standard lets a bank ignore the zone, and we take none for UTC. */
function dateParameter(query: URLSearchParams, name: string): number | null {
  // An offset's + reaches us as a space where the client did not escape it.
  const text = query.get(name)?.replace(/ (\d\d:\d\d)$/, "+$1");
  if (text === undefined) return null;
  const [whole] = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?)?$/.exec(text) ?? [];
  if (whole === undefined) throw refuse(400, "Field.InvalidDate", `${name} is not a date and time.`, name);
  try {
    const timed = whole.includes("T") ? whole : `${whole}T00:00:00`;
    return Temporal.Instant.from(/(Z|[+-]\d\d:\d\d)$/.test(timed) ? timed : `${timed}Z`).epochMilliseconds;
  } catch {
    throw refuse(400, "Field.InvalidDate", `${name} is not a date and time.`, name);
  }
}

function pageOf(query: URLSearchParams, pages: number): number {
  const text = query.get("page") ?? "1";
  const page = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (page < 1 || page > pages) throw refuse(400, "Field.Invalid", "There is no such page.", "page");
  return page;
}

function linkTo(bank: Bank, request: FastifyRequest, page: number): string {
  const url = new URL(request.url, bank.url);
  url.searchParams.set("page", String(page));
  return url.href;
}

function rowsOf(account: Account, ledger: Ledger, consent: AccountConsent, { from, to }: Window): Row[] {
  const credits = consent.permissions.includes("ReadTransactionsCredits");
  const debits = consent.permissions.includes("ReadTransactionsDebits");
  const first = firstAt(ledger.booked, from);
  const past = to === Infinity ? ledger.booked.length : firstAt(ledger.booked, to + 1);
  const pending = ledger.pending.filter(({ at }) => at >= from && at <= to);
  return [...ledger.booked.slice(first, past), ...pending]
    .filter(({ minor }) => (minor < 0 ? debits : credits))
    .map((entry) => ({ account, entry }));
}

/** Index of the first entry booked then or later. */
function firstAt(booked: readonly LedgerEntry[], time: number): number {
  let [low, high] = [0, booked.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((booked[middle]?.bookedAt ?? 0) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

function wireTransaction({ account, entry }: Row, detail: boolean): WireTransaction {
  const { id, at, bookedAt, minor, text, code, mcc, balance } = entry;
  const basic: WireTransaction = {
    AccountId: account.id,
    TransactionId: id,
    CreditDebitIndicator: indicatorOf(minor),
    Status: bookedAt === null ? "Pending" : "Booked",
    BookingDateTime: wireTime(bookedAt ?? at),
    ValueDateTime: wireTime(bookedAt ?? at),
    Amount: wireAmount(minor),
    BankTransactionCode: code === "TFR" && minor > 0 ? TRANSFER_IN : BANK_CODES[code],
    ProprietaryBankTransactionCode: { Code: code, Issuer: "Orion" },
  };
  if (!detail) return basic;
  return {
    ...basic,
    TransactionInformation: text,
    ...(mcc === undefined ? {} : { MerchantDetails: { MerchantName: text, MerchantCategoryCode: mcc } }),
    ...(balance === null
      ? {}
      : {
          Balance: {
            CreditDebitIndicator: indicatorOf(balance),
            Type: "InterimBooked",
            Amount: wireAmount(balance),
          },
        }),
  };
}
