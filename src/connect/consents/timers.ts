/** What time does to consents and links, and the jobs that tell banks. Every task is safe to run late and twice. */
import type { Task } from "../../platform/jobs.ts";
import { expireLinks } from "../../store/consent-links.ts";
import { dueConsents, lockConsent, type Consent, type DueConsent } from "../../store/consents.ts";
import { inTransaction } from "../../store/transaction.ts";
import { deleteOldTrips, findTrip } from "../../store/trips.ts";
import type { Connect } from "../context.ts";
import { targetFor, tripOf, type TripTargets } from "../trips.ts";
import { cancelConsent, expireConsent, type Changed } from "./change.ts";
import { isExpired, UNTOUCHED } from "./dates.ts";

/** Cron: ends what is due. */
export const END_CONSENTS_TASK = "end_consents";

/** Per query. */
const BATCH = 200;
/** For whoever goes back in the browser's history, and for the job at the trip's end, which may have to wait for us. */
const TRIPS_KEPT = { hours: 7 * 24 };

/** Cancels what nobody touched for seven days, expires what has passed its last day, and forgets old trips. */
export async function endConsents(connect: Connect, batch = BATCH): Promise<{ ended: number }> {
  const now = connect.clock();
  const today = now.toZonedDateTimeISO("UTC").toPlainDate();
  const untouchedSince = now.subtract(UNTOUCHED);
  let ended = 0;
  let after: DueConsent | undefined = { env_id: 0, id: 0n };
  while (after) {
    const due: DueConsent[] = await dueConsents(connect.db, { untouchedSince, today, after, limit: batch });
    for (const one of due) {
      // One that cannot be read must not keep the others from their end.
      const isEnded = await endIfDue(connect, one).catch((err: unknown) => {
        connect.log.error({ err, env_id: one.env_id }, "a consent could not be ended");
        return false;
      });
      if (isEnded) ended += 1;
    }
    after = due.length < batch ? undefined : due.at(-1);
  }
  await expireLinks(connect.db, now);
  await deleteOldTrips(connect.db, now.subtract(TRIPS_KEPT));
  return { ended };
}

/** Looks again under the lock: it may have been touched, or ended, since. True where it was ended. */
export async function endIfDue(
  connect: Connect,
  { env_id, id }: Pick<DueConsent, "env_id" | "id">,
): Promise<boolean> {
  const env = await connect.environment(env_id);
  const changed = await inTransaction(connect.db, async ({ trx }): Promise<Changed | null> => {
    const consent = await lockConsent(trx, env_id, id);
    const at = connect.clock();
    const end = consent && endOf(consent, env.timeZone, at);
    if (!consent || !end) return null;
    const act = { actor: "job:end_consents", at };
    return end === "expire" ? expireConsent(trx, env, consent, act) : cancelConsent(trx, env, consent, act);
  });
  if (changed) connect.wake(changed.lanes);
  return changed !== null;
}

/** Which end is due, if any. Pure. */
export function endOf(consent: Consent, timeZone: string, now: Temporal.Instant): "expire" | "cancel" | null {
  if (consent.status === "authorized") return isExpired(consent, timeZone, now) ? "expire" : null;
  if (consent.status !== "new" && consent.status !== "pending") return null;
  const until = consent.updated_at.add(UNTOUCHED);
  return Temporal.Instant.compare(until, now) <= 0 || isExpired(consent, timeZone, now) ? "cancel" : null;
}

/** Throws where the bank did not take it, to be asked again. */
export function revokeAtBank(connect: Connect): Task {
  return async (payload) => {
    const id = textOf(payload, "provider");
    const provider = connect.providers.find(id);
    if (!provider?.ais) throw new Error(`The provider ${id} is not configured.`);
    const outcome = await provider.ais.revokeConsent(textOf(payload, "bank_consent"));
    // What does not hold any more, or was never given, is as good as revoked.
    if (outcome.ok || outcome.fault === "grant_ended" || outcome.fault === "refused") return;
    throw new Error(`The bank did not take back a consent: ${outcome.fault}.`);
  };
}

/** Gives back what a trip asked of a bank and nothing uses. */
export function endTrip(connect: Connect, targets: TripTargets): Task {
  return async (payload) => {
    const envId = envOf(payload);
    const row = await findTrip(connect.db, envId, BigInt(textOf(payload, "trip")));
    if (!row) return;
    const trip = tripOf(row);
    await targetFor(targets, trip.kind).release(connect, await connect.environment(envId), trip);
  };
}

function textOf(payload: unknown, name: string): string {
  const value: unknown = typeof payload === "object" && payload !== null ? Reflect.get(payload, name) : null;
  if (typeof value !== "string") throw new Error(`The job does not name its ${name}.`);
  return value;
}

function envOf(payload: unknown): number {
  const env: unknown = typeof payload === "object" && payload !== null ? Reflect.get(payload, "env") : null;
  if (typeof env !== "number") throw new Error("The job does not name its environment.");
  return env;
}
