/** The session webhooks (reference §3, seeds 002 and 003, rulings 1 to 4). */
import type { Rules } from "../store/sessions.ts";
import type { Account } from "../store/accounts.ts";
import { rangeOf } from "./calendar.ts";
import type { AccountUploadView, DateRange, StatementView } from "./views.ts";
import { accountUploadView, type Snapshot } from "./snapshot.ts";
import { accountNumberFor, dmy, ts, tsOffset, ym, ymd } from "./wire.ts";

export const UPLOAD_END = {
  complete: { type: "SESSION_REQUIREMENT_COMPLETION_NOTIFICATION", message: "Upload Completed" },
  expire: { type: "SESSION_EXPIRY_NOTIFICATION", message: "Session expired" },
} as const;

/** Full account numbers, unless the organisation masks them everywhere. */
export function uploadEndBody(step: keyof typeof UPLOAD_END, snapshot: Snapshot, rules: Rules): object {
  const { type, message } = UPLOAD_END[step];
  const { session, considered, accounts } = snapshot;
  return {
    session_id: session.public_id,
    event_name: type,
    message,
    accounts: accounts.map((account) => uploadedAccount(accountUploadView(account, considered), rules)),
    session_date_range: wireRange(rangeOf(session), dmy),
  };
}

const uploadedAccount = (view: AccountUploadView, rules: Rules) => ({
  account_id: view.accountId,
  account_number: accountNumberFor(rules.settings, view.accountNumber),
  bank_name: view.bankName,
  created_at: ts(view.createdAt),
  last_updated_at: ts(view.lastUpdatedAt),
  statements: view.statements.map(uploadedStatement),
  account_status: view.status,
  months: view.months.map(ym),
  missing_data: view.missingData.map((span) => wireRange(span, ymd)),
});

const uploadedStatement = (view: StatementView) => ({
  statement_id: view.statementId,
  statement_status: view.status,
  error_code: view.errorCode,
  error_message: view.errorMessage,
  source: view.source,
  created_at: tsOffset(view.createdAt),
  upload_file_name: view.fileName,
  statement_date_range: wireRange(view.range, dmy),
});

/** The superset of the older and the newer body; success is null (ruling 1). */
export const enrichmentBody = (
  sessionId: string,
  accounts: readonly { account: Account; attemptTypes: string[] }[],
  rules: Rules,
): object => ({
  session_id: sessionId,
  event_name: "ENRICHMENT_NOTIFICATION",
  insights_available: insightsAvailable(
    rules,
    accounts.map(({ account }) => account),
  ),
  accounts: accounts.map(({ account, attemptTypes }) => ({
    bank_name: account.bank_name,
    account_id: account.public_id,
    account_status: account.status,
    error_code: account.error_code,
    error_message: account.error_message,
    name: account.name ?? "",
    account_category: account.account_category,
    attempt_types: attemptTypes,
  })),
});

const REJECTABLE: ReadonlySet<string | null> = new Set(["BALANCE_MISMATCH", "UNPARSABLE"]);

/** False for inconsistent or unparsable accounts of an organisation that rejects them (reference §2.7). */
export const insightsAvailable = (
  { settings }: Pick<Rules, "settings">,
  accounts: readonly Pick<Account, "error_code">[],
): boolean => !settings.to_reject_account || !accounts.some(({ error_code }) => REJECTABLE.has(error_code));

/** Both null where there is no range. */
function wireRange(range: DateRange | null, format: (date: Temporal.PlainDate) => string) {
  return { from_date: range && format(range.from), to_date: range && format(range.to) };
}
