import type { Rules } from "../store/sessions.ts";
import type { Intake } from "./context.ts";
import { loadSnapshot, type Snapshot } from "./snapshot.ts";
import { assertAllows } from "./states.ts";
import { currentSession } from "./upload-end.ts";

/**
 * A processed session with its accounts and statements, without their transactions.
 * Throws IntakeError SESSION_NOT_FOUND, SESSION_DELETED, PROCESSING_NOT_REQUESTED, PROCESSING_NOT_COMPLETED.
 */
export async function readAccounts(intake: Intake, rules: Rules, sessionId: string): Promise<Snapshot> {
  const session = await currentSession(intake, rules, sessionId);
  assertAllows(session.state, "read_result", sessionId);
  return loadSnapshot(intake.db, rules, session, intake.clock());
}
