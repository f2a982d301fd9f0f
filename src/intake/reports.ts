/** Workbooks of a processed session or of an entity. Made when they are asked for: nothing is kept that a deletion would have to find. */
import { writeAccountReport, writeAggregateReport, type ReportInput } from "../analysis/report/report.ts";
import { isUuidV4 } from "../platform/ids.ts";
import { findEntity } from "../store/entities.ts";
import type { Environment } from "../store/environments.ts";
import type { Rules } from "../store/sessions.ts";
import { fullBankName } from "./banks.ts";
import { rangeOf } from "./calendar.ts";
import type { Intake } from "./context.ts";
import { readCase } from "./case-file.ts";
import { readEntityInsights } from "./entity-reads.ts";
import { readInsights, type SessionInsights } from "./insights.ts";
import { resourceOf } from "./upload-end.ts";
import { accountNumberFor } from "./wire.ts";

export interface Report {
  /** Of whom: `session:<uuid>` or `entity:<uuid>`. */
  resource: string;
  /** Letters, digits, dots and hyphens. */
  fileName: string;
  bytes: Uint8Array;
}

/**
 * Of one account (its UUID), or of all (null). Null where the session or entity of this id has no such account. Throws
 * IntakeError as readInsights.
 */
export async function readReport(
  intake: Intake,
  rules: Rules,
  id: string,
  accountId: string | null,
): Promise<Report | null> {
  return reportOf(await readEither(intake, rules, id), rules, accountId);
}

/** As readReport, at any time, whether or not it was processed; null also where there is no such session or entity. */
export async function readCaseReport(
  intake: Intake,
  env: Environment,
  id: string,
  accountId: string | null,
): Promise<Report | null> {
  const found = await readCase(intake, env, id);
  return found && reportOf(found.insights, env, accountId);
}

async function reportOf(
  insights: SessionInsights,
  rules: Rules,
  accountId: string | null,
): Promise<Report | null> {
  const { session } = insights.snapshot;
  const input = reportInput(insights, rules);
  const resource = resourceOf(session);
  if (accountId === null) {
    const bytes = await writeAggregateReport(input);
    return { resource, fileName: `report-${session.public_id}.xlsx`, bytes };
  }
  const found = insights.accounts.find(({ account }) => account.profile.id === accountId);
  if (!found) return null;
  const bytes = await writeAccountReport(input, accountId);
  return { resource, fileName: fileNameOf(found.account.profile), bytes };
}

/** Ids of sessions and entities never meet: they are keys of one table. */
async function readEither(intake: Intake, rules: Rules, id: string): Promise<SessionInsights> {
  const entity = isUuidV4(id) ? await findEntity(intake.db, rules.id, id) : null;
  return entity ? readEntityInsights(intake, rules, id) : readInsights(intake, rules, id);
}

function reportInput(
  { snapshot, today, accounts, relations, aggregate }: SessionInsights,
  rules: Rules,
): ReportInput {
  return {
    today,
    range: snapshot.session.kind === "entity" ? null : rangeOf(snapshot.session),
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
