/** The connector of the UK standard against the sandbox bank. */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { orionBank, orionRegistration } from "../../src/connect/providers/orion.ts";
import { ukObieProvider } from "../../src/connect/providers/uk-obie/index.ts";
import { systemClock } from "../../src/platform/clock.ts";
import { sealKey } from "../../src/platform/crypto.ts";
import { createOutgoing } from "../../src/platform/outgoing.ts";
import { conforms, type Subject } from "./conformance.ts";
import { openListener, openOrion } from "./orion-bank.ts";

const FAULTS = { unavailable: { status: 503 }, rate_limited: { status: 429, retry_after: 1 } };
const PATHS = { "ais.accounts": "/aisp/accounts", "ais.createConsent": "/aisp/account-access-consents" };

async function open(): Promise<Subject> {
  const { orion, visit, sandbox, logs } = await openOrion();
  const { url } = orion;
  const listener = await openListener();
  const dataDir = mkdtempSync(join(tmpdir(), "bankbell-orion-"));
  const configured = await orionBank({ url, dataDir, master: sealKey(randomBytes(32)) });
  const outgoing = createOutgoing({ allowNetworks: [], knownHosts: configured.knownHosts });
  const register = orionRegistration(configured, { url, publicUrl: listener.url, outgoing });
  let ahead = Temporal.Duration.from({ seconds: 0 });
  return {
    // Signatures are of the real time, whatever the bank's books say; its tokens run out by those.
    provider: ukObieProvider(configured, { outgoing, clock: systemClock, register }),
    now: () => systemClock().add(ahead),
    redirectUri: `${listener.url}/callback/orion`,
    visit,
    revokeAtBank: async (id) => void (await sandbox(`/consents/${id}/revoke`)),
    async expireAccess() {
      ahead = ahead.add({ minutes: 20 });
      orion.advance({ minutes: 20 });
    },
    failNext: async (what, how) =>
      void (await sandbox("/faults", { path: `/open-banking/v3.1${PATHS[what]}`, ...FAULTS[how] })),
    async revocationToken(id) {
      await sandbox(`/consents/${id}/revoke`);
      return listener.tokenAbout(id);
    },
    logs: () => logs.join("\n"),
    async close() {
      await outgoing.close();
      await orion.stop();
      await listener.close();
      rmSync(dataDir, { recursive: true });
    },
  };
}

conforms("uk_obie", open);
