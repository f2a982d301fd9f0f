/** Before an entity's customer goes to a bank: which bank, and where they come back to. */
import { recordAudit } from "../../store/audit.ts";
import type { Environment } from "../../store/environments.ts";
import { keepRedirect, lockSession } from "../../store/sessions.ts";
import { inTransaction } from "../../store/transaction.ts";
import { findReachable } from "../banks.ts";
import type { Intake } from "../context.ts";
import { knownEntity } from "../entities.ts";
import { IntakeError } from "../errors.ts";
import { resourceOf } from "../upload-end.ts";
import type { ReachableBank } from "./reach.ts";

/** Answers the bank. Throws IntakeError ENTITY_NOT_FOUND, MODE_NOT_ENABLED, INVALID_BANK_NAME. */
export async function prepareEntityVisit(
  intake: Intake,
  env: Environment,
  actor: string,
  { entityId, bankName, redirectUrl }: { entityId: string; bankName: string; redirectUrl: string },
): Promise<ReachableBank> {
  const entity = await knownEntity(intake.db, env, entityId);
  if (!env.settings.allowed_modes.includes("online")) throw new IntakeError("fields", "MODE_NOT_ENABLED");
  const bank = findReachable(intake.reach.banks(env.mode), bankName);
  if (!bank) throw new IntakeError("fields", "INVALID_BANK_NAME");
  await inTransaction(intake.db, async ({ trx }) => {
    const locked = await lockSession(trx, env.id, entity.public_id, "entity");
    if (!locked || locked.state === "deleted") throw new IntakeError("session", "ENTITY_NOT_FOUND");
    await keepRedirect(trx, locked, redirectUrl);
    await recordAudit(trx, {
      envId: env.id,
      at: intake.clock(),
      actor,
      action: "net_banking.link",
      target: resourceOf(locked),
      detail: { bank: bank.bank },
    });
  });
  return bank;
}
