/** What of the wanted months an account has, as a row of months and in words. */
import type { AccountItem } from "../api.ts";
import { useSpeech } from "../i18n/context.ts";
import type { Words } from "../i18n/en.ts";
import type { Formats } from "../i18n/formats.ts";
import { Icon } from "./icons.tsx";

type Lacks = Pick<AccountItem, "missing_months" | "missing_dates">;

export const isWhole = ({ missing_months, missing_dates }: Lacks): boolean =>
  missing_months.length === 0 && missing_dates.length === 0;

export function missingWords({ missing_months, missing_dates }: Lacks, t: Words, f: Formats): string {
  if (missing_months.length > 0) return t.monthsMissing(missing_months.map(f.month), f);
  return t.daysMissing(
    missing_dates.flatMap(({ month, days }) => f.days(month, days)),
    f,
  );
}

export function Coverage({ account, months }: { account: AccountItem; months: readonly string[] }) {
  const { t, f } = useSpeech();
  const whole = isWhole(account);
  return (
    <>
      {months.length > 0 && <Months months={months} account={account} />}
      <p className={whole ? "verdict good" : "verdict lacking"}>
        <Icon name={whole ? "check" : "warn"} size={18} />
        <span>{whole ? (months.length > 0 ? t.allThere : t.readSoFar) : missingWords(account, t, f)}</span>
      </p>
    </>
  );
}

/** Without an account: what will be asked for. */
export function Months({ months, account }: { months: readonly string[]; account: AccountItem | null }) {
  const { t, f } = useSpeech();
  const isThere = (month: string) =>
    account !== null &&
    account.months.includes(month) &&
    !account.missing_months.includes(month) &&
    !account.missing_dates.some((one) => one.month === month);
  return (
    <ol className="months" aria-label={t.monthsTitle}>
      {months.map((month) => (
        <li key={month} className={isThere(month) ? "there" : undefined}>
          <span aria-hidden="true">{f.shortMonth(month)}</span>
          <span className="unseen">
            {f.month(month)}
            {account && `: ${isThere(month) ? t.monthThere : t.monthMissing}`}
          </span>
          <small aria-hidden="true">{month.slice(0, 4)}</small>
        </li>
      ))}
    </ol>
  );
}
