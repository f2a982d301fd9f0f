/** The table of roles, cell by cell: what each role may do of the console's API, and what an API key may. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { isAtLeast, LEAST_ROLE, ROLES } from "../src/http/console/roles.ts";
import type { MemberRole } from "../src/store/schema-signin.ts";
import { openHttp, type Http } from "./http-setup.ts";
import { firstOwner, member, refused, visitor, type Visitor } from "./console-people.ts";

let http: Http;
const people: Partial<Record<MemberRole, Visitor>> = {};
before(async () => {
  http = await openHttp();
  http.setNow(Temporal.Now.instant().toString());
  const owner = await firstOwner(http);
  people.owner = owner;
  for (const role of ["developer", "viewer"] as const)
    people[role] = await member(http, owner, role, `${role}@lender.example`);
});
after(() => http.close());

for (const [route, least] of Object.entries(LEAST_ROLE)) {
  const [method = "", path = ""] = route.split(" ");
  // An id that is nobody's, and a body that says nothing: who may ask is told so, and nothing happens.
  const asked = { method, ...(method === "POST" || method === "PATCH" ? { json: { nothing: 1 } } : {}) };
  const url = path.replaceAll(/:\w+/g, "none");
  for (const role of ROLES) {
    const mayDo = isAtLeast(role, least);
    test(`${role} ${mayDo ? "may" : "may not"} ${route}`, async () => {
      const person = people[role];
      assert.ok(person);
      const answer = await person.ask(url, asked);
      if (!mayDo) refused(answer, 403, "ROLE_TOO_LOW");
      else assert.ok([200, 400, 404].includes(answer.status), answer.text);
    });
  }
  test(`nobody may ${route} without a session`, async () => {
    refused(await visitor(http).ask(url, asked), 401, "UNAUTHENTICATED");
  });
}

test("a key alone changes neither keys nor settings nor the team; with the server hash it has no team", async () => {
  const { apiKey, serverHash } = http.credentials;
  const headers = { authorization: `Bearer ${apiKey}` };
  const ask = (path: string, more = {}) =>
    http.call(`/console/api${path}`, { as: null, headers: { ...headers, ...more } });
  refused(await ask("/keys"), 401, "SERVER_HASH_REQUIRED");
  assert.equal((await ask("/keys", { "server-hash": serverHash })).status, 200);
  assert.equal((await ask("/audit", { "server-hash": serverHash })).status, 200);
  for (const path of ["/team", "/team/sessions"])
    refused(await ask(path, { "server-hash": serverHash }), 404, "NOT_FOUND");
});
