/**
 * A consent's life, as a table (reference §3.2).
 *
 *     new ──open, choose──▶ pending ──authorize──▶ authorized ──expire──▶ expired
 *      │                      │                        └──cancel──▶ canceled
 *      └──refuse──▶ failed ◀──┤
 *      └──cancel──▶ canceled ◀┘   (revoked, or 7 days untouched)
 *
 * `new` is a consent without a bank whose page nobody has opened. failed, expired and canceled are final.
 */
import type { Kysely } from "kysely";
import { changeConsent, type ConsentChange, type ConsentRow } from "../../store/consents.ts";
import type { Schema } from "../../store/schema.ts";
import { ConnectError } from "../errors.ts";

export type ConsentStatus = ConsentRow["status"];
export type ConsentStep =
  | "open"
  | "choose"
  | "authorize"
  | "refuse"
  | "expire"
  | "cancel"
  | "renew"
  | "describe";

/** A step without `to` keeps the status. */
export const CONSENT_STEPS: Readonly<
  Record<ConsentStep, { from: readonly ConsentStatus[]; to: ConsentStatus | null }>
> = {
  /** The hosted page was opened. */
  open: { from: ["new"], to: "pending" },
  /** The customer chose a bank, or goes there. */
  choose: { from: ["new", "pending"], to: "pending" },
  authorize: { from: ["pending"], to: "authorized" },
  /** The customer or the bank said no, or the bank's answer cannot be believed. */
  refuse: { from: ["new", "pending"], to: "failed" },
  expire: { from: ["authorized"], to: "expired" },
  cancel: { from: ["new", "pending", "authorized"], to: "canceled" },
  renew: { from: ["authorized"], to: null },
  /** Metadata. */
  describe: { from: ["new", "pending", "authorized", "failed", "expired", "canceled"], to: null },
};

export const mayStep = (status: ConsentStatus, step: ConsentStep): boolean =>
  CONSENT_STEPS[step].from.includes(status);

/**
 * Takes the step of a consent that the caller has locked, with what else changes. Tokens go with the status
 * `authorized`. Throws ConnectError `invalid_state`.
 */
export async function takeStep(
  trx: Kysely<Schema>,
  consent: ConsentRow,
  step: ConsentStep,
  at: Temporal.Instant,
  change: ConsentChange = {},
): Promise<ConsentRow> {
  if (!mayStep(consent.status, step)) {
    const can = { renew: "renewed", cancel: "revoked" }[step as string] ?? "changed so";
    throw new ConnectError("invalid_state", `A consent that is ${consent.status} cannot be ${can}.`);
  }
  const status = CONSENT_STEPS[step].to ?? consent.status;
  const tokens = status === "authorized" ? {} : { tokens: null };
  return changeConsent(trx, consent, { ...change, ...tokens, status, updated_at: at });
}
