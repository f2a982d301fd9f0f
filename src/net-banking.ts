/** Net banking put together: `connect/` brings customers to their banks, `intake/` makes statements of what they grant. */
import type { Connect } from "./connect/context.ts";
import { banksOf, endConsent, lookAt, type NetBankingSink } from "./connect/net-banking.ts";
import type { Providers } from "./connect/providers/provider.ts";
import type { JourneyTokens } from "./http/journey-token.ts";
import type { Intake } from "./intake/context.ts";
import type { BankReach } from "./intake/net-banking/reach.ts";
import { awaitsVisit, recordGranted, recordRefused } from "./intake/net-banking/visits.ts";
import { visitOfConsent } from "./store/net-banking.ts";
import { providerHealth } from "./store/provider-health.ts";
import { findSessionRow } from "./store/sessions.ts";

/** By the fault's name, for whoever asks for the health of net banking. */
const ISSUES: Readonly<Record<string, string>> = {
  unavailable: "The bank does not answer",
  rate_limited: "The bank asks to be asked less often",
};

/** How intake reaches the banks of the configured providers. */
export const bankReach = (providers: Providers, db: Connect["db"]): BankReach => ({
  banks: (mode) => banksOf(providers, mode),
  fetch: (provider, access, range) => lookAt(providers.find(provider), access, range),
  end: (provider, bankConsentId) => endConsent(providers.find(provider), bankConsentId),
  health: async () =>
    [...(await providerHealth(db)).values()].map(({ provider, status, reason, checked_at: checkedAt }) => ({
      provider,
      up: status !== "down",
      issue: status === "healthy" ? null : (ISSUES[reason ?? ""] ?? "The bank's last answers failed"),
      checkedAt,
    })),
});

/** What becomes of a customer's way to a bank, and where they go afterwards. */
export const netBankingSink = (
  intake: Pick<Intake, "db" | "clock" | "connectUrl">,
  journeyTokens: JourneyTokens,
): NetBankingSink => ({
  isWaiting: (envId, visit) => awaitsVisit(intake, envId, visit),
  granted: recordGranted,
  refused: recordRefused,
  async outcome(envId, visit) {
    const found = await visitOfConsent(intake.db, envId, visit);
    return found && { errorType: found.error_type };
  },
  async journeyUrl(env, sessionId) {
    const session = await findSessionRow(intake.db, env.id, sessionId);
    if (!session) throw new Error("A trip's session is gone.");
    const { public_id: id, expires_at: expires, request } = session;
    const url = new URL(intake.connectUrl);
    url.searchParams.set("session_id", id);
    if (request["version"] === 2) {
      url.searchParams.set("token", journeyTokens.tokenOf(env.publicId, id, expires));
    }
    return url.href;
  },
});
