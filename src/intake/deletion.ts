/**
 * Deleting a session (reference §2.9): its files, accounts, transactions and event bodies go, what is undelivered is
 * withdrawn. A tombstone stays, so that its id answers 410.
 */
import type { Environment } from "../store/environments.ts";
import { recordAudit } from "../store/audit.ts";
import { eraseResource } from "../store/events.ts";
import { clearSession } from "../store/sessions.ts";
import { removeContents } from "../store/stored-files.ts";
import { inTransaction } from "../store/transaction.ts";
import type { Intake } from "./context.ts";
import { assertAllows, takeStep } from "./states.ts";
import { dropVisits } from "./net-banking/visits.ts";
import { planBlobDrop } from "./stored-files.ts";
import { cancelExpiry, lockKnownSession, resourceOf } from "./upload-end.ts";

/** Throws IntakeError SESSION_NOT_FOUND, SESSION_DELETED. */
export async function deleteSession(
  intake: Intake,
  env: Environment,
  actor: string,
  sessionId: string,
): Promise<void> {
  await inTransaction(intake.db, async ({ trx }) => {
    const session = await lockKnownSession(trx, env, sessionId);
    assertAllows(session.state, "read_uploads", sessionId);
    const at = intake.clock();
    await takeStep(trx, session, "delete", at);
    await cancelExpiry(trx, sessionId);
    await dropVisits(trx, session, at);
    const blobs = await removeContents(trx, env.id, session.id);
    await planBlobDrop(trx, blobs);
    await eraseResource(trx, env.id, resourceOf(session));
    await clearSession(trx, session);
    const target = resourceOf(session);
    const detail = { files: blobs.length };
    await recordAudit(trx, { envId: env.id, at, actor, action: "session.delete", target, detail });
  });
}
