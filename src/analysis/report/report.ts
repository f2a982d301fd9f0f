/** Analysis → workbook: of one account, and of all accounts of a session together. Pure. */
import type { Figures } from "../figures/types.ts";
import { moneyStyle } from "./cells.ts";
import { linesOf, ownerOf, type Owner, type ReportAccount, type ReportInput } from "./input.ts";
import { fraudSheet, recurringSheet, salarySheet, setSheet, transactionsSheet } from "./lists.ts";
import { balancesSheet, figuresSheet, monthlySheet, topSheet } from "./monthly.ts";
import type { Sheet } from "./sheet.ts";
import { accountSummary, aggregateSummary } from "./summary.ts";
import { writeWorkbook } from "./workbook.ts";

export type { ReportAccount, ReportInput } from "./input.ts";

/** Bytes of an .xlsx file. Throws where `input` has no such account. */
export async function writeAccountReport(input: ReportInput, accountId: string): Promise<Uint8Array> {
  const account = input.accounts.find(({ account }) => account.profile.id === accountId);
  if (!account) throw new Error("The report is of an account that is not there.");
  const sheets = [
    accountSummary(input, account),
    ...sheetsOfMonths(account.figures, ownerOf(account)),
    ...sheetsOfLists(input, [account]),
  ];
  return writeWorkbook(sheets);
}

export async function writeAggregateReport(input: ReportInput): Promise<Uint8Array> {
  const owner = ownerOfAll(input);
  return writeWorkbook([
    aggregateSummary(input, owner),
    ...sheetsOfMonths(input.aggregate, owner),
    ...sheetsOfLists(input, input.accounts),
  ]);
}

/** Sums are in one currency, that of the accounts added up. */
function ownerOfAll({ accounts, aggregate }: ReportInput): Owner {
  const one = accounts.find(({ account }) => aggregate.accountIds.includes(account.profile.id));
  return {
    id: "",
    label: "All accounts",
    currency: aggregate.currency ?? "",
    money: moneyStyle(aggregate.currency, one?.digits ?? 2),
  };
}

const sheetsOfMonths = (figures: Figures, owner: Owner): Sheet[] => [
  monthlySheet(figures, owner),
  figuresSheet(figures, owner),
  balancesSheet(figures, owner),
  topSheet(figures, owner),
];

function sheetsOfLists({ relations }: ReportInput, accounts: readonly ReportAccount[]): Sheet[] {
  const owners = accounts.map(ownerOf);
  const ids = new Set(owners.map(({ id }) => id));
  const lines = linesOf(accounts);
  const salary = relations.salary.filter(({ transaction }) => ids.has(transaction.accountId));
  const recurring = {
    credits: relations.recurring.credits.filter(({ accountId }) => ids.has(accountId)),
    debits: relations.recurring.debits.filter(({ accountId }) => ids.has(accountId)),
  };
  const found = accounts.flatMap((account) =>
    account.findings.map((finding) => ({ owner: ownerOf(account), finding })),
  );
  return [
    transactionsSheet(lines, owners, relations),
    salarySheet(salary, owners),
    recurringSheet(recurring, owners),
    setSheet("Lenders", lines, owners, { hashes: relations.lender, relations }),
    setSheet("Bounces", lines, owners, { hashes: relations.bouncedOrPenal, relations }),
    fraudSheet(found, lines, owners),
  ];
}
