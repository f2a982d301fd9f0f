/**
 * Tenancy: whoever sends an id that is another organisation's, or their own other mode's, is answered as if it were not
 * there, on every route that takes one; and a session's id is no entity's. What is ours is unharmed: our own call follows.
 */
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { until } from "../main-path-setup.ts";
import { statement } from "../statements/catalogue.ts";
import { answers, at, list, record, type Answer } from "./answers.ts";
import { fill, routesOf, type Route } from "./routes.ts";
import { type Ask, type Keys } from "./setup.ts";
import {
  ABSENT,
  ID_NAMES,
  namesAnId,
  TENANCY,
  type Entry,
  type IdName,
  type Ids,
  type Stranger,
} from "./tenancy-cases.ts";
import { world } from "./world.ts";

let ids: Ids;

const bearer = ({ apiKey, serverHash }: Keys) => ({
  authorization: `Bearer ${apiKey}`,
  "server-hash": serverHash,
});
const STRANGERS = ["other", "live"] as const;

/** One of everything, of the first customer. */
async function makeThings(): Promise<Ids> {
  const { own, hookUrl } = world;
  for (const flow of ["session_data", "entity"])
    await world.ask(`v1/${flow}/update_webhook/`, { json: { webhook_url: hookUrl, webhook_mode: 1 } });
  const link_id = "ours";
  const session_id = await world.newSession({ link_id, from_date: "01/01/2024", to_date: "31/01/2024" });
  await world.upload(session_id, "kotak-january");
  await world.process(session_id);
  const { bytes } = await statement("kotak-january");
  const { body } = await world.ask("v1/statement/bankless_upload/", { parts: { link_id, file: bytes } });
  const entity_id = at(body, "entity_id");
  const { body: accounts } = await world.ask(`v1/entity/${entity_id}/accounts/`);
  const resource = `session:${session_id}`;
  const headers = bearer(own);
  const attempt = await until("an attempt", async () => {
    const answer = await world.ask(`/console/api/attempts?resource=${resource}`, { headers, as: null });
    return list(answer.body, "data")[0];
  });
  const endpoint_id = at(attempt, "endpoint_id");
  const replay = await world.ask("/console/api/replays", { json: { endpoint_id }, headers, as: null });
  const key = await world.ask("/console/api/keys", { json: { name: "Second" }, headers, as: null });
  const { body: found } = await world.ask(`/console/api/cases/${session_id}`, { headers, as: null });
  return {
    case_id: session_id,
    statement_id: at(list(found, "statements_detail")[0], "id"),
    key_id: at(key.body, "id", key.text),
    session_id,
    entity_id,
    account_id: at(list(accounts, "accounts")[0], "account_id"),
    link_id,
    endpoint_id,
    event_id: at(attempt, "event_id"),
    attempt_id: at(attempt, "id"),
    replay_id: at(replay.body, "id", replay.text),
    resource,
    subject: link_id,
  };
}

interface Case {
  what: string;
  stranger: Stranger;
  send: (known: Ids, keys: Keys) => Promise<Answer>;
}

const isId = (name: string): name is IdName => (ID_NAMES as readonly string[]).includes(name);

/** A route's ids, one by one: those of its path, each of its query, each of its body. */
function casesOf(route: string, entry: Entry): Case[] {
  const [method = "", path = ""] = route.split(" ");
  const isConsole = path.startsWith("/console/");
  const send =
    (query: IdName | null, inBody: readonly IdName[]): Case["send"] =>
    (known, keys) => {
      const more = Object.fromEntries(inBody.map((name) => [name, known[name]]));
      const body: Ask = entry.form
        ? { form: { ...entry.form, ...more } }
        : entry.json
          ? { json: { ...entry.json, ...more } }
          : {};
      const url = fill(path, known) + (query === null ? "" : `?${query}=${encodeURIComponent(known[query])}`);
      return world.ask(url, {
        method,
        ...body,
        ...(isConsole ? { as: null, headers: bearer(keys) } : { as: keys }),
      });
    };
  const inQuery = Object.entries(entry.query ?? {}).filter(([name]) => isId(name)) as [IdName, Stranger][];
  const inBody = Object.entries(entry.body ?? {}) as [IdName, Stranger][];
  // A body may need one id beside another: the path's are sent with all of the body's.
  const all = inBody.filter(([, stranger]) => stranger !== "made").map(([name]) => name);
  return [
    ...(entry.path ? [{ what: route, stranger: entry.path, send: send(null, all) }] : []),
    ...inQuery.map(([name, stranger]) => ({ what: `${route} with ${name}`, stranger, send: send(name, []) })),
    ...(entry.path ? [] : inBody).map(([name, stranger]) => ({
      what: `${route} with ${name} in its body`,
      stranger,
      send: send(null, stranger === "within" ? all : [name]),
    })),
  ];
}

const CASES = Object.entries(TENANCY).flatMap(([route, entry]) => casesOf(route, entry));

/** The lists at the top of a body. */
const items = ({ body }: Answer): unknown[] => Object.values(record(body)).filter(Array.isArray).flat();

export function testTenancy(): void {
  before(async () => {
    ids = await makeThings();
  });

  describe("the table", () => {
    let routes: Route[];
    before(async () => {
      routes = await routesOf(world);
    });
    const nameOf = ({ method, path }: Route) => `${method} ${path}`;
    const taken = (route: Route) => ({
      query: route.query.filter(namesAnId),
      body: route.body.filter(namesAnId),
    });

    test("holds every route of the OpenAPI document that takes an id, with each of its ids", () => {
      for (const route of routes) {
        const { query, body } = taken(route);
        const entry = TENANCY[nameOf(route)];
        if (!entry) {
          assert.deepEqual(
            [route.ids, query, body],
            [[], [], []],
            `${nameOf(route)} takes an id, and has no entry`,
          );
          continue;
        }
        assert.equal(entry.path !== undefined, route.ids.length > 0, `the path of ${nameOf(route)}`);
        assert.deepEqual(
          new Set(Object.keys(entry.query ?? {})),
          new Set(query),
          `the query of ${nameOf(route)}`,
        );
        assert.deepEqual(
          new Set(Object.keys(entry.body ?? {})),
          new Set(body),
          `the body of ${nameOf(route)}`,
        );
      }
    });

    test("holds no route that is not there", () => {
      const known = new Set(routes.map(nameOf));
      assert.deepEqual(
        Object.keys(TENANCY).filter((route) => !known.has(route)),
        [],
      );
    });
  });

  for (const who of STRANGERS) {
    describe(who === "other" ? "another organisation" : "the same organisation's other mode", () => {
      for (const { what, stranger, send } of CASES) {
        test(`${what}: ${stranger}`, async () => {
          const answer = await send(ids, world[who]);
          if (stranger === "nothing") {
            assert.equal(answer.status, 200, answer.text);
            assert.deepEqual(items(answer), [], answer.text);
          } else if (stranger === "made") {
            // The answer, whatever it is, names nothing of ours.
            assert.ok(answer.status < 500, answer.text);
            for (const name of ["session_id", "entity_id"] as const)
              assert.ok(!answer.text.includes(ids[name]), answer.text);
          } else {
            const shape =
              stranger === "within" ? (what.includes("/console/") ? "console" : "entity") : stranger;
            answers(answer, ABSENT[shape].status, ABSENT[shape].body);
          }
        });
      }
    });
  }

  describe("one flow's id where the other's is asked", () => {
    for (const [route, entry] of Object.entries(TENANCY)) {
      if (route.includes("/console/")) continue;
      const asked = [...casesOf(route, entry)].filter(({ stranger }) => stranger in ABSENT);
      for (const { what, stranger, send } of asked) {
        test(what, async () => {
          const { session_id, entity_id } = ids;
          const answer = await send({ ...ids, session_id: entity_id, entity_id: session_id }, world.own);
          const { status, body } = ABSENT[stranger as keyof typeof ABSENT];
          answers(answer, status, body);
        });
      }
    }
  });

  describe("our own call finds what a stranger did not", () => {
    for (const { what, stranger, send } of CASES) {
      test(what, async () => {
        const answer = await send(ids, world.own);
        assert.ok(answer.status < 500, `${answer.status} ${answer.text}`);
        for (const { body } of Object.values(ABSENT)) assert.notDeepEqual(answer.body, body);
        if (stranger === "nothing") assert.ok(items(answer).length > 0, answer.text);
      });
    }
  });
}
