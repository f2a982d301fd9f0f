/** A session as its own customer may see it: no name, no full account number. */
import type { Journey, JourneyAccount } from "../../intake/journey.ts";
import type { StatementView } from "../../intake/views.ts";
import { maskAccountNumber, ym, ymd } from "../../intake/wire.ts";
import type { JourneyDress } from "../../store/journey.ts";
import type { AccountItem, JourneyBody, StatementItem } from "./wire.ts";

export function journeyBody(
  journey: Journey,
  dress: JourneyDress,
  { maxUploadBytes, ways }: { maxUploadBytes: number; ways: JourneyBody["ways"] },
): JourneyBody {
  const { session, state, range, months, bank, accounts, connections, mayFinish } = journey;
  return {
    session_id: session.public_id,
    link_id: session.link_id,
    state,
    expires_at: session.expires_at.toString({ fractionalSecondDigits: 0 }),
    from_date: ymd(range.from),
    to_date: ymd(range.to),
    months: months.map(ym),
    bank,
    ways,
    redirect_url: textOf(session.request["redirect_url"]),
    origins: dress.origins,
    brand: {
      name: dress.name,
      color: dress.color,
      logo_url: logoOf(journey, dress),
      support_url: dress.support_url,
    },
    max_upload_bytes: maxUploadBytes,
    accounts: accounts.map(accountItem),
    connections: connections.map(({ bank, status, errorType }) => ({ bank, status, error_type: errorType })),
    may_finish: mayFinish,
  };
}

/** The session's own before the environment's; by HTTPS only, as the content policy has it. */
export function logoOf({ session }: Pick<Journey, "session">, dress: JourneyDress): string | null {
  const own = textOf(session.request["logo_url"]);
  return own?.startsWith("https://") ? own : dress.logo_url;
}

const textOf = (value: unknown): string | null => (typeof value === "string" && value !== "" ? value : null);

const accountItem = (account: JourneyAccount): AccountItem => ({
  id: account.accountId,
  bank: account.bank,
  account_number: account.accountNumber === null ? null : maskAccountNumber(account.accountNumber),
  months: account.months.map(ym),
  missing_months: account.missingMonths.map(ym),
  missing_dates: account.missingDates.map(({ month, days }) => ({ month: ym(month), days })),
  statements: account.statements.map(statementItem),
});

const statementItem = ({
  statementId,
  fileName,
  status,
  errorCode,
  range,
}: StatementView): StatementItem => ({
  id: statementId,
  file_name: fileName,
  status,
  error_code: errorCode,
  from: range && ymd(range.from),
  to: range && ymd(range.to),
});
