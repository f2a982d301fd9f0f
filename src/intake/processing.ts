import type { Environment } from "../store/environments.ts";
import type { Intake } from "./context.ts";

/**
 * Ends the uploads and starts processing. Throws IntakeError SESSION_NOT_FOUND, SESSION_DELETED,
 * DUPLICATE_PROCESSING_REQUEST, UNPARSABLE_STATEMENTS.
 */
export function initiateProcessing(
  _intake: Intake,
  _env: Environment,
  _actor: string,
  _sessionId: string,
): Promise<void> {
  throw new Error("follows");
}
