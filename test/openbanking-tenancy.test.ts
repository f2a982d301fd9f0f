/**
 * Tenancy of the open-banking contract: whoever sends an id that is another organisation's, or their own other mode's, is
 * answered 404 as if it were not there, on every route that takes one; and what is ours is unharmed.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Credentials } from "../src/store/environments.ts";
import { fakeBank } from "./connect-fake-provider.ts";
import { OPENBANKING_ROUTES, type Takes, type Thing } from "./openbanking-routes.ts";
import { bodyOf, isError, openOpenBanking, record, type OpenBanking } from "./openbanking-setup.ts";
import { makeThings } from "./openbanking-things.ts";

let open: OpenBanking;
let ours: Record<Thing, string>;
let strangers: Record<"another organisation" | "our other mode", Credentials>;

before(async () => {
  const bank = fakeBank({ clock: () => Temporal.Instant.from("2024-04-25T10:00:00Z"), id: "orion" });
  open = await openOpenBanking({ connect: { providers: bank.providers } });
  const { http } = open;
  const other = await http.newEnvironment();
  const live = await http.newEnvironment();
  const { organisation_id } = await http.database.kysely
    .selectFrom("environments")
    .select("organisation_id")
    .where("id", "=", http.envId)
    .executeTakeFirstOrThrow();
  await http.database.pool.query(
    "update environments set organisation_id = $1, mode = 'live' where id = $2",
    [organisation_id, live.envId],
  );
  strangers = { "another organisation": other.credentials, "our other mode": live.credentials };
  ours = await makeThings(open);
});
after(() => open.close());

interface Case {
  what: string;
  /** Whether something of this name is in the path: then it is 404 whatever else is sent. */
  send: (as: Credentials) => ReturnType<OpenBanking["ask"]>;
}

function casesOf(route: string, { path = {}, query = {}, body = {}, form = {} }: Takes): Case[] {
  const [method = "", pattern = ""] = route.split(" ");
  const url = () => pattern.replaceAll(/\{(\w+)\}/g, (_, name: string) => ours[path[name] ?? "customer"]);
  const isPost = method === "post";
  const ask = (at: string, more: Record<string, string>) => (as: Credentials) =>
    open.ask(at, { as, method: method.toUpperCase(), ...(isPost ? { form: { ...form, ...more } } : {}) });
  return [
    ...(Object.keys(path).length > 0 ? [{ what: route, send: (as: Credentials) => ask(url(), {})(as) }] : []),
    ...Object.entries(query).map(([name, thing]) => ({
      what: `${route} with ${name}`,
      send: (as: Credentials) => ask(`${url()}?${name}=${ours[thing]}`, {})(as),
    })),
    ...Object.entries(body).map(([name, thing]) => ({
      what: `${route} with ${name} in its form`,
      send: (as: Credentials) => ask(url(), { [name]: ours[thing] })(as),
    })),
  ];
}

const CASES = Object.entries(OPENBANKING_ROUTES).flatMap(([route, takes]) => casesOf(route, takes));

test("the table names every id of every path", () => {
  for (const [route, { path = {} }] of Object.entries(OPENBANKING_ROUTES)) {
    const names = [...route.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    assert.deepEqual(Object.keys(path), names, route);
  }
});

for (const who of ["another organisation", "our other mode"] as const) {
  describe(who, () => {
    for (const { what, send } of CASES) {
      test(what, async () => {
        const answer = await send(strangers[who]);
        const param = / with (\w+)/.exec(what)?.[1];
        isError(answer, 404, "resource_missing", param);
        for (const id of Object.values(ours)) assert.ok(!answer.text.includes(id));
      });
    }

    test("lists hold nothing of ours", async () => {
      for (const path of [
        "/customers",
        "/vendors",
        "/consents",
        "/consent_links",
        "/payments",
        "/batch_payments",
        "/webhooks",
        "/events",
      ]) {
        const page = bodyOf(await open.ask(path, { as: strangers[who] }));
        assert.deepEqual([page["data"], record(page["paging"])["total"]], [[], 0], path);
      }
    });
  });
}

describe("what strangers did has harmed nothing: our own reads", () => {
  for (const { what, send } of CASES) {
    if (!what.startsWith("get ") || what.includes("/stream")) continue;
    test(what, async () => {
      const answer = await send(open.http.credentials);
      assert.equal(answer.status, 200, answer.text);
    });
  }
});
