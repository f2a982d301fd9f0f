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

export interface AccountFindings {
  input: AccountInput;
  account: Account;
  found: Found[];
}

/** What is known before any figure is worked out: what each transaction is, and what was found. */
export interface SessionFindings {
  snapshot: Snapshot;
  today: Temporal.PlainDate;
  accounts: AccountFindings[];
  /** Of all accounts together: transfers between them are found only so. */
  relations: Relations;
}

export interface AccountInsights extends AccountFindings {
  figures: AccountFigures;
}

export interface SessionInsights extends SessionFindings {
  accounts: AccountInsights[];
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
export function findingsOf(input: SessionInput, today: Temporal.PlainDate): SessionFindings {
  const { accounts, relations } = labelAccounts(input);
  return {
    snapshot: input.snapshot,
    today,
    accounts: input.accounts.map((one, at) => {
      const account = accounts[at];
      if (!account) throw new Error("An account was lost in the labelling.");
      return { input: one, account, found: foundIn(one, account, relations) };
    }),
    relations,
  };
}

/** Pure. */
export function insightsOf(input: SessionInput, today: Temporal.PlainDate): SessionInsights {
  const findings = findingsOf(input, today);
  const { accounts, relations } = findings;
  const analysis = analyse(
    accounts.map(({ account }) => account),
    relations,
    {
      today,
      minorDigits,
      range: input.snapshot.considered,
      statements: input.accounts.flatMap(({ facts }) => facts),
      findings: new Map(
        accounts.map(({ account, found }) => [account.profile.id, found.map(({ finding }) => finding)]),
      ),
    },
  );
  return {
    ...findings,
    accounts: accounts.map(({ input: own, account, found }, at) => {
      const figures = analysis.accounts[at];
      if (!figures) throw new Error("An account was lost in the analysis.");
      return { input: own, account, found, figures };
    }),
    aggregate: analysis.aggregate,
  };
}

/** Of its files first, then of its transactions. */
function foundIn(input: AccountInput, account: Account, relations: Relations): Found[] {
  const { covered } = input.snapshot;
  const findings = findFraud(account, relations, { covered });
  return [
    ...input.accusations,
    ...findings.map((finding) => ({ statementId: statementOf(input, finding), finding })),
  ];
}

const statementOf = ({ origins }: AccountInput, { transactionHash }: FraudFinding): string | null =>
  transactionHash === null ? null : (origins.get(transactionHash)?.statementId ?? null);
