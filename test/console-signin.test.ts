/** Signing in to the console: the first owner, invitations, the second factor, sessions, and who is let in. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createLog } from "../src/platform/telemetry.ts";
import { openHttp, type Http } from "./http-setup.ts";
import {
  firstOwner,
  firstToken,
  idOf,
  member,
  ok,
  PASSWORD,
  refused,
  totp,
  visitor,
  type Visitor,
} from "./console-people.ts";

const OWNER = "meera@lender.example";
let http: Http;
let owner: Visitor;
let written = "";
before(async () => {
  const log = createLog("debug", { write: (line: string) => void (written += line) });
  http = await openHttp({ log });
  // better-auth's sessions and codes go by the real clock.
  http.setNow(Temporal.Now.instant().toString());
  refused(await visitor(http).ask("/me"), 401, "UNAUTHENTICATED");
  assert.deepEqual(ok(await visitor(http).ask("/first-owner")), { needed: true });
  const late = await firstToken(http);
  owner = await firstOwner(http);
  const json = { token: late, organisation: "x", name: "x", email: "x@y.example", password: PASSWORD };
  refused(await visitor(http).ask("/first-owner", { json }), 410, "LINK_OVER");
});
after(() => http.close());

const signIn = async (email: string, password = PASSWORD) => {
  const guest = visitor(http);
  return { guest, answer: await guest.ask("/auth/sign-in", { json: { email, password } }) };
};
const audited = async (action: string) =>
  http.database.kysely
    .selectFrom("audit")
    .select(["env_id", "actor", "target", "detail"])
    .where("action", "=", action)
    .orderBy("id")
    .execute();

test("the first owner owns the organisation, and nobody becomes it again", async () => {
  const me = ok(await owner.ask("/me")) as { user: { email: string }; organisation: { role: string } };
  assert.equal(me.user.email, OWNER);
  assert.equal(me.organisation.role, "owner");
  assert.deepEqual(ok(await visitor(http).ask("/first-owner")), { needed: false });
  const json = { token: "wrong", organisation: "x", name: "x", email: "x@y.example", password: PASSWORD };
  refused(await visitor(http).ask("/first-owner", { json }), 410, "LINK_OVER");
  assert.equal((await audited("team.first_owner")).length, 1);
});

test("the cookie is HttpOnly and SameSite=Lax; over https it is Secure and bound to the host", async () => {
  const { answer } = await signIn(OWNER);
  const [cookie = ""] = answer.headers.getSetCookie();
  assert.match(cookie, /^bankbell\.session_token=/);
  assert.match(cookie, /HttpOnly/i);
  assert.match(cookie, /SameSite=Lax/i);
  const secure = await openHttp({ publicUrl: "https://bell.example" });
  try {
    secure.setNow(Temporal.Now.instant().toString());
    await firstOwner(secure);
    const json = { email: OWNER, password: PASSWORD };
    const signed = await visitor(secure).ask("/auth/sign-in", { json });
    const [strict = ""] = signed.headers.getSetCookie();
    assert.match(strict, /^__Host-bankbell\.session_token=/);
    assert.match(strict, /Secure/i);
    assert.match(strict, /Path=\//i);
    assert.doesNotMatch(strict, /Domain/i);
  } finally {
    await secure.close();
  }
});

test("a wrong password and an unknown address answer alike, and soon answer nothing", async () => {
  const email = "nobody@lender.example";
  for (let n = 0; n < 10; n++) refused((await signIn(email)).answer, 401, "SIGN_IN_FAILED");
  const { answer } = await signIn(email);
  refused(answer, 429, "TOO_MANY_REQUESTS");
  assert.ok(Number(answer.headers.get("retry-after")) > 0);
  refused((await signIn(OWNER, "wrong password")).answer, 401, "SIGN_IN_FAILED");
  ok((await signIn(OWNER)).answer);
});

test("a request that another site makes is refused, whatever cookie it brings", async () => {
  const cookie = owner.cookies();
  const ours = { cookie, "x-bankbell-environment": "sandbox" };
  const foreign: Record<string, string>[] = [
    { "sec-fetch-site": "cross-site", "x-bankbell-console": "1" },
    { "sec-fetch-site": "same-site", "x-bankbell-console": "1" },
    { origin: "https://evil.example", "x-bankbell-console": "1" },
    { origin: "null", "x-bankbell-console": "1" },
    { "sec-fetch-site": "same-origin" },
  ];
  for (const headers of foreign) {
    for (const path of ["/keys", "/auth/sign-out", "/team/invitations", "/me/organisation"]) {
      const json = { name: "x", email: "a@b.example", role: "owner", organisation_id: "x" };
      const answer = await http.call(`/console/api${path}`, {
        as: null,
        method: "POST",
        json,
        headers: { ...ours, ...headers },
      });
      // Bodies are looked at after: what is wrong with them is not told to others.
      refused(answer, 403, "FOREIGN_ORIGIN");
    }
  }
  const read = await http.call("/console/api/keys", {
    as: null,
    headers: { ...ours, "sec-fetch-site": "cross-site" },
  });
  refused(read, 403, "FOREIGN_ORIGIN");
  ok(await owner.ask("/me"));
});

test("the environment is the one that the header names; the live one is made when it is first asked for", async () => {
  const count = async () =>
    (
      await http.database.kysely
        .selectFrom("environments as e")
        .innerJoin("organisations as o", "o.id", "e.organisation_id")
        .select(["e.mode"])
        .where("o.name", "=", "Lender")
        .execute()
    ).map(({ mode }) => mode);
  assert.deepEqual(await count(), ["sandbox"]);
  const json = { url: "https://hooks.example/live", format: "event" };
  const live = { "x-bankbell-environment": "live" };
  const answers = await Promise.all([1, 2, 3].map(() => owner.ask("/endpoints", { headers: live })));
  for (const answer of answers) assert.deepEqual(ok(answer)["data"], []);
  assert.deepEqual(await count(), ["sandbox", "live"]);
  const made = idOf(await owner.ask("/endpoints", { json, headers: live }));
  assert.equal((await owner.ask(`/endpoints/${made}`)).status, 404);
  ok(await owner.ask(`/endpoints/${made}`, { headers: live }));
  refused(
    await owner.ask("/endpoints", { headers: { "x-bankbell-environment": "both" } }),
    400,
    "INVALID_REQUEST",
  );
  const rows = await audited("webhook_endpoint.create");
  assert.match(rows.at(-1)?.actor ?? "", /^user:usr_/);
});

test("an invitation makes a member, once, and only of the person invited", async () => {
  const email = "ravi@lender.example";
  const made = ok(await owner.ask("/team/invitations", { json: { email, role: "developer" } }), 201);
  assert.equal(made["mailed"], false);
  assert.match(String(made["link"]), /\/console\/invitation\/inv_\w{22}$/);
  const path = `/invitations/${String(made["id"])}`;
  const shown = ok(await visitor(http).ask(path));
  assert.deepEqual(
    [shown["email"], shown["role"], shown["organisation"], shown["has_account"]],
    [email, "developer", "Lender", false],
  );
  refused(await owner.ask(`${path}/accept`, { json: {} }), 409, "SIGN_IN_FIRST");
  const json = { account: { name: "Ravi", password: PASSWORD } };
  refused(
    await visitor(http).ask(`${path}/accept`, { json: { account: { name: "Ravi", password: "short" } } }),
    400,
    "INVALID_REQUEST",
  );
  const ravi = visitor(http);
  ok(await ravi.ask(`${path}/accept`, { json }));
  assert.equal((ok(await ravi.ask("/me"))["organisation"] as { role: string }).role, "developer");
  refused(await visitor(http).ask(`${path}/accept`, { json }), 410, "LINK_OVER");
  refused(await owner.ask("/team/invitations", { json: { email, role: "viewer" } }), 409, "ALREADY_MEMBER");
});

test("an invitation that was taken back or is too old opens nothing", async () => {
  const json = { email: "late@lender.example", role: "viewer" };
  const id = idOf(await owner.ask("/team/invitations", { json }));
  ok(await owner.ask(`/team/invitations/${id}`, { method: "DELETE" }));
  refused(await visitor(http).ask(`/invitations/${id}`), 410, "LINK_OVER");
  const other = idOf(await owner.ask("/team/invitations", { json }));
  http.setNow(
    Temporal.Now.instant()
      .add({ hours: 7 * 24 + 1 })
      .toString(),
  );
  refused(await visitor(http).ask(`/invitations/${other}`), 410, "LINK_OVER");
  http.setNow(Temporal.Now.instant().toString());
  ok(await visitor(http).ask(`/invitations/${other}`));
});

test("a second factor: set up, asked for, a back-up code works once, and it can be taken away", async () => {
  const email = "asha@lender.example";
  const asha = await member(http, owner, "viewer", email);
  const enabled = ok(await asha.ask("/auth/two-factor/enable", { json: { password: PASSWORD } })) as {
    uri: string;
    backup_codes: string[];
  };
  refused(await asha.ask("/auth/two-factor/confirm", { json: { code: "000000" } }), 401, "WRONG_CODE");
  ok(await asha.ask("/auth/two-factor/confirm", { json: { code: totp(enabled.uri) } }));
  assert.equal((ok(await asha.ask("/me"))["user"] as { two_factor: boolean }).two_factor, true);

  const first = await signIn(email);
  assert.deepEqual(ok(first.answer), { two_factor: true });
  refused(await first.guest.ask("/me"), 401, "UNAUTHENTICATED");
  ok(await first.guest.ask("/auth/two-factor", { json: { code: totp(enabled.uri) } }));
  ok(await first.guest.ask("/me"));

  const [spare = ""] = enabled.backup_codes;
  const second = await signIn(email);
  ok(await second.guest.ask("/auth/two-factor", { json: { backup_code: spare } }));
  const third = await signIn(email);
  refused(await third.guest.ask("/auth/two-factor", { json: { backup_code: spare } }), 401, "WRONG_CODE");
  refused(
    await asha.ask("/auth/two-factor/disable", { json: { password: "wrong password" } }),
    401,
    "SIGN_IN_FAILED",
  );
  ok(await asha.ask("/auth/two-factor/disable", { json: { password: PASSWORD } }));
  assert.deepEqual(ok((await signIn(email)).answer), { two_factor: false });
  assert.equal((await audited("user.two_factor_enable")).length, 1);
});

test("sessions: one's own and, for an owner, everybody's are listed and end when they are revoked", async () => {
  const email = "dev@lender.example";
  const dev = await member(http, owner, "developer", email);
  const { guest } = await signIn(email);
  const mine = ok(await dev.ask("/me/sessions"))["data"] as { id: string; current: boolean }[];
  assert.equal(mine.length, 2);
  assert.equal(mine.filter(({ current }) => current).length, 1);
  const other = mine.find(({ current }) => !current)?.id ?? "";
  ok(await dev.ask(`/me/sessions/${other}`, { method: "DELETE" }));
  refused(await guest.ask("/me"), 401, "UNAUTHENTICATED");
  refused(await dev.ask(`/me/sessions/${other}`, { method: "DELETE" }), 404, "NOT_FOUND");

  type Session = { id: string; user: { email: string } };
  const all = ok(await owner.ask("/team/sessions"))["data"] as Session[];
  const theirs = all.find(({ user }) => user.email === email)?.id ?? "";
  ok(await owner.ask(`/team/sessions/${theirs}`, { method: "DELETE" }));
  refused(await dev.ask("/me"), 401, "UNAUTHENTICATED");
  const again = await signIn(email);
  const json = { current: PASSWORD, next: "another good password" };
  const { guest: elsewhere } = await signIn(email);
  ok(await again.guest.ask("/auth/password", { json }));
  ok(await again.guest.ask("/me"));
  refused(await elsewhere.ask("/me"), 401, "UNAUTHENTICATED");
  ok(await again.guest.ask("/auth/sign-out", { json: {} }));
  refused(await again.guest.ask("/me"), 401, "UNAUTHENTICATED");
});

test("roles change, members go, and the last owner stays", async () => {
  type Member = { id: string; email: string; role: string };
  const email = "second@lender.example";
  const second = await member(http, owner, "viewer", email);
  const members = async () => ok(await owner.ask("/team"))["members"] as Member[];
  const idFor = async (who: string) => (await members()).find((one) => one.email === who)?.id ?? "";
  const path = `/team/members/${await idFor(email)}`;
  const mine = `/team/members/${await idFor(OWNER)}`;
  refused(await owner.ask(mine, { method: "PATCH", json: { role: "viewer" } }), 409, "LAST_OWNER");
  refused(await owner.ask(mine, { method: "DELETE" }), 409, "LAST_OWNER");
  refused(await second.ask(path, { method: "PATCH", json: { role: "owner" } }), 403, "ROLE_TOO_LOW");
  ok(await owner.ask(path, { method: "PATCH", json: { role: "owner" } }));
  ok(await second.ask("/keys"));
  // Both go for the other at once: one of them stays.
  const both = await Promise.all([
    owner.ask(path, { method: "PATCH", json: { role: "viewer" } }),
    second.ask(mine, { method: "PATCH", json: { role: "viewer" } }),
  ]);
  assert.equal(both.filter(({ status }) => status === 200).length, 1, both.map(({ text }) => text).join());
  const left = await http.database.kysely
    .selectFrom("signin_members")
    .select("role")
    .where("role", "=", "owner")
    .execute();
  assert.equal(left.length, 1);
  await http.database.pool.query(
    "update signin_members set role = case when id = $1 then 'owner' else 'viewer' end where id in ($1, $2)",
    [mine.split("/").at(-1), path.split("/").at(-1)],
  );
  ok(await owner.ask(path, { method: "DELETE" }));
  refused(await second.ask("/endpoints"), 403, "NOT_A_MEMBER");
});

test("a member of two organisations switches; of others nothing is seen", async () => {
  const { envId } = await http.newEnvironment();
  const organisation = await http.database.kysely
    .selectFrom("environments as e")
    .innerJoin("organisations as o", "o.id", "e.organisation_id")
    .select("o.public_id as id")
    .where("e.id", "=", envId)
    .executeTakeFirstOrThrow();
  const email = "two@lender.example";
  const two = await member(http, owner, "developer", email);
  const json = { organisation_id: organisation.id };
  refused(await two.ask("/me/organisation", { json }), 404, "NOT_FOUND");
  await http.database.pool.query(
    `insert into signin_members (id, organization_id, user_id, role, created_at)
     select 'mem_two', $1, id, 'viewer', now() from signin_users where email = $2`,
    [organisation.id, email],
  );
  const made = await two.ask("/endpoints", { json: { url: "https://hooks.example/a", format: "event" } });
  ok(made, 201);
  ok(await two.ask("/me/organisation", { json }));
  const [entered] = await audited("user.organisation_switch");
  assert.equal(entered?.env_id, envId, "in the log of the organisation that was entered");
  ok(await two.ask("/me", { method: "PATCH", json: { name: "Tara Two" } }));
  assert.equal((ok(await two.ask("/me"))["user"] as { name: string }).name, "Tara Two");
  const [renamed] = await audited("user.rename");
  assert.equal(renamed?.actor, entered?.actor);
  assert.equal(JSON.stringify(renamed?.detail).includes("Tara"), false);
  assert.deepEqual(ok(await two.ask("/endpoints"))["data"], []);
  refused(await two.ask(`/endpoints/${idOf(made)}`), 404, "NOT_FOUND");
});

test("of passwords, tokens and e-mail addresses the log has nothing", () => {
  assert.ok(written.length > 0);
  for (const secret of [PASSWORD, "wrong password", OWNER, "session_token", "inv_"])
    assert.equal(written.includes(secret), false, secret);
});
