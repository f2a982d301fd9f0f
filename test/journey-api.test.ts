/** The journey's own calls without a browser: who may make them, what they change, and how its files are served. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { JourneyBody } from "../src/http/connect/wire.ts";
import { buildPages } from "./browser.ts";
import { field, isEnvelope, multipart, NOBODY, openHttp, V1, type Answer, type Http } from "./http-setup.ts";
import { fullStatement, monthly, statementOf } from "./intake-setup.ts";

let http: Http;
before(async () => {
  buildPages("connect", "embed");
  http = await openHttp();
});
after(() => http.close());

const API = "/connect/api";
const NOW = "2024-04-25T10:00:00Z";

interface CallMore {
  method?: string;
  multipart?: FormData;
  headers?: Record<string, string>;
}

const call = (id: string, path: string, { headers, ...more }: CallMore = {}): Promise<Answer> =>
  http.call(`${API}${path}`, { ...more, as: null, headers: { "x-session-id": id, ...headers } });

const give = (id: string, bytes: Uint8Array<ArrayBuffer>, fields: Record<string, string> = {}) =>
  call(id, "/statements", { multipart: multipart(fields, bytes) });

const bodyOf = (answer: Answer): JourneyBody => {
  assert.equal(answer.status, 200, answer.text);
  return answer.body as JourneyBody;
};

const payloads = async (id: string): Promise<unknown[]> => {
  const { body } = await http.call(`${V1}/session_data/${id}/webhook_payloads/`);
  return (body as { payloads: unknown[] }).payloads;
};

test("a session is found by its id alone, and told without names and full numbers", async () => {
  const id = await http.newSession({ redirect_url: "https://lender.example/done" });
  await give(id, http.fileOf(fullStatement({ name: "Private Person", number: "5413699704" })));
  const answer = await call(id, "/session");
  const body = bodyOf(answer);
  assert.equal(answer.headers.get("cache-control"), "no-store");
  assert.equal(/Private|5413699704/.test(answer.text), false, answer.text);
  assert.equal(body.state, "open");
  assert.equal(body.redirect_url, "https://lender.example/done");
  assert.deepEqual(body.ways, ["pdf"]);
  assert.equal(body.accounts[0]?.account_number, "XXXXXX9704");
  assert.equal(body.accounts[0]?.bank.name, "HDFC Bank");
  for (const unknown of [NOBODY, "", "x", `${id}0`])
    isEnvelope(
      await call(unknown, "/session"),
      404,
      "SESSION_NOT_FOUND",
      "The provided session ID is invalid",
    );
});

test("a session of version 2 asks for its token on every call", async () => {
  const made = await http.call("/bank-connect/v2/session/", { json: { link_id: "c" } });
  const id = field(made.body, "session_id");
  const token = new URL(field(made.body, "redirect_url")).searchParams.get("token") ?? "";
  const other = await http.call("/bank-connect/v2/session/", { json: { link_id: "c" } });
  const foreign = new URL(field(other.body, "redirect_url")).searchParams.get("token") ?? "";
  for (const [path, more] of [
    ["/session", {}],
    ["/banks", {}],
    ["/finish", { method: "POST" }],
    ["/statements", { multipart: multipart({}, http.fileOf(fullStatement())) }],
    [`/statements/${NOBODY}`, { method: "DELETE" }],
    ["/bank_connections", { method: "POST" }],
  ] as const) {
    for (const wrong of ["", foreign, `${token}x`]) {
      const answer = await call(id, path, { ...more, headers: { "x-journey-token": wrong } });
      isEnvelope(answer, 404, "SESSION_NOT_FOUND", "The provided session ID is invalid");
    }
  }
  bodyOf(await call(id, "/session", { headers: { "x-journey-token": token } }));
});

test("calls of other origins are refused, whatever they know", async () => {
  const id = await http.newSession();
  for (const headers of [
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site" },
    { origin: "https://elsewhere.example" },
    { origin: "null" },
  ] as Record<string, string>[]) {
    const answer = await call(id, "/finish", { method: "POST", headers });
    assert.equal(answer.status, 403, JSON.stringify(headers));
  }
  const own = { origin: http.url, "sec-fetch-site": "same-origin" };
  bodyOf(await call(id, "/session", { headers: own }));
  const form = await call(id, "/finish", {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
  });
  assert.notEqual(form.status, 200);
  assert.equal((await payloads(id)).length, 0);
});

test("uploads complete nothing; finishing does, once, whatever is missing", async () => {
  const id = await http.newSession();
  const early = await call(id, "/finish", { method: "POST" });
  isEnvelope(early, 400, "UNPARSABLE_STATEMENTS", "The uploaded statements are not parsable");
  const whole = bodyOf(await give(id, http.fileOf(fullStatement())));
  assert.deepEqual(whole.accounts[0]?.missing_months, []);
  assert.equal((await payloads(id)).length, 0);
  const after = await Promise.all([1, 2, 3].map(() => call(id, "/finish", { method: "POST" })));
  assert.deepEqual(
    after.map((answer) => bodyOf(answer).state),
    ["finished", "finished", "finished"],
  );
  assert.equal((await payloads(id)).length, 1);

  const partly = await http.newSession();
  const days = monthly("2024-01", "2024-02");
  const body = bodyOf(
    await give(partly, http.fileOf(statementOf({ period: ["2024-01-01", "2024-02-29"], days }))),
  );
  assert.deepEqual(body.accounts[0]?.missing_months, ["2023-10", "2023-11", "2023-12", "2024-03", "2024-04"]);
  assert.equal(bodyOf(await call(partly, "/finish", { method: "POST" })).state, "finished");
  assert.equal((await payloads(partly)).length, 1);
});

test("where days are asked for, the days are told", async () => {
  const { credentials } = await http.newEnvironment({ level_1: "dates" });
  const id = await http.newSession({ from_date: "01/01/2024", to_date: "31/03/2024" }, credentials);
  const file = http.fileOf(
    statementOf({ period: ["2024-01-05", "2024-03-31"], days: monthly("2024-01", "2024-03") }),
  );
  const body = bodyOf(await give(id, file));
  assert.deepEqual(body.accounts[0]?.missing_dates, [{ month: "2024-01", days: [1, 2, 3, 4] }]);
  assert.deepEqual(body.accounts[0]?.missing_months, []);
  const lax = await http.newSession({ accept_anything: true });
  assert.deepEqual(bodyOf(await call(lax, "/session")).months, []);
});

test("a file that is taken back leaves nothing behind; rows that it shared count elsewhere", async () => {
  const id = await http.newSession({ from_date: "01/01/2024", to_date: "31/03/2024" });
  const spans = [
    ["2024-01-01", "2024-02-29"],
    ["2024-02-01", "2024-03-31"],
    ["2024-01-15", "2024-03-31"],
  ] as const;
  let body: JourneyBody | undefined;
  for (const [from, to] of spans) {
    const days = ["2024-01-10", "2024-01-20", "2024-02-10", "2024-03-10"].filter(
      (day) => day >= from && day <= to,
    );
    const before = ["2024-01-10", "2024-01-20", "2024-02-10", "2024-03-10"].filter(
      (day) => day < from,
    ).length;
    const spec = {
      period: [from, to] as [string, string],
      days,
      opening: 100_000n + 10_000n * BigInt(before),
    };
    body = bodyOf(await give(id, http.fileOf(statementOf(spec))));
  }
  const counted = async () => {
    const { rows } = await http.database.pool.query<{ date: string; n: string }>(
      `select t.date::text, count(*) filter (where duplicate_of is null) as n
       from transactions t join accounts a on a.env_id = t.env_id and a.id = t.account_id
       join sessions s on s.env_id = a.env_id and s.id = a.session_id
       where s.public_id = $1 group by 1 order by 1`,
      [id],
    );
    return rows.map(({ n }) => Number(n));
  };
  assert.deepEqual(await counted(), [1, 1, 1, 1]);
  const [first, second, third] = body?.accounts[0]?.statements ?? [];
  assert.ok(first && second && third);
  const remove = async (statement: string) =>
    bodyOf(await call(id, `/statements/${statement}`, { method: "DELETE" }));
  await remove(first.id);
  assert.deepEqual(await counted(), [1, 1, 1]);
  await remove(second.id);
  assert.deepEqual(await counted(), [1, 1, 1]);
  // What is not there is as good as taken back; of another session it stays.
  const stranger = await http.newSession();
  bodyOf(await call(stranger, `/statements/${third.id}`, { method: "DELETE" }));
  assert.equal(bodyOf(await call(id, "/session")).accounts.length, 1);
  const empty = await remove(third.id);
  assert.deepEqual([empty.accounts, empty.may_finish], [[], false]);
  assert.deepEqual(await counted(), []);
});

test("what has ended takes nothing back and nothing in; after its life the link shows no statements", async () => {
  const id = await http.newSession();
  const body = bodyOf(await give(id, http.fileOf(fullStatement())));
  const statement = body.accounts[0]?.statements[0]?.id ?? "";
  await call(id, "/finish", { method: "POST" });
  const late = await call(id, `/statements/${statement}`, { method: "DELETE" });
  isEnvelope(late, 400, "SESSION_EXPIRED", "This session has expired");
  const open = await http.newSession();
  const gone = await http.newSession();
  await http.call(`${V1}/session_data/${gone}/delete/`, { method: "DELETE" });
  isEnvelope(
    await call(gone, "/session"),
    410,
    "SESSION_DELETED",
    "The provided session ID has been deleted",
  );
  try {
    http.setNow("2024-04-25T11:00:01Z");
    const over = bodyOf(await call(id, "/session"));
    assert.deepEqual([over.state, over.accounts], ["finished", []]);
    assert.equal(bodyOf(await call(open, "/session")).state, "expired");
    isEnvelope(
      await give(open, http.fileOf(fullStatement())),
      400,
      "SESSION_EXPIRED",
      "This session has expired",
    );
    isEnvelope(
      await call(open, "/finish", { method: "POST" }),
      400,
      "SESSION_EXPIRED",
      "This session has expired",
    );
  } finally {
    http.setNow(NOW);
  }
});

test("net banking is not offered, and not to be had, while nothing connects the journey to it", async () => {
  const id = await http.newSession();
  const { banks } = (await call(id, "/banks")).body as { banks: { net_banking: boolean }[] };
  assert.ok(banks.length > 300);
  assert.equal(
    banks.some((bank) => bank.net_banking),
    false,
  );
  const asked = await call(id, "/bank_connections", {
    method: "POST",
    headers: { "content-type": "application/json" },
  });
  assert.equal(asked.status, 403);
});

test("the first load is at most 100 kB, the embed script at most 3 kB", (t) => {
  const dist = join(import.meta.dirname, "..", "web", "dist");
  const compressed = (path: string) => statSync(existsSync(`${path}.br`) ? `${path}.br` : path).size;
  const page = readFileSync(join(dist, "connect", "index.html"), "utf8");
  const loaded = [...page.matchAll(/(?:src|href)="\/connect\/([^"]+)"/g)].map(([, path = ""]) => path);
  assert.ok(loaded.length >= 2, page);
  // Hindi too: its words are asked for at once.
  const words = readdirSync(join(dist, "connect", "assets")).filter((name) => /^hi-.*\.js$/.test(name));
  const files = ["index.html", ...loaded, ...words.map((name) => `assets/${name}`)];
  const bytes = files.reduce((sum, file) => sum + compressed(join(dist, "connect", file)), 0);
  t.diagnostic(`first load ${bytes} bytes`);
  assert.ok(bytes <= 100_000, `${bytes} bytes`);
  assert.ok(statSync(join(dist, "embed", "embed.js")).size <= 3000);
});

test("files are named by their content and kept for ever, the page never; Brotli and gzip as asked for", async () => {
  const page = await http.call(`/connect/?session_id=${NOBODY}`, { as: null });
  const script = /src="(\/connect\/assets\/[^"]+)"/.exec(page.text)?.[1] ?? "";
  assert.equal(page.headers.get("cache-control"), "no-store");
  assert.equal(page.headers.get("x-frame-options"), null);
  const policy = page.headers.get("content-security-policy") ?? "";
  assert.match(policy, /default-src 'none'; script-src 'self'; style-src 'self'/);
  assert.equal(policy.includes("unsafe"), false);
  assert.equal(/<script(?![^>]*src=)|\son\w+=|\sstyle=/.test(page.text), false, page.text);
  for (const [accept, encoding] of [
    ["gzip, br", "br"],
    ["gzip, br;q=0", "gzip"],
    ["identity", null],
  ] as const) {
    const answer = await http.call(script, { as: null, headers: { "accept-encoding": accept } });
    assert.equal(answer.headers.get("content-encoding"), encoding);
    assert.equal(answer.headers.get("cache-control"), "public, max-age=31536000, immutable");
    assert.match(answer.headers.get("content-type") ?? "", /^text\/javascript/);
    assert.equal(answer.headers.get("vary"), "accept-encoding");
    assert.match(answer.text, /^import|^\(|^var|^const|^function/);
  }
  for (const absent of [
    "/connect/.sources",
    "/connect/../package.json",
    "/connect/%2e%2e/package.json",
    `${script}.br`,
  ])
    assert.equal((await http.call(absent, { as: null })).status, 404, absent);
  const embed = await http.call("/connect/embed.js", { as: null });
  assert.equal(embed.headers.get("cross-origin-resource-policy"), "cross-origin");
});
