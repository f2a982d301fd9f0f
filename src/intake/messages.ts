/** The contract's messages at account and statement level (reference §4). */
import type { Finding } from "../analysis/acceptance.ts";
import type { MonthDays } from "../analysis/coverage.ts";
import { monthName } from "./wire.ts";

/** Codes that a statement row, or a refused upload, may carry. */
export const STATEMENT_MESSAGES = {
  PASSWORD_INCORRECT: "The provided password is incorrect",
  PDF_IS_IMAGE: "Scanned images are not supported",
  STATEMENT_UNSUPPORTED_FORMAT: "The statement format is not supported",
  STATEMENT_DUPLICATE: "A duplicate statement has been detected",
  NULL_ACCOUNT_NUMBER: "Account number is unavailable or unidentified",
  UNPARSABLE: "Failed to process because of an unparsable statement",
  BANK_NAME_MISMATCH: "The bank name in the statement doesn't match the selected bank",
  BANK_NAME_UNDETECTED: "Bank name could not be identified",
  OUT_OF_DATE_RANGE: "The statement uploaded is beyond the specified date range",
  STATEMENT_TOO_MANY_PAGES: "The statement exceeds the allowed page limit",
  STATEMENT_NO_TRANSACTIONS: "No transactions were identified in the uploaded statement",
  EXTRACTION_FAILED: "Failed to extract information from the statement",
} as const;

export type StatementCode = keyof typeof STATEMENT_MESSAGES;

export const BALANCE_MISMATCH_MESSAGE = "Calculated transaction balance does not match";

export function accountMessage(finding: Finding): string {
  switch (finding.code) {
    case "UNPARSABLE":
      return STATEMENT_MESSAGES.UNPARSABLE;
    case "NULL_ACCOUNT_NUMBER":
      return STATEMENT_MESSAGES.NULL_ACCOUNT_NUMBER;
    case "BALANCE_MISMATCH":
      return BALANCE_MISMATCH_MESSAGE;
    case "MISSING_TRANSACTIONS":
      return "One or more transactions are missing in the specified date range";
    case "INCOMPLETE_MONTHS":
      return `Insufficient data to generate report. There are no transactions for ${monthList(finding.months)}`;
    case "INCOMPLETE_MONTHS_UPLOAD":
      return `Statement(s) uploaded contain incomplete months. Missing data present for ${monthList(finding.months)}`;
    case "INCOMPLETE_DATES_UPLOAD":
      return `Statement(s) uploaded contain incomplete dates. Missing dates present for ${dateMap(finding.dates)}`;
  }
}

/** `Nov 2023, Dec 2023` */
const monthList = (months: readonly Temporal.PlainYearMonth[]): string => months.map(monthName).join(", ");

/** `{"Jan 2024": [1, 2, 3, 4]}`: JSON with a space after each comma and colon (ruling 15). */
const dateMap = (dates: readonly MonthDays[]): string =>
  `{${dates.map(({ month, days }) => `"${monthName(month)}": [${days.join(", ")}]`).join(", ")}}`;
