/** Insights → the body of the contract (reference §2.8). Pure. */
import {
  plainEvidence,
  type AccountInsights,
  type Found,
  type LabelledTransaction,
  type SessionInsights,
} from "../../intake/insights.ts";
import { rangeOf } from "../../intake/calendar.ts";
import { monthsCovered } from "../../intake/snapshot.ts";
import { accountNumberFor, tsDay, wireAmount, ym, ymd } from "../../intake/wire.ts";
import type { Settings } from "../../store/environments.ts";
import type { InsightsBody } from "./insights-bodies.ts";
import { eodBody, monthlyBody, predictorsBody, topBody } from "./insights-figures.ts";
import { flatItem, recurringItem, salaryItem, transactionItem } from "./insights-items.ts";

/** Addresses that open a report for an hour. */
export interface ReportUrls {
  ofAccount: (accountId: string) => string;
  aggregate: string;
}

type Data = InsightsBody["accounts"][number]["data"];

const range = (span: { from: Temporal.PlainDate; to: Temporal.PlainDate } | null) => ({
  from_date: span && ymd(span.from),
  to_date: span && ymd(span.to),
});

export function insightsBody(insights: SessionInsights, settings: Settings, urls: ReportUrls): InsightsBody {
  const { snapshot, accounts, aggregate } = insights;
  const { session } = snapshot;
  return {
    session_id: session.public_id,
    link_id: session.link_id,
    session_date_range: range(rangeOf(session)),
    accounts: accounts.map((account) => ({
      account_id: account.account.profile.id,
      data: accountData(account, insights, settings, urls),
    })),
    aggregate_monthly_analysis: monthlyBody(aggregate, aggregate.currency ?? ""),
    aggregate_xlsx_report_url: urls.aggregate,
    aggregate_xml_report_url: null,
  };
}

function accountData(
  account: AccountInsights,
  { relations, snapshot }: SessionInsights,
  settings: Settings,
  urls: ReportUrls,
): Data {
  const { figures, found } = account;
  const { id } = account.account.profile;
  const currency = currencyOf(account);
  const own = account.account.transactions;
  const flat = (belongs: (transaction: LabelledTransaction) => boolean) =>
    own.filter(belongs).map((transaction) => flatItem(transaction, currency));
  const { selfTransfers, sisterTransfers, lender, bouncedOrPenal } = relations;
  return {
    account_details: accountDetails(account, salaryOf(account, relations), settings),
    fraud: found.map(fraudItem),
    fraud_details: fraudDetails(account),
    transactions: own.map((transaction) => transactionItem(transaction, currency)),
    salary_transactions: salaryOf(account, relations).map((payment) => salaryItem(payment, currency)),
    recurring_transactions: recurringBody(account, relations),
    lender_transactions: flat(({ hash }) => lender.has(hash)),
    self_and_sister_transactions: flat(({ hash }) => selfTransfers.has(hash) || sisterTransfers.has(hash)),
    bounced_or_penal_transactions: flat(({ hash }) => bouncedOrPenal.has(hash)),
    top_credits_debits: topBody(figures, currency),
    statement_stats: statementStats(account, snapshot.session.public_id),
    expense_categories: figures.expenseCategories.map(({ category, percentage }) => ({
      category,
      percentage,
    })),
    monthly_analysis: monthlyBody(figures, currency),
    predictors: predictorsBody(figures, currency, shownNumber(account, settings)),
    eod_balances: eodBody(figures.eodBalances, currency),
    score: settings.show_score ? (figures.score?.score ?? null) : [],
    xlsx_report_url: urls.ofAccount(id),
    xml_report_url: null,
  };
}

export const currencyOf = ({ account }: AccountInsights): string => account.profile.currency ?? "";

export const shownNumber = ({ account }: AccountInsights, settings: Settings): string | null =>
  accountNumberFor(settings, account.profile.accountNumber);

const salaryOf = ({ account }: AccountInsights, { salary }: SessionInsights["relations"]) =>
  salary.filter(({ transaction }) => transaction.accountId === account.profile.id);

function accountDetails(
  account: AccountInsights,
  salary: ReturnType<typeof salaryOf>,
  settings: Settings,
): Data["account_details"] {
  const { input, figures } = account;
  const { row, statements, covered } = input.snapshot;
  const currency = currencyOf(account);
  const own = account.account.transactions;
  const [first, last] = [own[0], own.at(-1)];
  const months = new Map(own.map(({ date }) => [date.toPlainYearMonth().toString(), null]));
  const [from, to] = [covered[0]?.from, covered.at(-1)?.to];
  return {
    name: row.name ?? "",
    address: row.address ?? "",
    account_number: shownNumber(account, settings),
    account_category: row.account_category,
    bank: row.bank_name,
    ifsc: row.ifsc,
    micr: row.micr,
    account_opening_date: null,
    credit_limit: wireAmount(row.credit_limit, currency) ?? 0,
    od_limit: wireAmount(row.od_limit, currency) ?? 0,
    salary_confidence: salary.length === 0 ? null : Math.max(...salary.map(({ confidence }) => confidence)),
    statements: statements.map(({ public_id }) => public_id),
    months: [...months.keys()],
    uploaded_months: monthsCovered(input.snapshot).map(ym),
    missing_data: figures.coverage.missing.map((span) => ({
      from_date: ymd(span.from),
      to_date: ymd(span.to),
    })),
    account_date_range: range(from && to ? { from, to } : null),
    transaction_date_range: range(first && last ? { from: first.date, to: last.date } : null),
    metadata_analysis: { name_matches: [] },
    country_code: row.country,
    currency_code: row.currency,
    dob: "",
    email: "",
    pan_number: "",
    phone_number: "",
    account_status: "",
    holder_type: "",
  };
}

const fraudItem = ({ statementId, finding }: Found) => ({
  statement_id: statementId,
  fraud_type: finding.type,
  transaction_hash: finding.transactionHash,
  fraud_category: finding.category,
});

/** What each finding was seen on: below `account` where it concerns no one statement. */
function fraudDetails({ found, input }: AccountInsights): Data["fraud_details"] {
  const digits = input.minorDigits;
  const detail = (one: Found) => ({
    ...fraudItem(one),
    evidence: plainEvidence(one.finding.evidence, digits),
  });
  return {
    statement: found.filter(({ statementId }) => statementId !== null).map(detail),
    account: found.filter(({ statementId }) => statementId === null).map(detail),
  };
}

export function recurringBody(
  account: AccountInsights,
  { recurring }: SessionInsights["relations"],
): Data["recurring_transactions"] {
  const { id } = account.account.profile;
  const items = (sets: typeof recurring.credits) =>
    sets.filter(({ accountId }) => accountId === id).map((set) => recurringItem(set, currencyOf(account)));
  return { debit_transactions: items(recurring.debits), credit_transactions: items(recurring.credits) };
}

function statementStats({ figures, input }: AccountInsights, sessionId: string): Data["statement_stats"] {
  const { row, statements } = input.snapshot;
  const day = (date: Temporal.PlainDate | null) => date && tsDay(date);
  return figures.statements.flatMap((stats) => {
    const statement = statements.find(({ public_id }) => public_id === stats.statementId);
    if (!statement) return [];
    return {
      session_id: sessionId,
      account_id: row.public_id,
      statement_id: stats.statementId,
      first_transaction_timestamp: day(stats.firstTransaction),
      last_transaction_timestamp: day(stats.lastTransaction),
      from_date: day(stats.from),
      to_date: day(stats.to),
      bank: row.bank_name,
      source: statement.source.toUpperCase(),
      upload_file_name: statement.file_name,
      page_count: statement.page_count,
      transaction_count: stats.transactionCount,
      is_scanned_pdf: false,
    };
  });
}
