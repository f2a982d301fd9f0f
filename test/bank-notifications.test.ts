/** Banks' own notifications over HTTP: believed by signature, taken once, and what they make us do. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { bodyOf } from "./openbanking-setup.ts";
import { openSyncWorld, type SyncWorld } from "./sync-setup.ts";

let world: SyncWorld;
let customer: string;
let consent: string;
let bankConsentId: string;
before(async () => {
  world = await openSyncWorld();
  world.bank.addAccount("acc-1");
  customer = await world.newCustomer();
  consent = await world.connectBank(customer);
  await world.syncAll(consent);
  const row = await world.http.connect.db
    .selectFrom("consents")
    .select("bank_consent_id")
    .where("public_id", "=", consent)
    .executeTakeFirstOrThrow();
  bankConsentId = row.bank_consent_id ?? "";
});
after(() => world.close());

const post = async (token: string, { provider = "fakebank", type = "application/jwt" } = {}) => {
  const { status } = await world.http.call(`/providers/${provider}/event-notifications`, {
    method: "POST",
    body: token,
    as: null,
    headers: { "content-type": type },
  });
  return status;
};
const says = (
  what: "consent_revoked" | "accounts_changed" | "resource_updated",
  more: { account?: string } = {},
) =>
  world.bank.notification({
    says: what,
    bankConsentId: more.account === undefined ? bankConsentId : null,
    bankPaymentId: null,
    bankAccountRef: more.account ?? null,
  });
const jobsOf = async (task: string, field: string) =>
  (await world.jobs(task)).map(({ payload }) => payload[field]);

test("what is not the bank's changes nothing", async () => {
  const token = says("consent_revoked");
  assert.equal(await post(`${token.slice(0, -6)}AAAAAA`), 400);
  assert.equal(await post(""), 400);
  assert.equal(await post(token, { provider: "nobody" }), 404);
  assert.equal(await post(token, { type: "application/json" }), 415);
  world.bank.failNext("readNotification", "unavailable");
  assert.equal(await post(token), 503);
  assert.equal(bodyOf(await world.ask(`/consents/${consent}`))["status"], "authorized");
});

test("accounts that changed are looked at, and so is what a resource's update names", async () => {
  const before = (await jobsOf("sync_consent", "consent")).length;
  assert.equal(await post(says("accounts_changed")), 202);
  assert.equal((await jobsOf("sync_consent", "consent")).length, before + 1);
  const [account] = await world.accounts(customer);
  await world.http.database.pool.query("delete from graphile_worker._private_jobs");
  assert.equal(await post(says("resource_updated", { account: "acc-1" })), 202);
  assert.deepEqual(await jobsOf("sync_account", "account"), [account?.["id"]]);
});

test("revoked at the bank: canceled, announced once however often the bank says it", async () => {
  const token = says("consent_revoked");
  assert.deepEqual(await Promise.all([post(token), post(token), post(token)]), [202, 202, 202]);
  assert.equal(bodyOf(await world.ask(`/consents/${consent}`))["status"], "canceled");
  assert.equal(await post(says("consent_revoked")), 202);
  const canceled = (await world.events(customer)).filter(({ type }) => type === "consent.canceled");
  assert.equal(canceled.length, 1);
  assert.deepEqual(await jobsOf("revoke_bank_consent", "bank_consent"), [], "the bank knows");
});
