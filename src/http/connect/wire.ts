/** The journey's own JSON, as the page reads it (`web/connect` imports these types and nothing else from here). */

/** `YYYY-MM-DD`. */
export type Day = string;
/** `YYYY-MM`. */
export type Month = string;

export interface BankItem {
  /** Lower case. */
  id: string;
  name: string;
  net_banking: boolean;
}

export interface StatementItem {
  id: string;
  file_name: string;
  status: "processing" | "completed" | "failed";
  error_code: string | null;
  from: Day | null;
  to: Day | null;
}

export interface AccountItem {
  id: string;
  bank: { id: string; name: string };
  /** Masked. */
  account_number: string | null;
  /** Months of which a statement covers a day. */
  months: Month[];
  /** What is still wanted, by months or by days as the environment asks. */
  missing_months: Month[];
  missing_dates: { month: Month; days: number[] }[];
  statements: StatementItem[];
}

/** One visit of a bank by net banking. */
export interface ConnectionItem {
  bank: { id: string; name: string };
  status: "fetching" | "completed" | "failed";
  /** `NB…` of the contract, where it failed. */
  error_type: string | null;
}

export interface JourneyBody {
  session_id: string;
  link_id: string;
  state: "open" | "finished" | "expired";
  /** RFC 3339. */
  expires_at: string;
  from_date: Day;
  to_date: Day;
  /** What is asked for; empty where nothing is. */
  months: Month[];
  /** Set: there is nothing to choose. */
  bank: { id: string; name: string } | null;
  ways: ("pdf" | "online")[];
  redirect_url: string | null;
  /** Origins that are told how the journey goes, beside the page's own. */
  origins: string[];
  brand: { name: string; color: string | null; logo_url: string | null; support_url: string | null };
  max_upload_bytes: number;
  accounts: AccountItem[];
  /** In the order in which they were begun. */
  connections: ConnectionItem[];
  may_finish: boolean;
}

export interface ErrorBody {
  error: { code: string; message: string };
}

/** Where the customer gives a bank their consent: the journey goes there, and the bank sends them back to it. */
export interface BankConnectionBody {
  url: string;
}
