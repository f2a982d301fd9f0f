/**
 * What every provider has to be, whatever stands behind it: `conforms(name, open)` runs the whole list. A provider's
 * folder has one test file that calls it (`docs/providers.md`).
 */
import assert from "node:assert/strict";
import { randomBytes, randomUUID } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { base62 } from "../../src/platform/ids.ts";
import type {
  AccountInformation,
  BankFault,
  Callback,
  Grant,
  Notification,
  Outcome,
  PaymentInitiation,
  PaymentInstruction,
  Provider,
  ProviderTransaction,
  Role,
  TripRequest,
} from "../../src/connect/providers/provider.ts";

/** A provider with the bank behind it. */
export interface Subject {
  provider: Provider;
  /** The same clock as the provider's, and the bank's. */
  now: () => Temporal.Instant;
  redirectUri: string;
  /** The customer at the bank's page: says yes to all accounts, or no. */
  visit: (url: URL, answer: "allow" | "deny") => Promise<Callback>;
  /** The customer withdraws at the bank. */
  revokeAtBank: (bankConsentId: string) => Promise<void>;
  /** From now on the bank's access tokens that were given are of no use; refresh tokens are. */
  expireAccess: () => Promise<void>;
  /** The next request of that kind fails so, once: 503, or 429 with Retry-After. */
  failNext: (
    what: "ais.accounts" | "ais.createConsent",
    how: "unavailable" | "rate_limited",
  ) => Promise<void>;
  /** Null where the provider sends none: a token that says that the consent was revoked, as the bank makes it. */
  revocationToken: ((bankConsentId: string) => Promise<string>) | null;
  /** Everything that was written to logs. */
  logs: () => string;
  close: () => Promise<void>;
}

export function conforms(name: string, open: () => Promise<Subject>): void {
  describe(`${name} is a provider`, () => {
    let subject: Subject;
    const secrets = new Set<string>();
    before(async () => {
      subject = await open();
    });
    after(() => subject.close());
    const of = (): Tools => toolsOf(subject, secrets);
    describes(of);
    consents(of);
    accountData(of);
    faults(of);
    payments(of);
    notifications(of);
    test("no secret was written to a log", () => {
      assert.ok(secrets.size > 0);
      for (const secret of secrets) assert.ok(!subject.logs().includes(secret));
    });
  });
}

interface Tools extends Subject {
  ais: AccountInformation;
  pis: PaymentInitiation;
  consent: (scopes?: readonly ("accounts" | "balance" | "transactions")[]) => Promise<string>;
  trip: (bankConsentId: string, role?: Role) => TripRequest;
  /** Through the bank's page to a grant. */
  grant: (bankConsentId: string, role?: Role) => Promise<Grant>;
  url: (trip: TripRequest) => Promise<URL>;
}

function toolsOf(subject: Subject, secrets: Set<string>): Tools {
  const { provider } = subject;
  assert.ok(provider.ais);
  const { ais, pis } = provider;
  const tools: Tools = {
    ...subject,
    ais,
    // Asked for by tests of payments alone.
    pis: pis as PaymentInitiation,
    async consent(scopes = ["accounts", "balance", "transactions"]) {
      const expiresAt = subject.now().add({ hours: 24 * 90 });
      const made = got(await ais.createConsent({ scopes, expiresAt, transactionsFrom: null }));
      return made.bankConsentId;
    },
    trip: (bankConsentId, role = "ais") => ({
      state: base62(32),
      nonce: base62(32),
      codeVerifier: randomBytes(32).toString("base64url"),
      for: role,
      bankConsentId,
      redirectUri: subject.redirectUri,
    }),
    url: async (trip) => got(await provider.authorizationUrl(trip)),
    async grant(bankConsentId, role = "ais") {
      const trip = tools.trip(bankConsentId, role);
      const callback = await subject.visit(await tools.url(trip), "allow");
      const grant = got(await provider.redeem(callback, trip));
      for (const secret of [grant.accessToken, grant.refreshToken, callback["code"]])
        if (secret) secrets.add(secret);
      return grant;
    },
  };
  return tools;
}

export function got<T>(outcome: Outcome<T>): T {
  assert.ok(outcome.ok, outcome.ok ? "" : `${outcome.fault} ${outcome.code}: ${outcome.message}`);
  return outcome.value;
}

export function fails(outcome: Outcome<unknown>, ...wanted: BankFault[]): void {
  assert.ok(!outcome.ok, "it was expected to fail");
  assert.ok(wanted.includes(outcome.fault), `${outcome.fault} ${outcome.code}: ${outcome.message}`);
  assert.match(outcome.message, /^[A-Z].*\.$/);
}

function describes(of: () => Tools): void {
  test("says who it is", () => {
    const { provider } = of();
    assert.match(provider.id, /^[a-z][a-z0-9_]*$/);
    assert.ok(provider.name.length > 0 && provider.roles.length > 0);
    assert.equal(provider.ais !== null, provider.roles.includes("ais"));
    assert.equal(provider.pis !== null, provider.roles.includes("pis"));
    for (const colour of provider.bgColors) assert.match(colour, /^#[0-9a-fA-F]{6}$/);
  });

  test("answers that it is there", async () => {
    got(await of().provider.probe());
  });
}

function consents(of: () => Tools): void {
  test("a consent is pending, authorized by the customer, and revoked by us", async () => {
    const { ais, consent, grant } = of();
    const id = await consent();
    assert.equal(got(await ais.readConsent(id)), "pending");
    const given = await grant(id);
    assert.equal(got(await ais.readConsent(id)), "authorized");
    assert.ok(Temporal.Instant.compare(given.expiresAt, of().now()) > 0);
    got(await ais.revokeConsent(id));
    got(await ais.revokeConsent(id));
    fails(await ais.accounts(given), "grant_ended");
    fails(await of().provider.refresh(given), "grant_ended");
  });

  test("the way to the bank carries no secret, and names the consent to the bank alone", async () => {
    const { trip, url, consent } = of();
    const asked = trip(await consent());
    const { href } = await url(asked);
    assert.ok(!href.includes(asked.codeVerifier));
  });

  test("the customer says no", async () => {
    const { ais, provider, consent, trip, url, visit } = of();
    const id = await consent();
    const asked = trip(id);
    fails(await provider.redeem(await visit(await url(asked), "deny"), asked), "access_denied");
    assert.equal(got(await ais.readConsent(id)), "rejected");
  });

  test("what comes back with another state, nonce, verifier or consent is not redeemed", async () => {
    const { provider, consent, trip, url, visit } = of();
    const changes: Partial<TripRequest>[] = [
      { state: "another" },
      { nonce: base62(32) },
      { codeVerifier: randomBytes(32).toString("base64url") },
      { bankConsentId: await consent() },
    ];
    for (const change of changes) {
      const asked = trip(await consent());
      const callback = await visit(await url(asked), "allow");
      // The fake bank knows no PKCE: its grants are values.
      const outcome = await provider.redeem(callback, { ...asked, ...change });
      if (!outcome.ok || change.codeVerifier === undefined) fails(outcome, "invalid_answer", "refused");
    }
  });

  test("a code is good for one grant", async () => {
    const { provider, consent, trip, url, visit } = of();
    const asked = trip(await consent());
    const callback = await visit(await url(asked), "allow");
    got(await provider.redeem(callback, asked));
    fails(await provider.redeem(callback, asked), "refused");
  });

  test("withdrawn at the bank: the grant has ended", async () => {
    const { ais, provider, consent, grant, revokeAtBank } = of();
    const id = await consent();
    const given = await grant(id);
    await revokeAtBank(id);
    fails(await ais.accounts(given), "grant_ended");
    fails(await provider.refresh(given), "grant_ended");
    assert.equal(got(await ais.readConsent(id)), "revoked");
  });
}

function accountData(of: () => Tools): void {
  test("accounts, balances, transactions: amounts are minor units, currencies lower case, references unique", async () => {
    const { ais, consent, grant, now } = of();
    const given = await grant(await consent());
    const accounts = got(await ais.accounts(given));
    assert.ok(accounts.length > 0);
    for (const { ref, currency } of accounts) {
      assert.match(currency, /^[a-z]{3}$/);
      const balances = got(await ais.balances(given, ref));
      assert.equal(balances[0]?.type, "actual");
      assert.equal(typeof balances[0].current, "bigint");
      const rows = await all(
        ais.transactions(given, ref, { from: now().subtract({ hours: 24 * 365 }), to: now() }),
      );
      const refs = rows.flatMap((row) => row.ref ?? []);
      assert.equal(new Set(refs).size, refs.length);
      for (const row of rows) {
        assert.ok(
          typeof row.amount === "bigint" && row.currency === currency && row.at instanceof Temporal.Instant,
        );
      }
    }
    assert.equal(new Set(accounts.map(({ ref }) => ref)).size, accounts.length);
  });

  test("only what lies in the range, both ends included", async () => {
    const { ais, consent, grant, now } = of();
    const given = await grant(await consent());
    const [account] = got(await ais.accounts(given));
    assert.ok(account);
    const whole = { from: now().subtract({ hours: 24 * 90 }), to: now() };
    const rows = (await all(ais.transactions(given, account.ref, whole))).filter(
      ({ status }) => status === "booked",
    );
    const middle = rows.toSorted((a, b) => Temporal.Instant.compare(a.at, b.at))[Math.floor(rows.length / 2)];
    assert.ok(middle, "the bank has no history to test with");
    const some = await all(ais.transactions(given, account.ref, { from: middle.at, to: now() }));
    assert.ok(some.some(({ ref }) => ref === middle.ref));
    assert.ok(
      some.every(({ at, status }) => status === "pending" || Temporal.Instant.compare(at, middle.at) >= 0),
    );
    const none = await all(
      ais.transactions(given, account.ref, { from: now().add({ hours: 1 }), to: now().add({ hours: 2 }) }),
    );
    assert.deepEqual(none, []);
  });

  test("an access token that has run out is refused, and refreshed", async () => {
    const { ais, provider, consent, grant, expireAccess } = of();
    const given = await grant(await consent());
    await expireAccess();
    fails(await ais.accounts(given), "grant_ended");
    const fresh = got(await provider.refresh(given));
    assert.notEqual(fresh.accessToken, given.accessToken);
    assert.ok(got(await ais.accounts(fresh)).length > 0);
  });

  test("an account that is not the consent's is refused", async () => {
    const { ais, consent, grant } = of();
    const given = await grant(await consent());
    fails(await ais.balances(given, "nobodys"), "refused");
  });
}

function faults(of: () => Tools): void {
  test("a bank that is busy for a moment is not given up, or its fault is named", async () => {
    const { ais, consent, grant, failNext } = of();
    const given = await grant(await consent());
    for (const how of ["unavailable", "rate_limited"] as const) {
      await failNext("ais.accounts", how);
      const outcome = await ais.accounts(given);
      if (!outcome.ok) fails(outcome, how);
      got(await ais.accounts(given));
    }
  });

  test("what changes something is not repeated behind the caller's back", async () => {
    const { ais, failNext } = of();
    await failNext("ais.createConsent", "unavailable");
    const asked = { scopes: ["accounts"], expiresAt: null, transactionsFrom: null } as const;
    fails(await ais.createConsent(asked), "unavailable");
    got(await ais.createConsent(asked));
  });

  test("a token that the bank never gave is of no use", async () => {
    const { ais, provider, now } = of();
    const forged: Grant = {
      accessToken: "forged",
      refreshToken: "forged",
      expiresAt: now().add({ hours: 1 }),
      refreshExpiresAt: null,
    };
    fails(await ais.accounts(forged), "grant_ended");
    fails(await provider.refresh(forged), "grant_ended");
  });
}

const instruction = (more: Partial<PaymentInstruction> = {}): PaymentInstruction => ({
  amount: 12_50n,
  currency: "gbp",
  reference: "INV 17",
  recipient: { name: "Invented Payee", sortCode: "00-00-01", accountNumber: "87654321", iban: null },
  debtor: null,
  endToEndId: `e2e-${base62(20)}`,
  ...more,
});
const newKey = () => randomUUID();

function payments(of: () => Tools): void {
  const only = async (work: (tools: Tools) => Promise<void>) => {
    if (of().provider.pis !== null) await work(of());
  };
  test("the same key gives the same consent, and pays once", () =>
    only(async ({ pis, grant }) => {
      const wanted = instruction();
      const [consentKey, paymentKey] = [newKey(), newKey()];
      const { bankConsentId } = got(await pis.createConsent(wanted, consentKey));
      assert.equal(got(await pis.createConsent(wanted, consentKey)).bankConsentId, bankConsentId);
      assert.equal(got(await pis.readConsent(bankConsentId)), "pending");
      const given = await grant(bankConsentId, "pis");
      assert.equal(got(await pis.readConsent(bankConsentId)), "authorized");
      const first = got(await pis.pay(given, bankConsentId, wanted, paymentKey));
      const second = got(await pis.pay(given, bankConsentId, wanted, paymentKey));
      assert.equal(second.bankPaymentId, first.bankPaymentId);
      assert.equal(got(await pis.read(first.bankPaymentId)).bankPaymentId, first.bankPaymentId);
      assert.equal(got(await pis.readConsent(bankConsentId)), "consumed");
      fails(await pis.pay(given, bankConsentId, wanted, newKey()), "refused", "grant_ended");
    }));

  test("a key with another instruction, and a payment that is not the consent's, are refused", () =>
    only(async ({ pis, grant }) => {
      const key = newKey();
      const wanted = instruction();
      const { bankConsentId } = got(await pis.createConsent(wanted, key));
      fails(await pis.createConsent({ ...wanted, amount: 99_00n }, key), "refused");
      const given = await grant(bankConsentId, "pis");
      fails(await pis.pay(given, bankConsentId, { ...wanted, amount: 99_00n }, newKey()), "refused");
      assert.equal(got(await pis.readConsent(bankConsentId)), "authorized");
    }));

  test("a payment that nobody authorized is not made", () =>
    only(async ({ pis, consent, grant }) => {
      const wanted = instruction();
      const { bankConsentId } = got(await pis.createConsent(wanted, newKey()));
      const other = await grant(await consent());
      fails(await pis.pay(other, bankConsentId, wanted, newKey()), "refused", "grant_ended");
      fails(await pis.read("nothing"), "refused");
    }));
}

function notifications(of: () => Tools): void {
  test("a notification of the bank is read; a forged or altered one is not", async () => {
    const { provider, revocationToken, consent, grant } = of();
    assert.equal(revocationToken === null, provider.readNotification === null);
    if (!provider.readNotification || !revocationToken) return;
    const id = await consent();
    await grant(id);
    const token = await revocationToken(id);
    const read: Notification = got(await provider.readNotification(token));
    assert.deepEqual([read.says, read.bankConsentId], ["consent_revoked", id]);
    assert.ok(read.jti.length > 0);
    const [header = "", payload = "", signature = ""] = token.split(".");
    const forged = Buffer.from(JSON.stringify({ alg: "none" })).toString("base64url");
    const broken = [
      `${forged}.${payload}.`,
      `${header}.${payload}.${signature.slice(0, -8)}AAAAAAAA`,
      "x",
      "",
    ];
    for (const text of broken) fails(await provider.readNotification(text), "invalid_answer");
  });
}

export async function all(
  pages: AsyncIterable<Outcome<ProviderTransaction[]>>,
): Promise<ProviderTransaction[]> {
  const rows: ProviderTransaction[] = [];
  for await (const page of pages) rows.push(...got(page));
  return rows;
}
