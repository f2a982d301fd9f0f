/** A customer whose consent a scripted bank has authorized, and the jobs that sync its accounts, run by hand. */
import assert from "node:assert/strict";
import { authorizeConsent, lockKnown } from "../src/connect/consents/change.ts";
import { createConsent } from "../src/connect/consents/create.ts";
import { syncAccount } from "../src/connect/sync/account.ts";
import { syncConsent } from "../src/connect/sync/consent.ts";
import { eventsOfSubject } from "../src/store/events.ts";
import type { Environment } from "../src/store/environments.ts";
import { inTransaction } from "../src/store/transaction.ts";
import { createLog } from "../src/platform/telemetry.ts";
import { fakeBank, type FakeBank } from "./connect-fake-provider.ts";
import { asker, bodyOf, record, type OpenBanking } from "./openbanking-setup.ts";
import { openHttp, type Http } from "./http-setup.ts";

export interface SyncWorld {
  http: Http;
  ask: OpenBanking["ask"];
  bank: FakeBank;
  env: Environment;
  /** Every line that was logged. */
  log: string[];
  setNow(instant: string): void;
  newCustomer(): Promise<string>;
  /** A consent that the bank has authorized; its accounts are not taken in yet. */
  connectBank(customer: string, more?: { retroDate?: string; scopes?: string[] }): Promise<string>;
  /** The jobs of an authorization: accounts, then each account. */
  syncAll(consent: string): Promise<void>;
  syncOne(account: string): Promise<void>;
  accounts(customer: string): Promise<Record<string, unknown>[]>;
  transactions(account: string, query?: string): Promise<Record<string, unknown>[]>;
  /** Types and objects of what was recorded of a customer, oldest first. */
  events(customer: string): Promise<{ type: string; object: Record<string, unknown> }[]>;
  /** Kept jobs of a task, by payload. */
  jobs(task: string): Promise<{ payload: Record<string, unknown>; runAt: Temporal.Instant }[]>;
  close(): Promise<void>;
}

export const NOW = "2026-03-02T12:00:00Z";

export async function openSyncWorld(): Promise<SyncWorld> {
  const log: string[] = [];
  const clock = () => http.connect.clock();
  const bank = fakeBank({ clock });
  const http = await openHttp({
    log: createLog("debug", { write: (line) => void log.push(line) }),
    connect: { providers: bank.providers },
  });
  http.setNow(NOW);
  const { connect, envId } = http;
  const env = await connect.environment(envId);
  const ask = asker(http);
  const list = async (path: string) => {
    const { data } = bodyOf(await ask(path));
    assert.ok(Array.isArray(data));
    return data.map(record);
  };
  const world: SyncWorld = {
    http,
    ask,
    bank,
    env,
    log,
    setNow: (instant) => http.setNow(instant),
    newCustomer: async () => String(bodyOf(await ask("/customers", { form: { name: "Asha Sample" } }))["id"]),
    async connectBank(customer, { retroDate, scopes } = {}) {
      const owner = await connect.db
        .selectFrom("customers")
        .select("id")
        .where("public_id", "=", customer)
        .executeTakeFirstOrThrow();
      const consent = await createConsent(
        connect,
        env,
        {
          customerId: owner.id,
          scopes: scopes ?? null,
          provider: bank.provider.id,
          returnUrl: null,
          retroDate: retroDate === undefined ? null : Temporal.PlainDate.from(retroDate),
          expiryDate: null,
          metadata: {},
        },
        "test",
      );
      await authorize(world, consent.public_id);
      return consent.public_id;
    },
    async syncAll(consent) {
      await syncConsent(connect, env, consent);
      for (const { id } of await list(`/bank_accounts?consent=${consent}`)) await world.syncOne(String(id));
    },
    syncOne: (account) => syncAccount(connect, env, account),
    accounts: (customer) => list(`/bank_accounts?customer=${customer}`),
    transactions: (account, query = "limit=100") => list(`/bank_accounts/${account}/transactions?${query}`),
    async events(customer) {
      const bodies = await eventsOfSubject(connect.db, envId, customer, "event");
      return bodies
        .toReversed()
        .map(({ type, body }) => ({ type, object: record(record(record(body)["data"])["object"]) }));
    },
    async jobs(task) {
      const { rows } = await http.database.pool.query<{
        payload: Record<string, unknown>;
        run_at: Temporal.Instant;
      }>(
        `select j.payload, j.run_at from graphile_worker._private_jobs j
         join graphile_worker._private_tasks t on t.id = j.task_id where t.identifier = $1 order by j.id`,
        [task],
      );
      return rows.map(({ payload, run_at }) => ({ payload, runAt: run_at }));
    },
    close: () => http.close(),
  };
  return world;
}

/** As the hosted page and the callback do it. */
async function authorize({ http: { connect }, env, bank }: SyncWorld, consent: string): Promise<void> {
  const { provider } = bank;
  assert.ok(provider.ais);
  const made = await provider.ais.createConsent({
    scopes: ["accounts"],
    expiresAt: null,
    transactionsFrom: null,
  });
  assert.ok(made.ok);
  const { bankConsentId } = made.value;
  const trip = {
    state: "s",
    nonce: "n",
    codeVerifier: "v",
    for: "ais",
    bankConsentId,
    redirectUri: "http://localhost/callback",
  } as const;
  const url = await provider.authorizationUrl(trip);
  assert.ok(url.ok);
  const grant = await provider.redeem(bank.visit(url.value), trip);
  assert.ok(grant.ok);
  const { lanes } = await inTransaction(connect.db, async ({ trx }) =>
    authorizeConsent(
      trx,
      env,
      await lockKnown(trx, env.id, consent),
      { provider: provider.id, bankConsentId, grant: grant.value },
      connect.clock(),
    ),
  );
  connect.wake(lanes);
}
