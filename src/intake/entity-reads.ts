/** What an entity's statements say. Worked out at each reading, as the insights of a session. */
import type { Rules } from "../store/sessions.ts";
import { todayOf } from "./calendar.ts";
import type { Intake } from "./context.ts";
import { readEntityAtOnce } from "./entities.ts";
import { inputOf, type SessionInput } from "./insights-input.ts";
import { findingsOf, insightsOf, type SessionFindings, type SessionInsights } from "./insights.ts";

const loadEntity = (intake: Intake, rules: Rules, entityId: string): Promise<SessionInput> =>
  readEntityAtOnce(intake, rules, entityId, inputOf);

/** Transactions and findings, without figures. Throws IntakeError ENTITY_NOT_FOUND. */
export async function readEntityFindings(
  intake: Intake,
  rules: Rules,
  entityId: string,
): Promise<SessionFindings> {
  return findingsOf(await loadEntity(intake, rules, entityId), todayOf(rules, intake.clock()));
}

/** Everything. Throws IntakeError ENTITY_NOT_FOUND. */
export async function readEntityInsights(
  intake: Intake,
  rules: Rules,
  entityId: string,
): Promise<SessionInsights> {
  return insightsOf(await loadEntity(intake, rules, entityId), todayOf(rules, intake.clock()));
}
