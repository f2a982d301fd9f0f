/** The hosted pages of payments and batches: what they say, to the bank and back, in a browser with a cookie. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { record } from "./openbanking-setup.ts";
import { openPayments, type PaymentJson, type Payments } from "./payments-setup.ts";

let p: Payments;
before(async () => {
  p = await openPayments();
});
after(() => p.close());

interface Page {
  status: number;
  html: string;
  cookie: string | null;
  location: string | null;
}

async function go(
  path: string,
  options: { form?: Record<string, string>; cookie?: string | null } = {},
): Promise<Page> {
  const { form, cookie = null } = options;
  const response = await fetch(new URL(path, p.http.url), {
    redirect: "manual",
    headers: cookie === null ? {} : { cookie },
    ...(form ? { method: "POST", body: new URLSearchParams(form) } : {}),
  });
  return {
    status: response.status,
    html: await response.text(),
    cookie: response.headers.get("set-cookie")?.split(";")[0] ?? null,
    location: response.headers.get("location"),
  };
}

const pageOf = (object: PaymentJson): string =>
  new URL(String(record(object["redirect"])["consent_url"])).pathname;
/** Where the page sends the browser on. */
const linkOf = ({ html }: Page): URL => {
  const [, href] = /<a class="button" href="([^"]+)"/.exec(html) ?? [];
  return new URL((href ?? "").replaceAll("&#38;", "&"));
};

/** The customer says yes at the bank and comes back. */
async function throughBank(path: string, answer: "allow" | "deny" = "allow"): Promise<Page> {
  const going = await go(path, { form: { provider: "fakebank" } });
  assert.equal(going.status, 200, going.html);
  const callback = p.bank.visit(linkOf(going), answer);
  return go(`/callback/fakebank?${new URLSearchParams(callback).toString()}`, { cookie: going.cookie });
}

test("the page says what is paid to whom, and leads to the bank and back", async () => {
  const payment = await p.pay({ provider: "", "recipient[name]": "Ann & <b>Co</b>" });
  const path = pageOf(payment);
  const choose = await go(path);
  assert.match(choose.html, /Which bank do you want to pay from\?/);
  assert.match(choose.html, /Fake Bank/);
  const asked = await go(`${path}?provider=fakebank`);
  assert.match(asked.html, /Pay £250\.50 to Ann &#38; &#60;b&#62;Co&#60;\/b&#62;/);
  for (const fact of ["04-00-04 12345678", "INVOICE 17", "Fake Bank"])
    assert.ok(asked.html.includes(fact), fact);
  assert.equal((await p.read(payment.id)).status, "new", "looking changes nothing");
  const back = await throughBank(path);
  assert.equal(back.status, 303);
  const landing = new URL(back.location ?? "");
  assert.equal(landing.searchParams.get("fx_payment"), payment.id);
  assert.equal(landing.searchParams.get("error"), null);
  assert.equal((await p.read(payment.id)).status, "authorized");
  assert.match((await go(path)).html, /Approved/);
  await p.advanceWhenDue(payment.id);
  assert.equal(
    (await go(path, { form: { provider: "fakebank" } })).location,
    path,
    "nothing to begin any more",
  );
});

test("no on our page, and no at the bank, go back with access_denied", async () => {
  const here = await p.pay({ provider: "" });
  const declined = await go(`${pageOf(here)}/cancel`, { form: {} });
  assert.equal(linkOf(declined).searchParams.get("error"), "access_denied");
  assert.equal((await p.read(here.id)).status, "failed");
  assert.match((await go(pageOf(here))).html, /You did not approve the payment/);
  const there = await p.pay();
  const back = await throughBank(pageOf(there), "deny");
  assert.equal(new URL(back.location ?? "").searchParams.get("error"), "access_denied");
});

test("another browser, and a second click, pay nothing", async () => {
  const payment = await p.pay();
  const going = await go(pageOf(payment), { form: { provider: "fakebank" } });
  const query = new URLSearchParams(p.bank.visit(linkOf(going))).toString();
  // Without the cookie a page of ours posts it once more; then it is another browser.
  const form = { ...Object.fromEntries(new URLSearchParams(query)), bankbell_again: "1" };
  assert.equal((await go("/callback/fakebank", { form })).status, 400);
  assert.equal((await p.read(payment.id)).status, "pending");
  const come = () => go(`/callback/fakebank?${query}`, { cookie: going.cookie });
  const [one, two] = await Promise.all([come(), come()]);
  assert.ok([one, two].some(({ status }) => status === 303));
  assert.equal((await come()).status, 303);
  assert.deepEqual(await p.told(payment.id), ["created", "authorized"]);
});

test("a batch leads to the bank for one payment after the other", async () => {
  const batch = await p.payBatch(["1", "2.50"]);
  const path = pageOf(batch);
  const asked = await go(path);
  assert.match(asked.html, /2 payments, £3\.50 in all/);
  assert.match(asked.html, /Approve payment 1 of 2/);
  const first = await throughBank(path);
  assert.equal(new URL(first.location ?? "").pathname, path);
  assert.match((await go(path)).html, /Approve payment 2 of 2/);
  const second = await throughBank(path);
  assert.equal(new URL(second.location ?? "").searchParams.get("fx_batch_payment"), batch.id);
  assert.equal((await p.read(batch.id)).status, "authorized");
});

test("a page whose time has passed expires what it is for", async () => {
  const payment = await p.pay();
  p.pass({ hours: 7 * 24 });
  assert.match((await go(pageOf(payment))).html, /This request has expired/);
  assert.deepEqual(await p.told(payment.id), ["created", "expired"]);
});

test("a bank that does not answer is said to, and the payment waits", async () => {
  const payment = await p.pay();
  p.bank.failNext("pis.createConsent", "unavailable");
  const stopped = await go(pageOf(payment), { form: { provider: "fakebank" } });
  assert.equal(stopped.status, 503);
  assert.match(stopped.html, /Fake Bank does not answer/);
  assert.equal((await p.read(payment.id)).status, "pending");
});

test("an unknown code is an unknown page", async () => {
  for (const path of ["/p/none", "/b/none"]) assert.equal((await go(path)).status, 404);
});
