/**
 * kill -9 at named points of a payment's way: before and after each commit of ours, and as each request reaches the bank,
 * has been done there, and has been answered. Afterwards there is one payment at the bank, and it is the one that we know.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openSite, type Site } from "./payments-kills-setup.ts";
import type { Phase, Route } from "./payments-ledger.ts";
import type { Moment } from "./postgres-proxy.ts";

interface Point {
  name: string;
  at: (site: Site) => Promise<void>;
  /** The grant has to be renewed before it is used. */
  shortGrants?: boolean;
  cancel?: boolean;
  ends?: "failed" | "canceled";
}

const atBank = (route: Route, phase: Phase, more: Partial<Point> = {}): Point => ({
  name: `the bank: ${route} ${phase}`,
  at: ({ ledger }) => ledger.stopAt(route, phase),
  ...more,
});

const atDatabase = (what: string, said: RegExp, moment: Moment, more: Partial<Point> = {}): Point => ({
  name: `ours: ${what}, ${moment}`,
  at: ({ proxy }) => proxy.stopAt(said, moment),
  ...more,
});

const around = (what: string, said: RegExp, more: Partial<Point> = {}): Point[] => [
  atDatabase(what, said, "before commit", more),
  atDatabase(what, said, "after commit", more),
];

const RENEWS = { shortGrants: true };
/** A renewed grant that never reached our disk is lost with the one that it replaced: unpaid, and said to be. */
const LOST = { shortGrants: true, ends: "failed" } as const;

const POINTS: readonly Point[] = [
  atDatabase("the caller's key is claimed", /insert into "idempotency_keys"/, "after statement"),
  ...around("the payment is made", /payment\.create/),
  ...around("a bank is chosen", /payment\.choose_bank/),
  atBank("consent", "arrived"),
  atBank("consent", "done"),
  atBank("consent", "answered"),
  ...around("the bank's consent is kept", /set "bank_consent_id" = \$1 where/),
  ...around("the way to the bank is remembered", /insert into "bank_trips"/),
  atDatabase("the way back is used", /update "bank_trips" set "used_at"/, "before statement"),
  atDatabase("the way back is used", /update "bank_trips" set "used_at"/, "after statement"),
  atBank("token", "arrived"),
  atBank("token", "done"),
  atBank("token", "answered"),
  ...around("it is authorized", /payment\.authorize\0/),
  ...around("it is claimed to be submitted", /"checks" = \$\d, "submitted_at"/),
  atBank("refresh", "arrived", RENEWS),
  atBank("refresh", "done", LOST),
  atDatabase("the renewed grant is kept", /set "tokens" = \$1 where/, "before commit", LOST),
  atDatabase("the renewed grant is kept", /set "tokens" = \$1 where/, "after commit", RENEWS),
  atBank("pay", "arrived"),
  atBank("pay", "done"),
  atBank("pay", "answered"),
  ...around("the bank's answer is kept", /payment\.execute\0/),
  ...around("it is claimed to be read", /set "check_at" = \$1, "checks" = \$2 where/),
  atBank("read", "arrived"),
  atBank("read", "answered"),
  ...around("it is completed", /payment\.complete\0/),
  ...around("it is canceled", /payment\.cancel\0/, { cancel: true, ends: "canceled" }),
];

async function killAt(site: Site, { at, shortGrants = false, cancel = false, ends }: Point): Promise<void> {
  const { ledger, kills } = site;
  ledger.shortGrants = shortGrants;
  const paidBefore = ledger.payments.length;
  const killed = at(site).then(() => site.kill());
  const payment = await site.payThrough({ cancel });
  await killed;
  assert.equal(site.kills, kills + 1, "the server was killed there");
  const paid = ledger.payments.slice(paidBefore);
  if (ends) {
    assert.equal(payment.status, ends);
    assert.deepEqual(paid, []);
    return;
  }
  assert.equal(payment.status, "completed", payment.failure_code ?? "");
  assert.deepEqual(
    paid.map(({ id, key, endToEndId, consent }) => [id, key, endToEndId, consent]),
    [[payment.bank_payment_id, payment.payment_key, payment.public_id, payment.bank_consent_id]],
  );
  assert.deepEqual(await site.told(payment), ["created", "authorized", "executed", "completed"]);
}

test("killed at any point, there is one payment, and it is known", { concurrency: true }, async (t) => {
  assert.ok(POINTS.length >= 20);
  // Two servers with a bank and a database each: a restart is mostly waiting for a processor.
  await Promise.all(
    [0, 1].map(async (lane) => {
      const site = await openSite();
      try {
        for (const point of POINTS.filter((_, n) => n % 2 === lane))
          await t.test(point.name, () => killAt(site, point));
        const { rows } = await site.database.pool.query<{ n: number }>(
          "select count(*)::int as n from payments",
        );
        assert.equal(rows[0]?.n, POINTS.filter((_, n) => n % 2 === lane).length, "no request made two");
      } finally {
        await site.close();
      }
    }),
  );
});

test("two servers at once, one of them killed on the way, make each payment once", async () => {
  const site = await openSite();
  try {
    await site.startAnother();
    const asked = site.ledger.stopAt("pay", "done");
    const paying = Promise.all(Array.from({ length: 8 }, () => site.payThrough({})));
    await asked;
    await site.kill();
    const payments = await paying;
    assert.deepEqual(
      site.ledger.payments.map(({ id, key }) => `${id} ${key}`).sort(),
      payments.map(({ bank_payment_id, payment_key }) => `${bank_payment_id} ${payment_key}`).sort(),
    );
    for (const payment of payments)
      assert.deepEqual(await site.told(payment), ["created", "authorized", "executed", "completed"]);
  } finally {
    await site.close();
  }
});
