/** Trips to the bank: bound to a browser, used once, 15 minutes; and the way back to the client (§8 line 4). */
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, before, test } from "node:test";
import {
  callbackUrl,
  goToBank,
  openConsents,
  pageOf,
  type ConsentBench,
} from "./openbanking-consents-setup.ts";
import { bodyOf, isError, record } from "./openbanking-setup.ts";

let bench: ConsentBench;
before(async () => {
  bench = await openConsents();
});
after(() => bench.close());

const status = async (made: Record<string, unknown>) => (await bench.read(made["id"]))["status"];
const begin = async (made: Record<string, unknown>, browser = bench.browser()) => {
  const going = await browser.post(pageOf(made), { provider: "orion" });
  assert.ok(going.next, going.html);
  return { browser, going, url: new URL(going.next) };
};

test("§8.4: the client's own query is kept byte by byte, ours is added and signed", async () => {
  const [app] = bodyOf(await bench.ask("/apps"))["data"] as { id: string }[];
  assert.match(app?.id ?? "", /^acc_[0-9A-Za-z]{24}$/);
  const rotated = bodyOf(await bench.ask(`/apps/${app?.id}/redirect_secret`, { method: "POST" }));
  const secret = String(rotated["redirect_secret"]);
  isError(await bench.ask("/apps/acc_nobody/redirect_secret", { method: "POST" }), 404, "resource_missing");
  for (const answer of ["allow", "deny"] as const) {
    const return_url = "https://app.example/back?state=a%20b+c&fx_consent=forged&x[]=%5B1";
    const made = await bench.consent({ return_url });
    const { next } = await goToBank(bench, bench.browser(), pageOf(made), answer);
    const url = new URL(next ?? "");
    assert.ok(url.search.startsWith("?state=a%20b+c&x[]=%5B1&fx_consent=cst_"), url.search);
    const { searchParams } = url;
    assert.equal(searchParams.get("fx_consent"), made["id"]);
    assert.equal(searchParams.get("consent_id"), made["id"]);
    assert.equal(searchParams.get("error"), answer === "deny" ? "access_denied" : null);
    const timestamp = searchParams.get("fx_timestamp") ?? "";
    assert.equal(
      timestamp,
      String(Math.floor(Temporal.Instant.from("2024-04-25T10:00:00Z").epochMilliseconds / 1000)),
    );
    const expected = createHmac("sha256", secret)
      .update(`${timestamp}.${String(made["id"])}`)
      .digest("hex");
    assert.equal(searchParams.get("fx_signature"), expected);
  }
});

test("without a return_url the page itself says how it ended", async () => {
  const made = await bench.consent();
  const browser = bench.browser();
  const back = await goToBank(bench, browser, pageOf(made));
  assert.equal(back.next, `http://localhost:8080${pageOf(made)}`);
  assert.match((await browser.get(back.next)).html, /<h1>You are connected<\/h1>/);
});

test("the cookie is for this host's scripts never, for other sites' requests never but for links", async () => {
  const { going } = await begin(await bench.consent());
  const cookie = going.headers.get("set-cookie") ?? "";
  assert.match(cookie, /^bankbell_browser=[0-9A-Za-z]{32}; Path=\/; Max-Age=3600; HttpOnly; SameSite=Lax$/);
});

test("state, nonce and PKCE verifier are stored sealed or hashed only", async () => {
  const { url } = await begin(await bench.consent());
  const { rows } = await bench.http.database.pool.query<Record<string, unknown>>(
    "select * from bank_trips order by id desc limit 1",
  );
  const stored = Object.values(rows[0] ?? {}).map((value) =>
    Buffer.isBuffer(value) ? value.toString("latin1") : String(value),
  );
  assert.ok(stored.length > 10);
  const state = url.searchParams.get("state") ?? "none";
  assert.ok(state.length >= 22);
  assert.equal(stored.join(" ").includes(state), false);
});

test("a second click takes the same trip; another browser gets its own", async () => {
  const made = await bench.consent();
  const first = await begin(made);
  const second = await begin(made, first.browser);
  const other = await begin(made);
  assert.equal(second.url.searchParams.get("state"), first.url.searchParams.get("state"));
  assert.notEqual(other.url.searchParams.get("state"), first.url.searchParams.get("state"));
});

test("another browser uses nothing up, and the first one still arrives", async () => {
  const made = await bench.consent();
  const { browser, url } = await begin(made);
  const callback = callbackUrl(bench.bank.visit(url));
  for (const other of [bench.browser(), (await begin(await bench.consent())).browser]) {
    const shown = await other.get(callback);
    assert.equal(shown.status, 400);
    assert.match(shown.html, /Please go back to where you began/);
  }
  assert.equal(await status(made), "pending");
  assert.equal((await browser.get(callback)).status, 303);
  assert.equal(await status(made), "authorized");
});

test("refreshing the way back redeems nothing twice and leads to the same end", async () => {
  const made = await bench.consent({ return_url: "https://app.example/back" });
  const { browser, url } = await begin(made);
  const callback = callbackUrl(bench.bank.visit(url));
  const redeems = () => bench.bank.calls.filter((call) => call === "redeem").length;
  const before = redeems();
  const [one, two] = await Promise.all([browser.get(callback), browser.get(callback)]);
  const three = await browser.get(callback);
  assert.equal(redeems(), before + 1);
  assert.equal(three.status, 303);
  // Of two at once the later may have met the first still at work.
  assert.ok([one, two].some((shown) => shown.status === 303));
  assert.equal((await bench.events(`consent:${String(made["id"])}`)).length, 2);
});

test("an unknown state, none, and another bank's path lead nowhere", async () => {
  const { browser, url } = await begin(await bench.consent());
  const callback = bench.bank.visit(url);
  assert.equal((await browser.get(callbackUrl({ ...callback, state: "forged" }))).status, 404);
  assert.equal((await browser.get(callbackUrl(callback, "other_bank"))).status, 404);
  assert.match((await browser.get("/callback/orion")).html, /src="\/hosted\/return\.js"/);
});

test("after 15 minutes the customer begins again, with a new trip", async () => {
  const made = await bench.consent();
  const { browser, url } = await begin(made);
  const callback = callbackUrl(bench.bank.visit(url));
  bench.setNow("2024-04-25T10:15:01Z");
  const shown = await browser.get(callback);
  assert.equal(shown.status, 409);
  assert.match(shown.html, /That took too long/);
  assert.ok(shown.html.includes(`http://localhost:8080${pageOf(made)}`));
  await goToBank(bench, browser, pageOf(made));
  assert.equal(await status(made), "authorized");
  bench.setNow("2024-04-25T10:00:00.123456Z");
});

test("a crash between the bank's answer and our commit: the consent waits, and the grant is given back", async () => {
  const made = await bench.consent();
  const { browser, url } = await begin(made);
  const callback = callbackUrl(bench.bank.visit(url));
  bench.bank.hook = (method, phase) => {
    if (method === "redeem" && phase === "after") throw new Error("killed");
  };
  assert.equal((await browser.get(callback)).status, 500);
  bench.bank.hook = null;
  assert.match((await browser.get(callback)).html, /We are still asking your bank/);
  bench.setNow("2024-04-25T10:02:00Z");
  const shown = await browser.get(callback);
  assert.match(shown.html, /The visit was interrupted/);
  assert.equal(await status(made), "pending");
  await goToBank(bench, browser, pageOf(made));
  assert.equal(await status(made), "authorized");

  const orphan = url.searchParams.get("consent") ?? "";
  for (const trip of await bench.jobs("end_bank_trip")) await bench.run("end_bank_trip", trip);
  for (const job of await bench.jobs("revoke_bank_consent")) await bench.run("revoke_bank_consent", job);
  assert.equal(bench.bank.consents.get(orphan)?.status, "revoked");
  const { rows } = await bench.http.database.pool.query<{ bank: string }>(
    "select bank_consent_id as bank from consents where public_id = $1",
    [made["id"]],
  );
  assert.equal(bench.bank.consents.get(rows[0]?.bank ?? "")?.status, "authorized");
  bench.setNow("2024-04-25T10:00:00.123456Z");
});

test("a bank that does not answer leaves the consent as it is, before and after the visit", async () => {
  const made = await bench.consent();
  const browser = bench.browser();
  bench.bank.failNext("ais.createConsent", "unavailable");
  const shown = await browser.post(pageOf(made), { provider: "orion" });
  assert.equal(shown.status, 503);
  assert.match(shown.html, /does not answer/);
  const { url } = await begin(made, browser);
  bench.bank.failNext("redeem", "unavailable");
  assert.equal((await browser.get(callbackUrl(bench.bank.visit(url)))).status, 503);
  assert.equal(await status(made), "pending");
  await goToBank(bench, browser, pageOf(made));
  assert.equal(await status(made), "authorized");
});

test("an answer that is not believed fails the consent, with its reason", async () => {
  const made = await bench.consent({ return_url: "https://app.example/back" });
  const { browser, url } = await begin(made);
  bench.bank.failNext("redeem", "invalid_answer");
  const back = await browser.get(callbackUrl(bench.bank.visit(url)));
  assert.match(back.next ?? "", /[?&]error=server_error&/);
  const after = await bench.read(made["id"]);
  assert.deepEqual([after["status"], after["failure_code"]], ["failed", "invalid_answer"]);
});

test("a form that the bank's page posts is posted again from here, with the cookie", async () => {
  const made = await bench.consent({ return_url: "https://app.example/back" });
  const { browser, url } = await begin(made);
  const callback = bench.bank.visit(url);
  const stranger = bench.browser();
  const page = await stranger.post("/callback/orion", { ...callback });
  assert.equal(page.status, 200);
  assert.match(page.html, /data-return="post"/);
  assert.ok(page.html.includes(`name="state" value="${callback["state"]}"`));
  assert.equal((await stranger.post("/callback/orion", { ...callback, bankbell_again: "1" })).status, 400);
  const back = await browser.post("/callback/orion", { ...callback, bankbell_again: "1" });
  assert.equal(back.status, 200);
  assert.match(back.next ?? "", /^https:\/\/app\.example\/back\?fx_consent=/);
  assert.equal(await status(made), "authorized");
});

test("another site's form presses neither Next nor Cancel: it opens the page", async () => {
  const made = await bench.consent();
  const page = pageOf(made);
  for (const [path, site] of [
    [page, "cross-site"],
    [`${page}?template=x`, "same-site"],
    [`${page}/cancel`, "cross-site"],
  ] as const) {
    const body = new URLSearchParams({ provider: "orion" });
    const headers = { "sec-fetch-site": site };
    const sent = await fetch(`${bench.http.url}${path}`, {
      method: "POST",
      body,
      headers,
      redirect: "manual",
    });
    assert.deepEqual([sent.status, sent.headers.get("location")], [303, page]);
    assert.equal(sent.headers.get("set-cookie"), null);
  }
  assert.equal(await status(made), "pending");
  assert.deepEqual(await bench.events(`consent:${String(made["id"])}`), ["consent.created"]);
  const own = await fetch(`${bench.http.url}${page}/cancel`, {
    method: "POST",
    headers: { "sec-fetch-site": "same-origin" },
  });
  assert.deepEqual([own.status, await status(made)], [200, "failed"]);
});

test("no page may be framed, cached or scripted by others", async () => {
  const made = await bench.consent();
  for (const path of [pageOf(made), "/c/nobody", "/callback/orion?state=x"]) {
    const { headers } = await bench.browser().get(path);
    const policy = headers.get("content-security-policy") ?? "";
    assert.match(policy, /default-src 'none'/);
    assert.match(policy, /frame-ancestors 'none'/);
    assert.doesNotMatch(policy, /unsafe/);
    assert.equal(headers.get("cache-control"), "no-store");
    assert.equal(headers.get("referrer-policy"), "no-referrer");
  }
});

test("the 7 days begin anew with each visit to the bank", async () => {
  const made = await bench.consent();
  bench.setNow("2024-04-30T10:00:00Z");
  await begin(made);
  bench.setNow("2024-05-03T10:00:00Z");
  await bench.run("end_consents");
  assert.equal(await status(made), "pending");
  bench.setNow("2024-05-07T10:00:00Z");
  await bench.run("end_consents");
  assert.equal(await status(made), "canceled");
  assert.deepEqual(await bench.events(`consent:${String(made["id"])}`), [
    "consent.created",
    "consent.canceled",
  ]);
  assert.equal(record(await bench.read(made["id"]))["failure_code"], null);
  bench.setNow("2024-04-25T10:00:00.123456Z");
});
