/** From the end of the uploads to the verdict on each account. */
import type { Kysely } from "kysely";
import { judgeAccount } from "../analysis/acceptance.ts";
import { recordEvent } from "../events/outbox.ts";
import { addJob } from "../platform/jobs.ts";
import { updateAccount, type Account } from "../store/accounts.ts";
import { recordAudit } from "../store/audit.ts";
import type { Environment } from "../store/environments.ts";
import type { Lane } from "../store/events.ts";
import type { Schema } from "../store/schema.ts";
import { lockSession, type Rules, type Session } from "../store/sessions.ts";
import { finishStatements, statementsOfSession } from "../store/statements.ts";
import { inTransaction } from "../store/transaction.ts";
import { transactionDays } from "../store/transactions.ts";
import type { Intake } from "./context.ts";
import { IntakeError } from "./errors.ts";
import { accountMessage } from "./messages.ts";
import { enrichmentBody } from "./notifications.ts";
import {
  attemptTypesOf,
  criteriaOf,
  isUsable,
  loadSnapshot,
  type AccountSnapshot,
  type Snapshot,
} from "./snapshot.ts";
import { assertAllows, mayStep, takeStep } from "./states.ts";
import { endUploads, isExpiryDue, lockKnownSession, resourceOf } from "./upload-end.ts";

export const PROCESS_TASK = "process_session";
const PROCESS_ACTOR = "job:process_session";

/**
 * Ends the uploads and starts processing. A session that has expired can still be processed, with what was uploaded
 * before. Throws IntakeError SESSION_NOT_FOUND, SESSION_DELETED, DUPLICATE_PROCESSING_REQUEST,
 * UNPARSABLE_STATEMENTS.
 */
export async function initiateProcessing(
  intake: Intake,
  env: Environment,
  actor: string,
  sessionId: string,
): Promise<void> {
  const lanes = await inTransaction(intake.db, async ({ trx }) => {
    const locked = await lockKnownSession(trx, env, sessionId);
    assertAllows(locked.state, "initiate", sessionId);
    const statements = await statementsOfSession(trx, env.id, locked.id);
    if (!statements.some(isUsable)) throw new IntakeError("state", "UNPARSABLE_STATEMENTS", { sessionId });

    const at = intake.clock();
    const ended = mayStep(locked.state, "complete")
      ? await endUploads(trx, env, locked, isExpiryDue(locked, at) ? "expire" : "complete", { actor, at })
      : { session: locked, lanes: [] };
    const session = await takeStep(trx, ended.session, "request_processing", at);
    await addJob(trx, {
      task: PROCESS_TASK,
      payload: { env: env.id, session: session.public_id },
      key: `process:${session.public_id}`,
    });
    await recordAudit(trx, {
      envId: env.id,
      at,
      actor,
      action: "session.initiate_processing",
      target: resourceOf(session),
      detail: { statements: statements.length },
    });
    return ended.lanes;
  });
  intake.wake(lanes);
}

/** Judges every account and tells of it. Run late or twice, or after the session was deleted, it changes nothing. */
export async function processSession(intake: Intake, rules: Rules, sessionId: string): Promise<void> {
  const lanes = await inTransaction(intake.db, async ({ trx }) => {
    const session = await lockSession(trx, rules.id, sessionId);
    if (!session || !mayStep(session.state, "finish")) return null;
    return finish(trx, rules, session, intake.clock());
  });
  if (lanes) intake.wake(lanes);
}

async function finish(
  trx: Kysely<Schema>,
  rules: Rules,
  session: Session,
  at: Temporal.Instant,
): Promise<Lane[]> {
  const snapshot = await loadSnapshot(trx, rules, session, at);
  const accountIds = snapshot.accounts.map(({ row }) => row.id);
  const days = Map.groupBy(await transactionDays(trx, rules.id, accountIds), ({ account_id }) => account_id);
  const accounts: { account: Account; attemptTypes: string[] }[] = [];
  for (const account of snapshot.accounts) {
    const own = (days.get(account.row.id) ?? []).map(({ date }) => date);
    const outcome = outcomeOf(account, own, snapshot, rules);
    const judged = await updateAccount(trx, account.row, { ...outcome, last_updated_at: at });
    accounts.push({ account: judged, attemptTypes: attemptTypesOf(account.statements) });
  }
  await finishStatements(trx, rules.id, session.id, at);
  await takeStep(trx, session, "finish", at);
  const { recorded, lanes } = await recordEvent(trx, {
    envId: rules.id,
    key: `${resourceOf(session)}:enrichment`,
    type: "ENRICHMENT_NOTIFICATION",
    resource: resourceOf(session),
    subject: session.link_id,
    retention: 0,
    at,
    bodies: () => ({ session: enrichmentBody(session.public_id, accounts, rules) }),
  });
  if (!recorded) throw new Error(`The enrichment of ${resourceOf(session)} was told before.`);
  const failed = accounts.filter(({ account }) => account.status === "failed").length;
  await recordAudit(trx, {
    envId: rules.id,
    at,
    actor: PROCESS_ACTOR,
    action: "session.finish",
    target: resourceOf(session),
    detail: { accounts: accounts.length, failed },
  });
  return lanes;
}

/** Its code and message where it fails; a session that accepts anything asks for proof alone. */
export function outcomeOf(
  { row, statements, covered }: AccountSnapshot,
  transactionDays: Temporal.PlainDate[],
  { session, considered }: Snapshot,
  rules: Rules,
): Pick<Account, "status" | "error_code" | "error_message"> {
  const usable = statements.filter(isUsable);
  const facts = {
    usableStatements: usable.length,
    hasAccountNumber: row.account_number !== null,
    broken: usable.some(({ verification }) => verification === "broken"),
    covered,
    transactionDays,
  };
  const finding = judgeAccount(facts, criteriaOf(rules), considered, session.accept_anything);
  if (!finding) return { status: "completed", error_code: null, error_message: null };
  return { status: "failed", error_code: finding.code, error_message: accountMessage(finding) };
}
