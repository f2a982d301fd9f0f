/** Net banking put together: `connect/` brings customers to their banks, `intake/` makes statements of what they grant. */
import type { Connect } from "./connect/context.ts";
import { banksOf, endConsent, lookAt, type NetBankingSink } from "./connect/net-banking.ts";
import type { Providers } from "./connect/providers/provider.ts";
import type { JourneyTokens } from "./http/journey-token.ts";
import type { NetBankingLinks } from "./http/net-banking-links.ts";
import type { Intake } from "./intake/context.ts";
import type { BankReach } from "./intake/net-banking/reach.ts";
import { awaitsVisit, recordGranted, recordRefused } from "./intake/net-banking/visits.ts";
import type { Environment } from "./store/environments.ts";
import { visitOfConsent } from "./store/net-banking.ts";
import { providerHealth } from "./store/provider-health.ts";
import { findSessionRow, type Session } from "./store/sessions.ts";

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

export interface SinkDeps {
  intake: Pick<Intake, "db" | "clock" | "connectUrl">;
  journeyTokens: JourneyTokens;
  netBankingLinks: NetBankingLinks;
}

/** What becomes of a customer's way to a bank, and where they go afterwards. */
export function netBankingSink({ intake, journeyTokens, netBankingLinks }: SinkDeps): NetBankingSink {
  const sessionOf = async (env: Environment, id: bigint): Promise<Session> => {
    const session = await findSessionRow(intake.db, env.id, id);
    if (!session) throw new Error("A trip's session is gone.");
    return session;
  };
  const journeyUrl = (env: Environment, { public_id: id, expires_at: expires, request }: Session): URL => {
    const url = new URL(intake.connectUrl);
    url.searchParams.set("session_id", id);
    if (request["version"] === 2) {
      url.searchParams.set("token", journeyTokens.tokenOf(env.publicId, id, expires));
    }
    return url;
  };
  return {
    isWaiting: (envId, visit) => awaitsVisit(intake, envId, visit),
    granted: recordGranted,
    refused: recordRefused,
    async outcome(envId, visit) {
      const found = await visitOfConsent(intake.db, envId, visit);
      return found && { errorType: found.error_type };
    },
    async landingUrl(env, { sessionId }, errorType) {
      const session = await sessionOf(env, sessionId);
      if (session.kind === "entity") return entityLanding(session, errorType);
      const url = journeyUrl(env, session);
      url.searchParams.set("connection", errorType === null ? "succeeded" : "failed");
      if (errorType !== null) url.searchParams.set("error_type", errorType);
      return url.href;
    },
    async startUrl(env, { sessionId, bank }) {
      const session = await sessionOf(env, sessionId);
      if (session.kind === "session") return journeyUrl(env, session).href;
      const visit = { env: env.publicId, entityId: session.public_id, bank };
      return netBankingLinks.linkTo(visit, intake.clock()).url;
    },
  };
}

/** As the hosted journey ends (reference §6): the client's own address, with what became of it. */
function entityLanding({ public_id: id, request }: Session, errorType: string | null): string {
  const { redirect_url: redirectUrl } = request;
  if (typeof redirectUrl !== "string") throw new Error("An entity's customer has nowhere to come back to.");
  const url = new URL(redirectUrl);
  url.searchParams.set("success", String(errorType === null));
  if (errorType === null) url.searchParams.set("entity_id", id);
  else url.searchParams.set("error_type", errorType);
  return url.href;
}
