/** Several processes at one payment: whoever is late, slow or stuck, the bank makes one, and we say what it made. */
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { openPayments, type Payments } from "./payments-setup.ts";

let p: Payments;
before(async () => {
  p = await openPayments();
});
beforeEach(() => {
  p.bank.hook = null;
  p.bank.calls.length = 0;
});
after(() => p.close());

const submissions = () => p.bank.calls.filter((call) => call === "pis.pay").length;
const authorized = async () => (await p.inStatus("authorized")).id;
/** The bank made one, under our key, and we know which. */
async function isMadeOnce(id: string): Promise<void> {
  const { bank_payment_id, payment_key } = await p.row(id);
  const made = [...p.bank.payments.values()].filter(({ instruction }) => instruction.endToEndId === id);
  assert.deepEqual(
    made.map(({ bankPaymentId, idempotencyKey }) => [bankPaymentId, idempotencyKey]),
    [[bank_payment_id, payment_key]],
  );
}

test("two processes at once submit once", async () => {
  const id = await authorized();
  await Promise.all(Array.from({ length: 5 }, () => p.advance(id)));
  assert.equal(submissions(), 1);
  await isMadeOnce(id);
});

test("a lease that ended early still leads to one payment: the key is the same", async () => {
  const id = await authorized();
  let first = true;
  p.bank.hook = async (method, phase) => {
    if (method !== "pis.pay" || phase !== "before" || !first) return;
    first = false;
    // This request is stuck; another process takes over.
    p.pass({ seconds: 61 });
    await p.advance(id);
  };
  await p.advanceWhenDue(id);
  assert.equal(submissions(), 2);
  await isMadeOnce(id);
  assert.deepEqual(await p.told(id), ["created", "authorized", "executed"]);
});

test("a no that comes after the lease fails nothing that another has submitted meanwhile", async () => {
  const id = await authorized();
  const taken = Promise.withResolvers<void>();
  const concluded = Promise.withResolvers<void>();
  let other: Promise<unknown> = Promise.resolve();
  p.bank.failNext("pis.pay", "refused");
  p.bank.hook = async (method, phase) => {
    if (method === "pis.readConsent" && phase === "after") {
      p.bank.hook = async (method, phase) => {
        if (method !== "pis.pay" || phase !== "after") return;
        taken.resolve();
        await concluded.promise;
      };
      p.pass({ seconds: 61 });
      other = p.advance(id);
      await taken.promise;
    }
  };
  await p.advanceWhenDue(id);
  concluded.resolve();
  await other;
  assert.equal((await p.read(id)).status, "executed");
  assert.deepEqual(await p.told(id), ["created", "authorized", "executed"]);
  await isMadeOnce(id);
});
