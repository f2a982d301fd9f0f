/** What the polling endpoints answer, as values: HTTP writes them in the contract's formats. */
import { isUuidV4 } from "../platform/ids.ts";
import type { Environment } from "../store/environments.ts";
import { progressRows } from "../store/sessions.ts";
import type { StatementWithFile } from "../store/statements.ts";
import { fullBankName } from "./banks.ts";
import { rangeOf } from "./calendar.ts";
import type { Intake } from "./context.ts";
import { IntakeError } from "./errors.ts";
import { STATEMENT_MESSAGES } from "./messages.ts";
import { insightsAvailable } from "./notifications.ts";
import { accountUploadView, attemptTypesOf, loadSnapshot, progressItem, statementView } from "./snapshot.ts";
import type { AccountSnapshot } from "./snapshot.ts";
import { assertAllows, uploadStatusOf } from "./states.ts";
import { currentSession } from "./upload-end.ts";
import type { AccountStatusView, Progress, SessionStatus, StatementView, UploadStatus } from "./views.ts";

export type * from "./views.ts";

/** Throws IntakeError SESSION_NOT_FOUND, SESSION_DELETED. */
export async function readUploadStatus(
  intake: Intake,
  env: Environment,
  sessionId: string,
): Promise<UploadStatus> {
  const session = await currentSession(intake, env, sessionId);
  assertAllows(session.state, "read_uploads", sessionId);
  const { considered, accounts, statements } = await loadSnapshot(intake.db, env, session, intake.clock());
  return {
    sessionId: session.public_id,
    range: rangeOf(session),
    uploadStatus: uploadStatusOf(session.state, accounts.length + statements.length > 0),
    expiresAt: session.expires_at,
    accounts: accounts.map((account) => accountUploadView(account, considered)),
  };
}

/** One round trip. Throws IntakeError SESSION_NOT_FOUND, SESSION_DELETED, PROCESSING_NOT_REQUESTED. */
export async function readProgress(intake: Intake, env: Environment, sessionId: string): Promise<Progress> {
  const rows = isUuidV4(sessionId) ? await progressRows(intake.db, env.id, sessionId) : [];
  const first = rows[0];
  if (!first) throw new IntakeError("session", "SESSION_NOT_FOUND");
  assertAllows(first.state, "read_progress", sessionId);
  return {
    sessionId: sessionId.toLowerCase(),
    sessionProgress: first.state === "processed" ? "completed" : "processing",
    items: rows.flatMap(({ statement }) => (statement ? [progressItem(statement.public_id, statement)] : [])),
  };
}

/** Throws IntakeError as readProgress, and PROCESSING_NOT_COMPLETED. */
export async function readSessionStatus(
  intake: Intake,
  env: Environment,
  sessionId: string,
): Promise<SessionStatus> {
  const session = await currentSession(intake, env, sessionId);
  assertAllows(session.state, "read_result", sessionId);
  const { accounts } = await loadSnapshot(intake.db, env, session, intake.clock());
  return {
    sessionId: session.public_id,
    insightsAvailable: insightsAvailable(
      env,
      accounts.map(({ row }) => row),
    ),
    accounts: accounts.map(accountStatusView),
  };
}

function accountStatusView({ row, statements }: AccountSnapshot): AccountStatusView {
  if (row.status === null) throw new Error("An account of a processed session has no outcome.");
  return {
    accountId: row.public_id,
    accountNumber: row.account_number,
    bankName: row.bank_name,
    fullBankName: fullBankName(row.bank_name),
    name: row.name,
    accountCategory: row.account_category,
    accountType: row.account_type,
    status: row.status,
    errorCode: row.error_code,
    errorMessage: row.error_message,
    createdAt: row.created_at,
    lastUpdatedAt: row.last_updated_at,
    attemptTypes: attemptTypesOf(statements),
    statements: statements.map(processedStatementView),
  };
}

/** A statement that was read, but says of no account whose it is, has failed once it is processed. */
function processedStatementView(row: StatementWithFile): StatementView {
  const view = statementView(row);
  if (row.status !== "completed" || row.identity_status !== "failed") return view;
  const errorMessage = STATEMENT_MESSAGES.NULL_ACCOUNT_NUMBER;
  return { ...view, status: "failed", errorCode: "NULL_ACCOUNT_NUMBER", errorMessage };
}
