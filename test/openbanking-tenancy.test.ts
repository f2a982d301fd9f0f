/**
 * Tenancy of the open-banking contract: whoever sends an id that is another organisation's, or their own other mode's, is
 * answered 404 as if it were not there, on every route that takes one; and what is ours is unharmed.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Credentials } from "../src/store/environments.ts";
import { newId } from "../src/platform/ids.ts";
import { fakeBank } from "./connect-fake-provider.ts";
import { OPENBANKING_ROUTES, type Takes, type Thing } from "./openbanking-routes.ts";
import { bodyOf, isError, openOpenBanking, record, type OpenBanking } from "./openbanking-setup.ts";

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
  ours = await makeThings();
});
after(() => open.close());

const made = async (route: string, form: Record<string, string>): Promise<string> =>
  String(bodyOf(await open.ask(route, { form }))["id"]);

async function makeThings(): Promise<Record<Thing, string>> {
  const customer = await made("/customers", { name: "Asha" });
  const vendor = await made("/vendors", { name: "Vic" });
  const formOf = (route: string) => ({ customer, ...OPENBANKING_ROUTES[route]?.form });
  const consent = await made("/consents", formOf("post /consents"));
  const consent_link = await made("/consent_links", formOf("post /consent_links"));
  const [app] = list(await open.ask("/apps"));
  const template = await made(`/apps/${String(app)}/templates`, { name: "Ours" });
  const payment = await made("/payments", formOf("post /payments"));
  const batch_payment = await made("/batch_payments", formOf("post /batch_payments"));
  const webhook = await made("/webhooks", { url: "https://hooks.example/" });
  const [event] = list(await open.ask("/events"));
  const things = {
    customer,
    vendor,
    consent,
    consent_link,
    app: String(app),
    template,
    payment,
    batch_payment,
    webhook,
  };
  return {
    ...things,
    event: String(event),
    file: await newFile(),
    bank_account: await newAccount(customer, consent),
  };
}

const list = (answer: Parameters<typeof bodyOf>[0]): unknown[] => {
  const { data } = bodyOf(answer);
  assert.ok(Array.isArray(data) && data.length > 0, answer.text);
  return data.map((one) => record(one)["id"]);
};

async function newFile(): Promise<string> {
  const id = newId("file");
  await open.http.database.kysely
    .insertInto("app_files")
    .values({
      env_id: open.http.envId,
      public_id: id,
      file_name: "logo.png",
      content_type: "image/png",
      bytes: Buffer.from("png"),
      created_at: open.http.connect.clock(),
    })
    .execute();
  return id;
}

async function newAccount(customer: string, consent: string): Promise<string> {
  const id = newId("ba");
  await open.http.database.pool.query(
    `insert into bank_accounts (env_id, public_id, customer_id, consent_id, provider, bank_ref, fingerprint, currency, created_at, updated_at)
     select env_id, $1, customer_id, id, 'orion', 'r', 'f', 'gbp', now(), now() from consents where public_id = $2`,
    [id, consent],
  );
  assert.ok(customer);
  return id;
}

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
