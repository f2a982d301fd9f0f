/** The two roles of the scripted bank: reading accounts, and paying. */
import { randomUUID } from "node:crypto";
import type {
  BankPayment,
  Grant,
  Outcome,
  PaymentInstruction,
  Provider,
  ProviderTransaction,
} from "../src/connect/providers/provider.ts";
import {
  fail,
  ok,
  consentOf,
  type FakeBank,
  type FakeConsent,
  type FakeOptions,
  type FakePayment,
  type Run,
  type State,
} from "./connect-fake-state.ts";

/** The consent that a grant speaks for; a fault where it has run out or was withdrawn. */
function holder(
  bank: FakeBank,
  state: State,
  clock: FakeOptions["clock"],
  grant: Grant,
): Outcome<FakeConsent> {
  const known = state.access.get(grant.accessToken);
  if (!known || Temporal.Instant.compare(known.expiresAt, clock()) <= 0) return fail("grant_ended");
  const consent = consentOf(bank, known.consentId);
  return consent.status === "authorized" || consent.status === "consumed" ? ok(consent) : fail("grant_ended");
}

export function accountInformation(
  bank: FakeBank,
  state: State,
  run: Run,
  clock: FakeOptions["clock"],
): Provider["ais"] {
  const guarded = <T>(grant: Grant, effect: () => Outcome<T>): Outcome<T> => {
    const consent = holder(bank, state, clock, grant);
    return consent.ok ? effect() : consent;
  };
  return {
    createConsent: (request) =>
      run("ais.createConsent", () => {
        const id = `ais-${randomUUID()}`;
        bank.consents.set(id, { id, for: "ais", status: "pending", request, idempotencyKey: null });
        return ok({ bankConsentId: id });
      }),
    readConsent: (id) =>
      run("ais.readConsent", () => {
        const status = bank.consents.get(id)?.status;
        if (status === undefined || status === "consumed" || status === "expired") return fail("refused");
        return ok(status);
      }),
    revokeConsent: (id) =>
      run("ais.revokeConsent", () => {
        if (!bank.consents.has(id)) return fail("refused");
        bank.revokeAtBank(id);
        return ok(null);
      }),
    accounts: (grant) =>
      run("ais.accounts", () =>
        guarded(grant, () => ok([...bank.accounts.values()].map(({ account }) => account))),
      ),
    balances: (grant, ref) =>
      run("ais.balances", () =>
        guarded(grant, () => {
          const known = bank.accounts.get(ref);
          return known ? ok(known.balances) : fail("refused");
        }),
      ),
    async *transactions(grant, ref, { from, to }) {
      const within = ({ at }: ProviderTransaction) =>
        Temporal.Instant.compare(at, from) >= 0 && Temporal.Instant.compare(at, to) <= 0;
      for (let start = 0; ; start += bank.pageSize) {
        const page = await run("ais.transactions", () =>
          guarded(grant, () => ok((bank.transactions.get(ref) ?? []).filter(within))),
        );
        if (!page.ok) {
          yield page;
          return;
        }
        yield ok(page.value.slice(start, start + bank.pageSize));
        if (start + bank.pageSize >= page.value.length) return;
      }
    },
  };
}

export function paymentInitiation(
  bank: FakeBank,
  state: State,
  run: Run,
  clock: FakeOptions["clock"],
): Provider["pis"] {
  const same = (a: PaymentInstruction, b: PaymentInstruction) => text(a) === text(b);
  const text = (value: PaymentInstruction) =>
    JSON.stringify(value, (_, part: unknown) => (typeof part === "bigint" ? part.toString() : part));
  return {
    createConsent: (instruction, idempotencyKey) =>
      run("pis.createConsent", () => {
        for (const known of bank.consents.values()) {
          if (known.idempotencyKey !== idempotencyKey) continue;
          const before = known.request as PaymentInstruction;
          return same(before, instruction) ? ok({ bankConsentId: known.id }) : fail("refused");
        }
        const id = `pis-${randomUUID()}`;
        bank.consents.set(id, { id, for: "pis", status: "pending", request: instruction, idempotencyKey });
        return ok({ bankConsentId: id });
      }),
    pay: (grant, consentId, instruction, idempotencyKey) =>
      run("pis.pay", () => {
        for (const known of bank.payments.values()) {
          if (known.idempotencyKey !== idempotencyKey) continue;
          return same(known.instruction, instruction) ? ok(paymentOf(known)) : fail("refused");
        }
        const consent = holder(bank, state, clock, grant);
        if (!consent.ok) return consent;
        const { id, status, request } = consent.value;
        if (id !== consentId || status !== "authorized") return fail("refused");
        if (!same(request as PaymentInstruction, instruction)) return fail("refused");
        consent.value.status = "consumed";
        const payment: FakePayment = {
          bankPaymentId: `pay-${randomUUID()}`,
          status: bank.nextPaymentStatus,
          failureCode: null,
          consentId,
          idempotencyKey,
          instruction,
        };
        bank.payments.set(payment.bankPaymentId, payment);
        return ok(paymentOf(payment));
      }),
    read: (id) =>
      run("pis.read", () => {
        const known = bank.payments.get(id);
        return known ? ok(paymentOf(known)) : fail("refused");
      }),
    readConsent: (id) =>
      run("pis.readConsent", () => {
        const status = bank.consents.get(id)?.status;
        if (status === undefined || status === "revoked") return fail("refused");
        return ok(status);
      }),
  };
}

const paymentOf = ({ bankPaymentId, status, failureCode }: FakePayment): BankPayment => ({
  bankPaymentId,
  status,
  failureCode,
});
