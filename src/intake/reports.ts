/** Workbooks of a processed session. Made when they are asked for: nothing is kept that a deletion would have to find. */
import { writeAccountReport, writeAggregateReport, type ReportInput } from "../analysis/report/report.ts";
import type { Rules } from "../store/sessions.ts";
import { fullBankName } from "./banks.ts";
import { rangeOf } from "./calendar.ts";
import type { Intake } from "./context.ts";
import { readInsights, type SessionInsights } from "./insights.ts";
import { accountNumberFor } from "./wire.ts";

export interface Report {
  /** Letters, digits, dots and hyphens. */
  fileName: string;
  bytes: Uint8Array;
}

/**
 * Of one account (its UUID), or of all (null). Null where the session has no such account. Throws IntakeError as
 * readInsights.
 */
export async function readReport(
  intake: Intake,
  rules: Rules,
  sessionId: string,
  accountId: string | null,
): Promise<Report | null> {
  const insights = await readInsights(intake, rules, sessionId);
  const input = reportInput(insights, rules);
  const { public_id } = insights.snapshot.session;
  if (accountId === null) {
    return { fileName: `report-${public_id}.xlsx`, bytes: await writeAggregateReport(input) };
  }
  const found = insights.accounts.find(({ account }) => account.profile.id === accountId);
  if (!found) return null;
  return { fileName: fileNameOf(found.account.profile), bytes: await writeAccountReport(input, accountId) };
}

function reportInput(
  { snapshot, today, accounts, relations, aggregate }: SessionInsights,
  rules: Rules,
): ReportInput {
  return {
    today,
    range: rangeOf(snapshot.session),
    accounts: accounts.map(({ account, input, found, figures }) => ({
      account,
      bankName: fullBankName(account.profile.bank) || account.profile.bank,
      accountNumber: accountNumberFor(rules.settings, account.profile.accountNumber),
      digits: input.minorDigits,
      findings: found.map(({ finding }) => finding),
      figures,
    })),
    relations,
    aggregate,
    showScore: rules.settings.show_score,
  };
}

/** `hdfc-9704.xlsx`: what tells accounts apart in a folder, and no more of the number than everybody may see. */
function fileNameOf({ bank, accountNumber, id }: { bank: string; accountNumber: string | null; id: string }) {
  const last = (accountNumber ?? "").replaceAll(/[^0-9A-Za-z]/g, "").slice(-4);
  const parts = [bank.replaceAll(/[^0-9A-Za-z]+/g, "-").toLowerCase(), last === "" ? id : last];
  return `${parts.join("-")}.xlsx`;
}
