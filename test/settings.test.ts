/** `bankbell settings`, on a real database and beside a running server. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { Writable } from "node:stream";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import type { Io } from "../src/main.ts";
import { runSettings } from "../src/settings-command.ts";
import { field, openHttp, V1, type Http } from "./http-setup.ts";

let http: Http;
let publicId: string;
before(async () => {
  http = await openHttp();
  const { public_id } = await http.database.kysely
    .selectFrom("environments")
    .select("public_id")
    .where("id", "=", http.envId)
    .executeTakeFirstOrThrow();
  publicId = public_id;
});
after(() => http.close());

async function settings(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const texts = { out: "", err: "" };
  const into = (name: keyof typeof texts) =>
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        texts[name] += chunk.toString();
        done();
      },
    });
  const env = {
    DATABASE_URL: http.database.url,
    BANKBELL_MASTER_KEY: randomBytes(32).toString("base64"),
    BANKBELL_LOG_LEVEL: "silent",
  };
  const io = { stdout: into("out"), stderr: into("err"), env, cwd: "/" } as unknown as Io;
  const code = await runSettings(argv, io);
  return { code, ...texts };
}

const stored = () =>
  http.database.kysely
    .selectFrom("bankconnect_settings")
    .selectAll()
    .where("env_id", "=", http.envId)
    .executeTakeFirstOrThrow();
const audited = () =>
  http.database.kysely
    .selectFrom("audit")
    .select(["actor", "target", "detail"])
    .where("action", "=", "settings.update")
    .orderBy("id")
    .execute();

const NAMES = [
  "unknown_banks",
  "mask_account_numbers",
  "to_reject_account",
  "session_minutes",
  "level_1",
  "level_1_missing_days",
  "level_2",
  "accept_anything",
  "allowed_modes",
  "max_pages",
  "show_score",
  "retention",
  "time_zone",
];

test("they are listed with their values and meaning, for the sandbox and by name", async () => {
  const { code, out } = await settings();
  assert.equal(code, 0);
  assert.ok(out.includes(publicId) && out.includes("sandbox"));
  for (const name of NAMES) assert.match(out, new RegExp(`^  ${name} +\\S`, "m"));
  assert.match(out, /^  session_minutes +60  \(5 to 43200\)$/m);
  assert.match(out, /^  mask_account_numbers +off  \(on, off\)$/m);
  assert.match(out, /^  allowed_modes +pdf,online,aa  \(some of pdf,online,aa\)$/m);
  assert.match(out, /^  max_pages +server  \(1 to 10000, or server\)$/m);
  assert.equal((await settings("--env", publicId)).out, out);
  await assert.rejects(settings("--env", "env_none"), { message: "There is no environment env_none." });
});

test("each is set, kept as meant, and audited with what it was", async () => {
  const wanted: [string, string, unknown][] = [
    ["unknown_banks", "refuse", "refuse"],
    ["mask_account_numbers", "on", true],
    ["to_reject_account", "TRUE", true],
    ["session_minutes", "5", 5],
    ["level_1", "dates", "dates"],
    ["level_1_missing_days", "3", 3],
    ["level_2", "any", "any"],
    ["accept_anything", "yes", true],
    ["allowed_modes", "aa, PDF", ["pdf", "aa"]],
    ["max_pages", "40", 40],
    ["max_pages", "server", null],
    ["show_score", "on", true],
  ];
  for (const [name, text, value] of wanted) {
    const { code, out } = await settings("set", name, text, "--env", publicId);
    assert.equal(code, 0);
    assert.match(out, new RegExp(`^${name} of ${publicId} \\(sandbox\\) is now `));
    assert.deepEqual(Reflect.get(await stored(), name), value);
  }
  assert.match((await settings("set", "allowed_modes", "pdf,aa")).out, /is pdf,aa already\.$/m);
  assert.match((await settings("set", "retention", "90")).out, /is now 90\.$/m);
  assert.match((await settings()).out, /^  retention +90  /m);
  assert.match((await settings("set", "time_zone", "asia/kolkata")).out, /is now Asia\/Kolkata\.$/m);
  assert.match((await settings("set", "level_2", "any")).out, /is any already\.$/m);

  const rows = await audited();
  assert.equal(rows.length, wanted.length + 2, "what changes nothing is not audited");
  for (const { actor, target } of rows)
    assert.deepEqual([actor, target], ["operator", `environment:${publicId}`]);
  assert.deepEqual(rows.at(-1)?.detail, { name: "time_zone", from: "UTC", to: "Asia/Kolkata" });
});

test("what is wrong is named, and changes nothing", async () => {
  const before = await stored();
  const wrong: [string[], RegExp][] = [
    [["set", "colour", "red"], /no setting "colour".*unknown_banks/],
    [["set", "unknown_banks", "maybe"], /unknown_banks takes accept, refuse; not "maybe"/],
    [["set", "mask_account_numbers", "2"], /takes on, off/],
    [["set", "session_minutes", "4"], /5 to 43200/],
    [["set", "session_minutes", "43201"], /5 to 43200/],
    [["set", "session_minutes", "6e1"], /5 to 43200/],
    [["set", "level_1_missing_days", "-1"], /Usage|0 to 3660/],
    [["set", "allowed_modes", "pdf,fax"], /some of pdf,online,aa/],
    [["set", "allowed_modes", ""], /some of pdf,online,aa/],
    [["set", "max_pages", "0"], /1 to 10000/],
    [["set", "retention", "31"], /7, 30, 90, 365/],
    [["set", "time_zone", "Mars/Olympus"], /IANA/],
    [["set", "time_zone", "+05:30"], /IANA/],
    [["set", "time_zone", "2024-01-01T00:00[Europe/London]"], /IANA/],
    [["set", "level_2"], /^Usage/],
    [["get", "level_2"], /^Usage/],
    [["set", "level_2", "any", "more"], /^Usage/],
    [["--nonsense"], /^Usage/],
  ];
  for (const [argv, said] of wrong) {
    const { code, out, err } = await settings(...argv);
    assert.deepEqual([code, out], [2, ""], argv.join(" "));
    assert.match(err, said);
  }
  assert.deepEqual(await stored(), before);
});

test("a running server heeds a change within seconds", async () => {
  const expiry = async () => {
    const id = await http.newSession();
    const { body } = await http.call(`${V1}/session_data/${id}/session_upload_status/`);
    return field(body, "session_expiry_timestamp");
  };
  // The key's environment is in the server's memory.
  await expiry();
  await settings("set", "session_minutes", "120");
  const deadline = performance.now() + 10_000;
  while ((await expiry()) !== "2024-04-25 12:00:00") {
    assert.ok(performance.now() < deadline, "the change is not heeded");
    await pause(100);
  }
});
