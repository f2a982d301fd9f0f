/** The scripted bank of our own tests keeps the rules that real ones keep. */
import { booked, fakeBank } from "../connect-fake-provider.ts";
import { conforms, type Subject } from "./conformance.ts";

async function open(): Promise<Subject> {
  let now = Temporal.Instant.from("2026-03-02T12:00:00Z");
  const bank = fakeBank({ clock: () => now });
  for (const ref of ["acc-1", "acc-2"]) {
    bank.addAccount(ref, {
      transactions: [1, 2, 3, 4].map((day) => booked(`${ref}-${day}`, -5_00n, `2026-02-0${day}T09:00:00Z`)),
    });
  }
  return {
    provider: bank.provider,
    now: () => now,
    redirectUri: "http://localhost/callback/fakebank",
    visit: async (url, answer) => bank.visit(url, answer),
    revokeAtBank: async (id) => bank.revokeAtBank(id),
    expireAccess: async () => void (now = now.add({ minutes: 20 })),
    failNext: async (method, how) => bank.failNext(method, how),
    revocationToken: async (bankConsentId) =>
      bank.notification({
        says: "consent_revoked",
        bankConsentId,
        bankPaymentId: null,
        bankAccountRef: null,
      }),
    logs: () => "",
    close: async () => undefined,
  };
}

conforms("the scripted bank", open);
