/** What intake answers → the bodies of the contract. Pure. */
import type {
  DateRange,
  Progress,
  ProgressItem,
  SessionStatus,
  SessionTransactions,
  StatementView,
  UploadStatus,
} from "../../intake/reads.ts";
import type { UploadResult } from "../../intake/uploads.ts";
import {
  accountNumberFor,
  dmy,
  isoMicros,
  maskAccountNumber,
  ts,
  wireAmount,
  ym,
  ymd,
} from "../../intake/wire.ts";
import type { Settings } from "../../store/environments.ts";
import { transactionItem } from "./insights-items.ts";
import type {
  ProgressBody,
  ProgressItemBody,
  SessionStatusBody,
  StatementBody,
  TransactionsBody,
  Uploaded,
  UploadStatusBody,
} from "./bodies.ts";

const dmyRange = (range: DateRange | null) =>
  range ? { from_date: dmy(range.from), to_date: dmy(range.to) } : { from_date: "", to_date: "" };
const ymdRange = (range: DateRange) => ({ from_date: ymd(range.from), to_date: ymd(range.to) });
const nullableYmdRange = (range: DateRange | null) =>
  range ? ymdRange(range) : { from_date: null, to_date: null };
const masked = (number: string | null) => (number === null ? null : maskAccountNumber(number));

/** @param none what stands for no error: `""` in upload status, null in session_status */
function statementBody(view: StatementView, none: "" | null): StatementBody {
  return {
    statement_id: view.statementId,
    statement_status: view.status,
    error_code: view.errorCode ?? none,
    error_message: view.errorMessage ?? none,
    source: view.source,
    statement_date_range: dmyRange(view.range),
    created_at: isoMicros(view.createdAt),
    upload_file_name: view.fileName,
  };
}

export function uploadStatusBody(status: UploadStatus): UploadStatusBody {
  return {
    session_id: status.sessionId,
    session_date_range: dmyRange(status.range),
    upload_status: status.uploadStatus,
    session_expiry_timestamp: ts(status.expiresAt),
    accounts: status.accounts.map((account) => ({
      account_id: account.accountId,
      account_number: masked(account.accountNumber),
      bank_name: account.bankName,
      full_bank_name: account.fullBankName,
      name: account.name ?? "",
      account_type: account.accountType ?? "",
      account_status: account.status,
      months: account.months.map(ym),
      missing_data: account.missingData.map(ymdRange),
      created_at: ts(account.createdAt),
      last_updated_at: ts(account.lastUpdatedAt),
      statements: account.statements.map((view) => statementBody(view, "")),
    })),
    error: {},
  };
}

export function sessionStatusBody(status: SessionStatus): SessionStatusBody {
  return {
    session_id: status.sessionId,
    insights_available: status.insightsAvailable,
    accounts: status.accounts.map((account) => ({
      account_id: account.accountId,
      account_number: masked(account.accountNumber),
      bank_name: account.bankName,
      full_bank_name: account.fullBankName,
      name: account.name ?? "",
      account_category: account.accountCategory,
      account_type: account.accountType ?? "",
      account_status: account.status,
      error_code: account.errorCode,
      error_message: account.errorMessage,
      created_at: ts(account.createdAt),
      last_updated_at: ts(account.lastUpdatedAt),
      attempt_types: account.attemptTypes,
      statements: account.statements.map((view) => statementBody(view, null)),
    })),
  };
}

export function transactionsBody(read: SessionTransactions): TransactionsBody {
  return {
    session_id: read.sessionId,
    transactions: read.transactions.map(({ transaction, currency, proof }) => ({
      account_id: transaction.accountId,
      ...transactionItem(transaction, currency),
      proof,
    })),
  };
}

function progressItemBody(item: ProgressItem): ProgressItemBody {
  return {
    identity_status: item.identityStatus,
    transaction_status: item.transactionStatus,
    processing_status: item.processingStatus,
    fraud_status: item.fraudStatus,
    statement_id: item.statementId,
    message: item.message,
    source: item.source,
  };
}

export function progressBody(progress: Progress): ProgressBody {
  return {
    session_id: progress.sessionId,
    session_progress: progress.sessionProgress,
    progress: progress.items.map(progressItemBody),
  };
}

export interface UploadWish {
  identity: boolean;
  progress: boolean;
}

export function uploadedBody(result: UploadResult, settings: Settings, wish: UploadWish): Uploaded {
  return {
    status: 1,
    session_id: result.sessionId,
    statement_id: result.statementId,
    account_id: result.accountId,
    bank_name: result.bankName,
    masked_account_number: masked(result.accountNumber) ?? "",
    ...(wish.identity ? identityPart(result, settings) : {}),
    ...(wish.progress ? { progress: result.progress.map(progressItemBody) } : {}),
  };
}

function identityPart(result: UploadResult, settings: Settings): Partial<Uploaded> {
  const { identity, currency } = result;
  return {
    page_count: result.pageCount,
    date_range: nullableYmdRange(result.dateRange),
    extracted_date_range: nullableYmdRange(result.extractedDateRange),
    opening_date: result.openingDate && ymd(result.openingDate),
    opening_bal: wireAmount(result.openingBalance, currency),
    closing_bal: wireAmount(result.closingBalance, currency),
    is_fraud: result.isFraud,
    fraud_type: result.fraudType,
    metadata_analysis: { name_matches: [] },
    country_code: result.country,
    currency_code: currency,
    months: result.months.map(ym),
    missing_months: result.missingMonths.map(ym),
    identity: {
      account_number: accountNumberFor(settings, identity.accountNumber),
      name: identity.name,
      address: identity.address,
      ifsc: identity.ifsc,
      micr: identity.micr,
      account_category: identity.accountCategory,
      credit_limit: wireAmount(identity.creditLimit, currency) ?? 0,
      od_limit: wireAmount(identity.odLimit, currency) ?? 0,
      account_id: identity.accountId,
      bank_name: identity.bankName,
    },
  };
}
