/**
 * What a processed session's transactions say. Worked out at each reading: the data of a processed session no longer
 * change, but reckoning is quick, and what is kept nowhere need not be found again when a session is deleted.
 */
import { analyse } from "../analysis/figures/index.ts";
import type { AccountFigures, AggregateFigures } from "../analysis/figures/types.ts";
import { findFraud } from "../analysis/fraud/index.ts";
import { relabel, type Related } from "../analysis/relabel.ts";
import { findRelations } from "../analysis/relations/index.ts";
import type { Account, FraudFinding, Relations } from "../analysis/types.ts";
import { minorDigits } from "../statement/currency.ts";
import type { Rules } from "../store/sessions.ts";
import { todayOf } from "./calendar.ts";
import type { Intake } from "./context.ts";
import { loadInput, type AccountInput, type SessionInput } from "./insights-input.ts";
import type { Snapshot } from "./snapshot.ts";
import { labelTransactions } from "../analysis/label/label.ts";

export type { Figure } from "../analysis/figures/month-view.ts";
export type * from "../analysis/figures/types.ts";
export type {
  FraudFinding,
  LabelledTransaction,
  RecurringSet,
  Relations,
  SalaryPayment,
} from "../analysis/types.ts";
export { plainEvidence } from "../analysis/evidence.ts";

/** `statementId`: the file's, or that of the transaction; null for what concerns the account as a whole. */
export interface Found {
  statementId: string | null;
  finding: FraudFinding;
}

export interface AccountInsights {
  input: AccountInput;
  account: Account;
  found: Found[];
  figures: AccountFigures;
}

export interface SessionInsights {
  snapshot: Snapshot;
  today: Temporal.PlainDate;
  accounts: AccountInsights[];
  /** Of all accounts together: transfers between them are found only so. */
  relations: Relations;
  aggregate: AggregateFigures;
}

/** Throws IntakeError SESSION_NOT_FOUND, SESSION_DELETED, PROCESSING_NOT_REQUESTED, PROCESSING_NOT_COMPLETED. */
export async function readInsights(
  intake: Intake,
  rules: Rules,
  sessionId: string,
): Promise<SessionInsights> {
  return insightsOf(await loadInput(intake, rules, sessionId), todayOf(rules, intake.clock()));
}

/** What each transaction is, with what the others tell of it. Pure. */
export function labelAccounts({ accounts, known }: SessionInput): Related {
  const labelled = accounts.map(({ profile, transactions }): Account => {
    return { profile, transactions: labelTransactions(transactions, profile, known) };
  });
  return relabel(labelled, findRelations(labelled, known));
}

/** Pure. */
export function insightsOf(input: SessionInput, today: Temporal.PlainDate): SessionInsights {
  const { accounts, relations } = labelAccounts(input);
  const found = input.accounts.map((one, at) => foundIn(one, accounts[at], relations));
  const analysis = analyse(accounts, relations, {
    today,
    minorDigits,
    range: input.snapshot.considered,
    statements: input.accounts.flatMap(({ facts }) => facts),
    findings: new Map(
      input.accounts.map(({ profile }, at) => [profile.id, (found[at] ?? []).map(({ finding }) => finding)]),
    ),
  });
  return {
    snapshot: input.snapshot,
    today,
    accounts: input.accounts.map((one, at) => {
      const [account, figures] = [accounts[at], analysis.accounts[at]];
      if (!account || !figures) throw new Error("An account was lost in the analysis.");
      return { input: one, account, found: found[at] ?? [], figures };
    }),
    relations,
    aggregate: analysis.aggregate,
  };
}

/** Of its files first, then of its transactions. */
function foundIn(input: AccountInput, account: Account | undefined, relations: Relations): Found[] {
  if (!account) return [];
  const { covered } = input.snapshot;
  const findings = findFraud(account, relations, { covered });
  return [
    ...input.accusations,
    ...findings.map((finding) => ({ statementId: statementOf(input, finding), finding })),
  ];
}

const statementOf = ({ origins }: AccountInput, { transactionHash }: FraudFinding): string | null =>
  transactionHash === null ? null : (origins.get(transactionHash)?.statementId ?? null);
