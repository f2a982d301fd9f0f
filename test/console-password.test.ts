/** A forgotten password: a link by mail, once, for an hour; it opens nothing else. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Mail } from "../src/platform/mail.ts";
import { createLog } from "../src/platform/telemetry.ts";
import { firstOwner, ok, PASSWORD, refused, totp, visitor, type Visitor } from "./console-people.ts";
import { openHttp, type Http } from "./http-setup.ts";

const OWNER = "meera@lender.example";
const NEXT = "another horse battery";
let http: Http;
let owner: Visitor;
let written = "";
const mails: Mail[] = [];
before(async () => {
  const log = createLog("debug", { write: (line: string) => void (written += line) });
  const mailer = { send: async (mail: Mail) => void mails.push(mail), close: () => undefined };
  http = await openHttp({ log, mailer });
  http.setNow(Temporal.Now.instant().toString());
  owner = await firstOwner(http, OWNER);
});
after(() => http.close());

const ask = (email: string) => visitor(http).ask("/auth/password-reset", { json: { email } });
const confirm = (token: string, password = NEXT) =>
  visitor(http).ask("/auth/password-reset/confirm", { json: { token, password } });
const signIn = async (password: string) => {
  const guest = visitor(http);
  return { guest, answer: await guest.ask("/auth/sign-in", { json: { email: OWNER, password } }) };
};
const tokenOf = (mail: Mail | undefined) =>
  /http:\/\/localhost:8080\/console\/reset-password#(\S+)/.exec(mail?.text ?? "")?.[1] ??
  assert.fail("no link");

test("an address that nobody has is answered alike, and gets no mail", async () => {
  assert.deepEqual(ok(await visitor(http).ask("/auth/password-reset")), { by_mail: true });
  assert.deepEqual(ok(await ask("nobody@lender.example")), { ok: true });
  assert.deepEqual(ok(await ask(OWNER.toUpperCase())), { ok: true });
  assert.deepEqual(
    mails.map(({ to }) => to),
    [OWNER],
  );
});

test("the link changes the password once, ends every session and stands in the log", async () => {
  const token = tokenOf(mails[0]);
  const { rows } = await http.database.pool.query("select * from signin_verifications");
  assert.ok(rows.length > 0);
  assert.equal(JSON.stringify(rows).includes(token), false, "only its digest is stored");
  refused(await confirm(token, "short"), 400, "INVALID_REQUEST");
  refused(await confirm(`${token}x`), 410, "LINK_OVER");
  ok(await confirm(token));
  refused(await confirm(token), 410, "LINK_OVER");
  refused(await owner.ask("/me"), 401, "UNAUTHENTICATED");
  refused((await signIn(PASSWORD)).answer, 401, "SIGN_IN_FAILED");
  const { guest, answer } = await signIn(NEXT);
  ok(answer);
  owner = guest;
  const audited = await http.database.kysely
    .selectFrom("audit")
    .select(["actor", "target"])
    .where("action", "=", "user.password_reset")
    .execute();
  assert.equal(audited.length, 1);
});

test("it does not stand in for the second factor, nor does a password alone", async () => {
  const json = { password: NEXT };
  const { uri } = ok(await owner.ask("/auth/two-factor/enable", { json })) as { uri: string };
  ok(await owner.ask("/auth/two-factor/confirm", { json: { code: totp(uri) } }));
  ok(await ask(OWNER));
  ok(await confirm(tokenOf(mails.at(-1)), PASSWORD));
  const { guest, answer } = await signIn(PASSWORD);
  assert.deepEqual(ok(answer), { two_factor: true });
  for (const path of ["/me", "/me/sessions", "/endpoints", "/team", "/keys", "/open-banking/events/stream"])
    assert.equal((await guest.ask(path)).status, 401, path);
  for (const path of ["disable", "enable", "backup-codes"])
    refused(
      await guest.ask(`/auth/two-factor/${path}`, { json: { password: PASSWORD } }),
      401,
      "UNAUTHENTICATED",
    );
});

test("a link is over after an hour", async () => {
  ok(await ask(OWNER));
  await http.database.pool.query("update signin_verifications set expires_at = now() - interval '1 second'");
  refused(await confirm(tokenOf(mails.at(-1))), 410, "LINK_OVER");
});

test("a mailbox gets three mails in a quarter of an hour; another site's page causes none", async () => {
  refused(await ask(OWNER), 429, "TOO_MANY_REQUESTS");
  const headers = { "sec-fetch-site": "cross-site" };
  const json = { email: OWNER };
  refused(await visitor(http).ask("/auth/password-reset", { json, headers }), 403, "FOREIGN_ORIGIN");
  assert.equal(mails.length, 3);
  for (const secret of [NEXT, OWNER, tokenOf(mails[0])])
    assert.equal(written.includes(secret), false, secret);
});
