/** Account information at one bank: consents by our own token, the rest by the customer's. */
import { z } from "zod";
import type {
  AccountConsentRequest,
  AccountInformation,
  Grant,
  Outcome,
  ProviderTransaction,
} from "../provider.ts";
import type { UkObieBank } from "./bank.ts";
import { fault, type BankHttp, type Called } from "./http.ts";
import type { Oidc } from "./oidc.ts";
import { withOwnToken } from "./own-token.ts";
import { accountOf, balancesOf, NoAmount, permissionsOf, transactionOf } from "./transform.ts";
import * as wire from "./types.ts";

/** A list that never ends is no list. 100,000 rows in pages of 25 are 4,000. */
const MOST_PAGES = 20_000;

const CONSENTS = "/aisp/account-access-consents";
const STATUS = {
  AwaitingAuthorisation: "pending",
  Authorised: "authorized",
  Rejected: "rejected",
  Revoked: "revoked",
} as const;

export function accountInformation(bank: UkObieBank, http: BankHttp, oidc: Oidc): AccountInformation {
  const own = withOwnToken(http, oidc, "ais");
  const get: Get = ({ accessToken: token }, url, schema) => http.call({ method: "GET", url, token, schema });
  return {
    async createConsent(request) {
      const body = JSON.stringify({ Data: consentData(request), Risk: {} });
      const made = await own({ method: "POST", url: CONSENTS, schema: wire.accountConsent, body });
      return made.ok ? { ok: true, value: { bankConsentId: made.value.value.Data.ConsentId } } : made;
    },
    async readConsent(id) {
      const url = `${CONSENTS}/${encodeURIComponent(id)}`;
      const answer = await own({ method: "GET", url, schema: wire.accountConsent });
      return answer.ok ? { ok: true, value: STATUS[answer.value.value.Data.Status] } : answer;
    },
    async revokeConsent(id) {
      const url = `${CONSENTS}/${encodeURIComponent(id)}`;
      const answer = await own({ method: "DELETE", url, schema: z.unknown() });
      // Gone already is what was wanted.
      if (!answer.ok && answer.code !== "UK.OBIE.Resource.NotFound" && answer.code !== "HTTP 404")
        return answer;
      return { ok: true, value: null };
    },
    async accounts(grant) {
      const answer = await get(grant, "/aisp/accounts", wire.accounts);
      if (!answer.ok) return answer;
      const { Account } = answer.value.value.Data;
      return { ok: true, value: Account.flatMap((account) => accountOf(account) ?? []) };
    },
    async balances(grant, ref) {
      const answer = await get(grant, `/aisp/accounts/${encodeURIComponent(ref)}/balances`, wire.balances);
      return answer.ok ? plain(() => balancesOf(answer.value.value.Data.Balance)) : answer;
    },
    transactions: (grant, ref, range) => transactionPages(bank, get, grant, ref, range),
  };
}

function consentData({ scopes, expiresAt, transactionsFrom }: AccountConsentRequest) {
  return {
    Permissions: permissionsOf(scopes),
    ...(expiresAt ? { ExpirationDateTime: wholeSeconds(expiresAt) } : {}),
    ...(transactionsFrom && scopes.includes("transactions")
      ? { TransactionFromDateTime: wholeSeconds(transactionsFrom) }
      : {}),
  };
}

const wholeSeconds = (at: Temporal.Instant): string =>
  `${at.toString({ smallestUnit: "second" }).slice(0, -1)}+00:00`;

/** Amounts that cannot be are the bank's fault. */
function plain<T>(work: () => T): Outcome<T> {
  try {
    return { ok: true, value: work() };
  } catch (error) {
    if (!(error instanceof NoAmount)) throw error;
    return fault("invalid_answer", error.message);
  }
}

type Get = <T extends z.ZodType>(
  grant: Grant,
  url: string,
  schema: T,
) => Promise<Outcome<Called<z.output<T>>>>;

async function* transactionPages(
  bank: UkObieBank,
  get: Get,
  grant: Grant,
  ref: string,
  { from, to }: { from: Temporal.Instant; to: Temporal.Instant },
): AsyncGenerator<Outcome<ProviderTransaction[]>> {
  const query = new URLSearchParams({
    fromBookingDateTime: wholeSeconds(from),
    // The end is in: what was booked within the last second too.
    toBookingDateTime: wholeSeconds(to.add({ seconds: 1 })),
  });
  let url: string | null = `/aisp/accounts/${encodeURIComponent(ref)}/transactions?${query.toString()}`;
  const seen = new Set<string>();
  while (url !== null) {
    const page = await onePage(bank, get, grant, url, seen);
    if (!page.ok) return yield page;
    const { rows, next } = page.value;
    yield { ok: true, value: rows };
    if (!next.ok) return yield next;
    url = next.value;
  }
}

interface OnePage {
  rows: ProviderTransaction[];
  next: Outcome<string | null>;
}

/** What the page was read from is let go before anything is done with its rows. */
async function onePage(
  bank: UkObieBank,
  get: Get,
  grant: Grant,
  url: string,
  seen: Set<string>,
): Promise<Outcome<OnePage>> {
  const answer = await get(grant, url, wire.transactions);
  if (!answer.ok) return answer;
  const { Data, Links } = answer.value.value;
  const rows = rowsOf(Data.Transaction);
  if (!rows.ok) return rows;
  return { ok: true, value: { rows: rows.value, next: nextPage(bank, Links?.Next, seen) } };
}

function rowsOf(given: readonly unknown[]): Outcome<ProviderTransaction[]> {
  const rows: ProviderTransaction[] = [];
  for (const one of given) {
    const checked = wire.transaction.safeParse(one);
    if (!checked.success) {
      const where = checked.error.issues[0]?.path.join(".") ?? "";
      return fault(
        "invalid_answer",
        `A transaction of the bank's breaks the standard at ${where || "its beginning"}.`,
      );
    }
    const row = plain(() => transactionOf(checked.data));
    if (!row.ok) return row;
    if (row.value) rows.push(row.value);
  }
  return { ok: true, value: rows };
}

/** The token goes with it: only to the bank's own API, and to no page twice. */
function nextPage(
  { apiUrl }: UkObieBank,
  next: string | undefined,
  seen: Set<string>,
): Outcome<string | null> {
  if (next === undefined) return { ok: true, value: null };
  const url = new URL(next);
  const base = new URL(apiUrl);
  if (url.origin !== base.origin || !url.pathname.startsWith(`${base.pathname}/`))
    return fault("invalid_answer", "The bank's next page lies elsewhere.");
  if (seen.has(url.href) || seen.size >= MOST_PAGES)
    return fault("invalid_answer", "The bank's pages do not end.");
  seen.add(url.href);
  return { ok: true, value: url.href };
}
