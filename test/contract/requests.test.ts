/** Every request before its meaning: who may ask, methods, slashes, media types; and session creation, field by field. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { answers, at, envelope, isJson, record } from "./answers.ts";
import { CREATED } from "./bodies.ts";
import { CREATION, type CreationCase } from "./creation-cases.ts";
import { CODES, PATHS } from "./reference-lists.ts";
import { denialOf, DENIALS, fill, isBankconnect, routesOf, type Route } from "./routes.ts";
import { NOBODY, type Ask } from "./setup.ts";
import { misfits } from "./shape.ts";
import { testTenancy } from "./tenancy.ts";
import { world } from "./world.ts";

const routes = async (): Promise<Route[]> => (await routesOf(world)).filter(isBankconnect);

/** Ids that nothing has: whoever gets past the door is answered 404 or by the body's faults. */
const pathOf = ({ path }: Route) => fill(path, { session_id: NOBODY, entity_id: NOBODY });
const named = ({ method, path }: Route) => `${method} ${path}`;

describe("who may ask (§1)", () => {
  const strange = (text: string) => text.replace(/.$/, (last) => (last === "0" ? "1" : "0"));
  /** Headers that are not enough where both are needed; `client`: nor where the key alone is. */
  const WAYS: { what: string; client: boolean; headers: (key: string, hash: string) => Record<string, string> }[] = [
    { what: "nothing", client: true, headers: () => ({}) },
    { what: "an empty key", client: true, headers: (_, hash) => ({ "x-api-key": "", "server-hash": hash }) },
    { what: "the hash alone", client: true, headers: (_, hash) => ({ "server-hash": hash }) },
    { what: "a wrong key", client: true, headers: (key, hash) => ({ "x-api-key": strange(key), "server-hash": hash }) },
    { what: "the key alone", client: false, headers: (key) => ({ "x-api-key": key }) },
    { what: "a wrong hash", client: false, headers: (key, hash) => ({ "x-api-key": key, "server-hash": strange(hash) }) },
  ]; // prettier-ignore

  for (const way of WAYS) {
    test(`${way.what}: the shape of the path, on every route`, async () => {
      const { apiKey, serverHash } = world.own;
      for (const route of await routes()) {
        const { shape, needs } = denialOf(route);
        if (needs === "client" && !way.client) continue;
        const answer = await world.ask(pathOf(route), {
          method: route.method,
          as: null,
          headers: way.headers(apiKey, serverHash),
        });
        const { status, body } = DENIALS[shape];
        assert.deepEqual({ status: answer.status, body: answer.body }, { status, body }, named(route));
        isJson(answer);
      }
    });
  }

  test("a key with another customer's hash", async () => {
    const as = { apiKey: world.own.apiKey, serverHash: world.other.serverHash };
    answers(await world.ask("v1/banks/catalogue/", { as }), 403, DENIALS.B.body);
    answers(await world.ask("v1/entity/", { as }), 401, DENIALS.A.body);
  });

  test("a key that its owner has made lenient (§9-2): alone it is enough everywhere, a wrong hash never passes", async () => {
    const ask: Ask = { json: { name: "Older client", requires_server_hash: false }, as: null };
    const headers = { authorization: `Bearer ${world.own.apiKey}`, "server-hash": world.own.serverHash };
    const made = await world.ask("/console/api/keys", { ...ask, headers });
    const key = { "x-api-key": at(made.body, "api_key", made.text) };
    for (const route of (await routes()).filter((one) => denialOf(one).needs === "both")) {
      const { status, body } = DENIALS[denialOf(route).shape];
      const send = (more: Record<string, string>) =>
        world.ask(pathOf(route), { method: route.method, as: null, headers: { ...key, ...more } });
      assert.notDeepEqual((await send({})).body, body, named(route));
      const wrong = await send({ "server-hash": strange(at(made.body, "server_hash")) });
      assert.deepEqual({ status: wrong.status, body: wrong.body }, { status, body }, named(route));
    }
  });

  test("where the key alone is needed it is enough", async () => {
    for (const route of (await routes()).filter((one) => denialOf(one).needs === "client")) {
      const headers = { "x-api-key": world.own.apiKey };
      const { status } = await world.ask(pathOf(route), { method: route.method, as: null, headers });
      assert.ok(status !== 401 && status !== 403, `${named(route)}: ${status}`);
    }
  });

  const IN_BODY: { what: string; header: "own" | "other" | null; body: "own" | "other" | null; passes: boolean }[] = [
    { what: "in the header", header: "own", body: null, passes: true },
    { what: "in the body", header: null, body: "own", passes: true },
    { what: "in both", header: "own", body: "own", passes: true },
    { what: "in neither", header: null, body: null, passes: false },
    { what: "one in the header, another in the body", header: "own", body: "other", passes: false },
    { what: "another in the header, one in the body", header: "other", body: "own", passes: false },
  ]; // prettier-ignore
  for (const version of ["v1", "v2"]) {
    for (const { what, header, body, passes } of IN_BODY) {
      test(`${version} session creation, the key ${what}`, async () => {
        const answer = await world.ask(`${version}/session/`, {
          as: null,
          json: { link_id: "c", ...(body && { api_key: world[body].apiKey }) },
          headers: header ? { "x-api-key": world[header].apiKey } : {},
        });
        if (passes) assert.equal(answer.status, 200, answer.text);
        else answers(answer, DENIALS.C.status, DENIALS.C.body);
      });
    }
  }
});

describe("methods and slashes", () => {
  test("a method that a path lacks: 405, what it has in Allow, in the shape of the path", async () => {
    for (const [path, own] of Map.groupBy(await routes(), (route) => pathOf(route))) {
      const allowed = new Set<string>(own.map(({ method }) => method));
      for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE"].filter((one) => !allowed.has(one))) {
        for (const as of [world.own, null]) {
          const answer = await world.ask(path, { method, as });
          const said = `${method} ${path}: ${answer.text}`;
          assert.equal(answer.status, 405, said);
          const allow = (answer.headers.get("allow") ?? "").split(/,\s*/).filter((one) => one !== "HEAD");
          assert.deepEqual(new Set(allow), allowed, said);
          assert.ok(answer.text.includes(`Method ${method} not allowed.`), said);
          isJson(answer);
        }
      }
    }
  });

  for (const version of ["v1", "v2"]) {
    test(`${version} session creation by GET, word for word`, async () => {
      answers(
        await world.ask(`${version}/session/`),
        405,
        envelope("METHOD_NOT_ALLOWED", "Method GET not allowed."),
      );
    });
  }

  test("every path answers with and without its slash alike", async () => {
    for (const route of await routes()) {
      const ask = { method: route.method };
      const path = pathOf(route);
      const [withIt, without] = [await world.ask(path, ask), await world.ask(path.slice(0, -1), ask)];
      assert.equal(without.status, withIt.status, named(route));
      assert.notEqual(Math.floor(without.status / 100), 3, named(route));
      // What is made differs by its ids only.
      if (withIt.status >= 400) assert.deepEqual(without.body, withIt.body, named(route));
    }
  });

  const ABSENT: { path: string; body: unknown }[] = [
    { path: "v1/no_such_path/", body: envelope("NOT_FOUND", "Not found.") },
    { path: "v3/session/", body: envelope("NOT_FOUND", "Not found.") },
    { path: `v1/session_data/${NOBODY}/no_such_read/`, body: envelope("NOT_FOUND", "Not found.") },
    { path: `v1/entity/${NOBODY}/no_such_read/`, body: { detail: "Not found." } },
    { path: "v1/statement/no_such_upload/", body: { detail: "Not found." } },
  ];
  for (const { path, body } of ABSENT) {
    test(`${path}, which nobody serves: 404 in the shape of its flow`, async () => {
      answers(await world.ask(path), 404, body);
    });
  }

  test("a query behind either", async () => {
    for (const path of ["v1/entity/?page=1&link_id=nobody", "v1/entity?page=1&link_id=nobody"]) {
      answers(await world.ask(path), 200, { count: 0, next: null, previous: null, results: [] });
    }
  });
});

describe("media types", () => {
  const unsupported = (type: string) =>
    envelope("UNSUPPORTED_MEDIA_TYPE", `Unsupported media type \`${type}\``);
  for (const path of ["v1/session/", "v2/session/", "v1/session_data/update_webhook/"]) {
    for (const type of ["text/plain", "application/xml"]) {
      test(`${path} as ${type}`, async () => {
        const ask = { raw: "link_id=c", headers: { "content-type": type } };
        answers(await world.ask(path, ask), 415, unsupported(type));
      });
    }
    test(`${path}: JSON that is none`, async () => {
      const ask = { raw: "{", headers: { "content-type": "application/json" } };
      answers(await world.ask(path, ask), 400, envelope("INVALID_REQUEST", "Something went wrong"));
    });
  }

  for (const type of ["application/json; charset=UTF-8", "Application/JSON"]) {
    test(`${type} is JSON`, async () => {
      const ask = { raw: '{"link_id": "c"}', headers: { "content-type": type } };
      assert.equal((await world.ask("v1/session/", ask)).status, 200);
    });
  }

  test("entity/update_webhook as text/plain, in the entity flow's shape", async () => {
    const ask = { raw: "webhook_url=x", headers: { "content-type": "text/plain" } };
    answers(await world.ask("v1/entity/update_webhook/", ask), 415, {
      detail: "Unsupported media type `text/plain`",
    });
  });

  test("a read takes no body; initiate_processing bears one", async () => {
    const path = `v1/session_data/${NOBODY}/initiate_processing/`;
    for (const raw of ["", "{}", "x=1", "\0"]) {
      const ask = { method: "POST", raw, headers: { "content-type": "application/json" } };
      answers(
        await world.ask(path, ask),
        404,
        envelope("SESSION_NOT_FOUND", "The provided session ID is invalid"),
      );
    }
  });
});

describe("session creation (§2.1, §2.2)", { concurrency: 4 }, () => {
  const isForm = (entry: CreationCase) => entry.form === true;
  const waysOf = (entry: CreationCase): ("json" | "form" | "parts")[] =>
    isForm(entry) ? ["json", "form", "parts"] : ["json"];

  for (const version of ["v1", "v2"] as const) {
    for (const entry of CREATION.filter(({ only }) => only === undefined || only === version)) {
      for (const way of waysOf(entry)) {
        test(`${version} ${way}: ${entry.what}`, async () => {
          const fields = { link_id: "c-1", ...entry.send };
          // JSON leaves out what is undefined; a form has text only.
          const answer = await world.ask(`${version}/session/`, { [way]: fields });
          if (entry.error) {
            answers(answer, entry.error.status, envelope(entry.error.code, entry.error.message));
          } else {
            assert.equal(answer.status, 200, answer.text);
            assert.deepEqual(misfits(answer.body, CREATED), []);
          }
        });
      }
    }
  }

  test("v1: redirect_url names the session", async () => {
    const { body } = await world.ask("v1/session/", { json: { link_id: "c" } });
    const { searchParams } = new URL(at(body, "redirect_url"));
    assert.deepEqual([...searchParams], [["session_id", at(body, "session_id")]]);
  });

  test("v2: redirect_url carries a token besides, another for each session", async () => {
    const tokens = new Set<string>();
    for (const _ of [1, 2]) {
      const { body } = await world.ask("v2/session/", { json: { link_id: "c" } });
      const { searchParams } = new URL(at(body, "redirect_url"));
      assert.deepEqual([...searchParams.keys()], ["session_id", "token"]);
      assert.equal(searchParams.get("session_id"), at(body, "session_id"));
      tokens.add(searchParams.get("token") ?? "");
    }
    assert.equal(tokens.size, 2);
    for (const token of tokens) assert.ok(token.length >= 32, token);
  });

  const LIVES = [
    { what: "60 minutes where nothing is said (§9-5)", send: {}, minutes: 60 },
    { what: "session_expiry", send: { session_expiry: 7 }, minutes: 7 },
  ];
  for (const { what, send, minutes } of LIVES) {
    test(`a session lives for ${what}`, async () => {
      const from = Temporal.Now.instant();
      const id = await world.newSession(send);
      const to = Temporal.Now.instant();
      const { body } = await world.ask(`v1/session_data/${id}/session_upload_status/`);
      const said = at(body, "session_expiry_timestamp");
      const made = Temporal.Instant.from(`${said.replace(" ", "T")}Z`).subtract({ minutes });
      // It is written to the second.
      assert.ok(Temporal.Instant.compare(made.add({ seconds: 1 }), from) >= 0, said);
      assert.ok(Temporal.Instant.compare(made, to) <= 0, said);
      // Six months back to today (§9-4), in the organisation's zone, which is UTC.
      const today = made.toZonedDateTimeISO("UTC").toPlainDate();
      const dmy = (date: Temporal.PlainDate) => date.toString().split("-").reverse().join("/");
      assert.deepEqual(record(body)["session_date_range"], {
        from_date: dmy(today.subtract({ months: 6 })),
        to_date: dmy(today),
      });
    });
  }

  test("today is accepted as to_date", async () => {
    const today = Temporal.Now.plainDateISO("UTC").toString().split("-").reverse().join("/");
    assert.ok(await world.newSession({ from_date: "01/01/2024", to_date: today }));
  });
});

describe("the whole of the reference", () => {
  const explained = readFileSync(join(import.meta.dirname, "../../docs/compatibility.md"), "utf8");

  test("each path is served, or explained in docs/compatibility.md", async () => {
    const served = new Set((await routes()).map(({ path }) => path));
    for (const path of PATHS) {
      const name = path.split("/").at(-2) ?? "";
      assert.ok(served.has(`/bank-connect/${path}`) || explained.includes(`\`${name}\``), path);
    }
  });

  test("each code is answered by a documented operation, or explained in docs/compatibility.md", async () => {
    const { text } = await world.ask("/openapi.json");
    for (const code of CODES)
      assert.ok(text.includes(`"code":"${code}"`) || explained.includes(`\`${code}\``), code);
  });
});

describe("the Account Aggregator (§2.10), which nobody has set up", () => {
  const DETAILS = "v1/account_aggregator/get_recurring_consent_details/";
  const NOT_ENABLED = envelope("MODE_NOT_ENABLED", "Specified mode not enabled. Contact FinBox Admin.");
  const post = { method: "POST" };

  test("consents of an open session, also with the stray slash that is printed", async () => {
    const id = await world.newSession();
    for (const slash of ["", "/"])
      answers(await world.ask(`${DETAILS}?session_id=${id}${slash}`, post), 403, NOT_ENABLED);
  });

  test("of one that is invalid or over", async () => {
    const [expired, deleted] = [await world.newSession(), await world.newSession()];
    await world.expire(expired);
    await world.ask(`v1/session_data/${deleted}/delete/`, { method: "DELETE" });
    for (const query of [
      "",
      "?session_id=malformed",
      ...[NOBODY, expired, deleted].map((id) => `?session_id=${id}`),
    ]) {
      const { status, body } = await world.ask(DETAILS + query, post);
      assert.equal(status, 400, query);
      assert.equal(at(record(body)["error"], "code"), "INVALID_SESSION_ID", query);
    }
  });

  const asked = { consent_id: NOBODY, date_time_range_from: "01/01/2024", date_time_range_to: "31/01/2024" };
  const FETCHES: { what: string; send: object; status: number; code: string }[] = [
    { what: "a range", send: asked, status: 403, code: "MODE_NOT_ENABLED" },
    { what: "no consent", send: { ...asked, consent_id: undefined }, status: 400, code: "INVALID_REQUEST" },
    { what: "dates exchanged", send: { ...asked, date_time_range_from: "01/02/2024" }, status: 400, code: "INVALID_DATE_RANGE" },
  ]; // prettier-ignore
  for (const { what, send, status, code } of FETCHES) {
    test(`fetching ${what}: ${code}`, async () => {
      const answer = await world.ask("v1/account_aggregator/fetch_recurring_aa_data/", { json: send });
      assert.equal(answer.status, status, answer.text);
      assert.equal(at(record(answer.body)["error"], "code"), code);
    });
  }
});

describe("transport (ruling 7)", () => {
  const HTTPS = "HTTPS is required.";
  const denied = envelope("ACCESS_DENIED", HTTPS);
  const PLAIN: { path: string; ask?: Ask; body: unknown }[] = [
    { path: `v1/session_data/${NOBODY}/progress/`, body: denied },
    { path: "v1/session/", ask: { json: { link_id: "c" } }, body: denied },
    { path: "v2/session/", ask: { json: { link_id: "c" } }, body: denied },
    { path: "v1/banks/catalogue/", body: denied },
    { path: "v1/entity/", body: { detail: HTTPS } },
    { path: "v1/entity/webhook_payloads/?link_id=c", body: { detail: HTTPS } },
    { path: "v1/statement/upload/", ask: { form: {} }, body: { detail: HTTPS } },
    { path: "v1/statement/upload_session/", ask: { form: {} }, body: { session_id: "", statement_id: "", ...denied } },
  ]; // prettier-ignore
  for (const { path, ask = {}, body } of PLAIN) {
    test(`${path} over plain HTTP is refused, in the shape of the path`, async () => {
      answers(await world.ask(path, { ...ask, headers: { "x-forwarded-proto": "http" } }), 403, body);
    });
  }
  test("what a trusted proxy took by HTTPS passes", async () => {
    const { status } = await world.ask("v1/banks/catalogue/", { headers: { "x-forwarded-proto": "https" } });
    assert.equal(status, 200);
  });
});

describe("tenancy", testTenancy);
