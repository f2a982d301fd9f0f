/** An entity's statements → the bodies of its reads (reference §5.3, §7). Pure. */
import type {
  AccountFindings,
  AccountInsights,
  LabelledTransaction,
  RecurringSet,
  SalaryPayment,
  SessionFindings,
  SessionInsights,
  TopOfMonth,
} from "../../../intake/insights.ts";
import { progressItem as progressOf, type Snapshot } from "../../../intake/snapshot.ts";
import type { ProgressItem } from "../../../intake/views.ts";
import { mmmYy, tsDay, wireAmount } from "../../../intake/wire.ts";
import type { Settings } from "../../../store/environments.ts";
import { monthlyBody, predictorsBody } from "../insights-figures.ts";
import { shownNumber } from "../insights-views.ts";
import { accountItem, identityItem } from "../older-views.ts";
import type {
  AccountBody,
  FraudBody,
  IdentityBody,
  ProgressBody,
  RecurringSetBody,
  TransactionBody,
} from "./reads-bodies.ts";

/**
 * Without parts of a file that repeat what an earlier one told: their data are there, and clients take the first `failed` of
 * `progress` for the whole entity's (§5.4).
 */
const listed = ({ statements }: Snapshot) =>
  statements.filter(({ error_code }) => error_code !== "STATEMENT_DUPLICATE");

const itemsOf = (snapshot: Snapshot): ProgressItem[] =>
  listed(snapshot).map((statement) => progressOf(statement.public_id, statement));

/** Of the reads that are made of transactions: they are as good as their proof. */
const progressBody = (snapshot: Snapshot): ProgressBody[] =>
  itemsOf(snapshot).map(({ processingStatus: status, message, statementId, source }) => ({
    status,
    message: status === "failed" ? message : null,
    statement_id: statementId,
    source,
  }));

const progressOfIdentity = (snapshot: Snapshot): IdentityBody["progress"] =>
  itemsOf(snapshot).map(({ identityStatus, processingStatus, message, statementId, source }) => ({
    status: identityStatus,
    message,
    statement_id: statementId,
    source,
    transaction_status: processingStatus,
  }));

/** While this holds, `reports`, `predictors` and `score` are `[]`. */
export const isPending = (snapshot: Snapshot): boolean =>
  progressBody(snapshot).some(({ status }) => status === "processing");

export const headBody = (snapshot: Snapshot) => ({
  entity_id: snapshot.session.public_id,
  progress: progressBody(snapshot),
});

/** The latest updated first: clients take element 0 of `identity` (§5.4). */
const latestFirst = ({ accounts }: Snapshot) =>
  accounts.toSorted((a, b) => Temporal.Instant.compare(b.row.last_updated_at, a.row.last_updated_at));

export function accountsBody(snapshot: Snapshot, settings: Settings): AccountBody[] {
  const ids = new Set(listed(snapshot).map(({ public_id }) => public_id));
  return latestFirst(snapshot).map((account) => {
    const statements = account.statements.filter(({ public_id }) => ids.has(public_id));
    return accountItem({ ...account, statements }, settings);
  });
}

export const commonBody = (findings: SessionFindings, settings: Settings) => ({
  ...headBody(findings.snapshot),
  accounts: accountsBody(findings.snapshot, settings),
  fraud: fraudBody(findings),
});

export const identityBody = (findings: SessionFindings, settings: Settings): IdentityBody => ({
  ...commonBody(findings, settings),
  progress: progressOfIdentity(findings.snapshot),
  identity: latestFirst(findings.snapshot).map((account) => identityItem(account, settings)),
});

/** Fraudulent are statements whose file was tampered with, as an upload's `is_fraud`; a transaction is a reason to look. */
function fraudBody({ accounts }: SessionFindings): FraudBody {
  const types = accounts.flatMap(({ account, found }) =>
    found.map(({ statementId, finding }) => ({
      statement_id: statementId,
      fraud_type: finding.type,
      account_id: account.profile.id,
      fraud_category: finding.category,
      transaction_hash: finding.transactionHash,
    })),
  );
  const ofFiles = types.filter(({ fraud_category }) => fraud_category === "metadata");
  return {
    fraudulent_statements: [...new Set(ofFiles.flatMap(({ statement_id }) => statement_id ?? []))],
    fraud_type: types,
  };
}

/** Those of the account asked for, or all; none where there is no such account. */
export const selected = <One extends AccountFindings>(
  accounts: readonly One[],
  accountId: string | null,
): readonly One[] =>
  accountId === null ? accounts : accounts.filter(({ account }) => account.profile.id === accountId);

const currencyOf = ({ account }: AccountFindings): string => account.profile.currency ?? "";

/** E. `self_transfer` is a description of the insights only (§8.2). */
export const transactionBody = (transaction: LabelledTransaction, currency: string): TransactionBody => ({
  transaction_note: transaction.narration,
  hash: transaction.hash,
  description: transaction.description === "self_transfer" ? "" : transaction.description,
  account_id: transaction.accountId,
  transaction_type: transaction.direction,
  amount: wireAmount(transaction.amount, currency) ?? 0,
  date: tsDay(transaction.date),
  merchant_category: transaction.merchantCategory,
  balance: wireAmount(transaction.balance, currency),
  transaction_channel: transaction.channel,
});

const notedBody = (transaction: LabelledTransaction, currency: string) => ({
  ...transactionBody(transaction, currency),
  clean_transaction_note: transaction.cleanNote,
});

const salaryItem = ({ transaction, month }: SalaryPayment, currency: string) => ({
  ...notedBody(transaction, currency),
  month_year: `${month.month}-${month.year}`,
});

/** Account by account, oldest first. */
export const transactionsBody = (
  accounts: readonly AccountFindings[],
  belongs: (transaction: LabelledTransaction) => boolean = () => true,
): TransactionBody[] =>
  accounts.flatMap((one) =>
    one.account.transactions
      .filter(belongs)
      .map((transaction) => transactionBody(transaction, currencyOf(one))),
  );

export const salaryBody = (accounts: readonly AccountFindings[], salary: readonly SalaryPayment[]) =>
  accounts.flatMap((one) =>
    salary
      .filter(({ transaction }) => transaction.accountId === one.account.profile.id)
      .map((payment) => salaryItem(payment, currencyOf(one))),
  );

/** S */
export const recurringBody = (
  accounts: readonly AccountFindings[],
  sets: readonly RecurringSet[],
): RecurringSetBody[] =>
  accounts.flatMap((one) =>
    sets
      .filter(({ accountId }) => accountId === one.account.profile.id)
      .map((set) => ({
        account_id: set.accountId,
        start_date: tsDay(set.start),
        end_date: tsDay(set.end),
        transaction_channel: set.channel.toUpperCase(),
        median: wireAmount(set.median, currencyOf(one)) ?? 0,
        clean_transaction_note: set.cleanNote,
        transactions: set.transactions.map((transaction) => notedBody(transaction, currencyOf(one))),
      })),
  );

/** Of all accounts without one, of nothing where there is no such account. */
export function categoriesBody({ accounts, aggregate }: SessionInsights, accountId: string | null) {
  const figures = accountId === null ? aggregate : selected(accounts, accountId)[0]?.figures;
  return (figures?.expenseCategories ?? []).map(({ category, percentage }) => ({ category, percentage }));
}

/** Month → note → amount. Equal notes keep the larger amount (§9-19). */
export const topBody = (top: readonly TopOfMonth[], currency: string) =>
  Object.fromEntries(
    top.map(({ month, distinctNotes }) => [
      mmmYy(month),
      Object.fromEntries(
        distinctNotes.map(({ narration, amount }) => [narration, wireAmount(amount, currency) ?? 0]),
      ),
    ]),
  );

/** Key → month → figure: the documented keys (§8.8) and no further ones. */
export const monthlyAnalysisBody = (
  figures: SessionInsights["aggregate"] | AccountInsights["figures"],
  currency: string,
) => monthlyBody({ ...figures, monthlyExtras: new Map() }, currency);

export const monthlyByAccount = ({ accounts }: SessionInsights) => ({
  account_id: accounts.map((one) => ({
    [one.account.profile.id]: { monthly_analysis: monthlyAnalysisBody(one.figures, currencyOf(one)) },
  })),
});

/** `_6` to `_11`: this read gives months 0 to 5. */
const OLDER_MONTH = /_(?:[6-9]|1[01])$/;

export function predictorsByAccount({ accounts }: SessionInsights, settings: Settings) {
  return accounts.map((one) => {
    const number = shownNumber(one, settings);
    const all = Object.entries(predictorsBody(one.figures, currencyOf(one), number));
    const recent = Object.fromEntries(all.filter(([key]) => !OLDER_MONTH.test(key)));
    const predictors = { ...recent, accountnumber: integerOf(number) };
    return { account_id: one.account.profile.id, predictors };
  });
}

/** An integer on this wire; null where that would change the number: leading zeros, letters, more than 2^53. */
function integerOf(number: string | null): number | null {
  const integer = Number(number);
  return Number.isSafeInteger(integer) && String(integer) === number ? integer : null;
}

/** Without accounts of which too little is known. */
export const scoresByAccount = ({ accounts }: SessionInsights) =>
  accounts.flatMap(({ account, figures }) =>
    figures.score ? [{ account_id: account.profile.id, score: figures.score.score }] : [],
  );
