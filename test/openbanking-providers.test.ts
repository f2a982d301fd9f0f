/** `GET /providers` (reference §3.8). */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Provider } from "../src/connect/providers/provider.ts";
import { fakeBank } from "./connect-fake-provider.ts";
import { bodyOf, isError, openOpenBanking, record, type OpenBanking } from "./openbanking-setup.ts";

let open: OpenBanking;
before(async () => {
  const base = fakeBank({ clock: () => Temporal.Instant.from("2024-04-25T10:00:00Z"), id: "orion" }).provider;
  const named = (id: string, name: string, roles: Provider["roles"]): Provider => ({
    ...base,
    id,
    name,
    roles,
    logoUrl: null,
    bgColors: ["#1b2a49"],
  });
  const all = [
    named("zeta", "Zeta", ["pis"]),
    named("alpha_business", "Alpha Business", ["ais"]),
    named("alpha", "Alpha", ["ais", "pis"]),
  ];
  open = await openOpenBanking({
    connect: { providers: { all: () => all, find: (id) => all.find((one) => one.id === id) ?? null } },
  });
});
after(() => open.close());

const ids = async (query: string): Promise<unknown[]> => {
  const { data } = bodyOf(await open.ask(`/providers${query}`));
  assert.ok(Array.isArray(data));
  return data.map((one) => record(one)["id"]);
};

test("banks by name, of the roles that are asked for, in pages", async () => {
  assert.deepEqual(await ids(""), ["alpha", "alpha_business", "zeta"]);
  assert.deepEqual(await ids("?roles[]=ais"), ["alpha", "alpha_business"]);
  assert.deepEqual(await ids("?roles=pis&roles=ais"), ["alpha"]);
  isError(await open.ask("/providers?roles[]=xyz"), 400, "invalid_parameter", "roles[0]");
  const first = bodyOf(await open.ask("/providers?limit=2&roles[]=ais&offset=0"));
  assert.equal(record(first["paging"])["next"], null);
  const page = bodyOf(await open.ask("/providers?limit=2"));
  const next = String(record(page["paging"])["next"]);
  const second = bodyOf(await open.ask(next));
  assert.deepEqual(
    [second["count"], record(second["paging"])["total"], record(second["paging"])["next"]],
    [1, 3, null],
  );
  assert.deepEqual(bodyOf(await open.ask(String(record(second["paging"])["prev"])))["data"], page["data"]);
});

test("a bank's health is what it last answered", async () => {
  await open.http.database.kysely
    .insertInto("provider_health")
    .values({ provider: "zeta", status: "down", checked_at: open.http.connect.clock() })
    .execute();
  const { data } = bodyOf(await open.ask("/providers?roles[]=pis"));
  assert.deepEqual(data, [
    {
      id: "alpha",
      object: "provider",
      name: "Alpha",
      roles: ["ais", "pis"],
      logo_url: null,
      bg_colors: ["#1b2a49"],
      health_status: "healthy",
    },
    {
      id: "zeta",
      object: "provider",
      name: "Zeta",
      roles: ["pis"],
      logo_url: null,
      bg_colors: ["#1b2a49"],
      health_status: "down",
    },
  ]);
});
