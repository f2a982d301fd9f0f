/** Uploaded files by signed link, their end after 30 days, and the deletion of a session, over real HTTP. */
import assert from "node:assert/strict";
import { Writable } from "node:stream";
import { after, before, test } from "node:test";
import { intakeTasks } from "../src/intake/jobs.ts";
import { DROP_BLOBS_TASK, DROP_OLD_FILES_TASK } from "../src/intake/stored-files.ts";
import { createLog } from "../src/platform/telemetry.ts";
import { fullStatement } from "./intake-setup.ts";
import { field, isEnvelope, multipart, NOW, openHttp, V1, type Answer, type Http } from "./http-setup.ts";

let http: Http;
/** The server's log, from debug on. */
let logged = "";
before(async () => {
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      logged += chunk.toString();
      done();
    },
  });
  http = await openHttp({ log: createLog("debug", sink) });
});
after(() => http.close());

interface FileItem {
  statement_id: string;
  pdf_password: string | null;
  pdf_url: string;
  account_id: string;
  source?: string;
  message?: string;
}

async function files(path: string): Promise<FileItem[]> {
  const answer = await http.call(`${V1}/${path}/get_pdfs/`);
  assert.equal(answer.status, 200, answer.text);
  return (answer.body as { statements: FileItem[] }).statements;
}

/** Links carry the public URL; the test's server listens elsewhere. */
const follow = (url: string): Promise<Answer> =>
  http.call(url.replace("http://localhost:8080", ""), { as: null });

/** What the worker would do with the jobs that wait. */
async function runBlobJobs(): Promise<number> {
  const { rows } = await http.database.pool.query<{ payload: unknown }>(
    `select j.payload from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
     where t.identifier = $1`,
    [DROP_BLOBS_TASK],
  );
  for (const { payload } of rows) await intakeTasks(http.intake)[DROP_BLOBS_TASK]?.(payload);
  await http.database.pool.query("delete from graphile_worker._private_jobs");
  return rows.length;
}

test("a link opens the file for an hour, and nothing else", async () => {
  const id = await http.newSession();
  const bytes = http.fileOf(fullStatement());
  const uploaded = await http.upload(id, bytes, { pdf_password: "opens-it" });
  assert.equal(uploaded.status, 200, uploaded.text);
  const [item] = await files(`session_data/${id}`);
  assert.ok(item);
  assert.deepEqual(Object.keys(item), [
    "statement_id",
    "bank_name",
    "pdf_password",
    "pdf_url",
    "account_id",
    "source",
    "message",
  ]);
  assert.deepEqual([item.pdf_password, item.source, item.message], ["opens-it", "PDF", "Success"]);
  const opened = await follow(item.pdf_url);
  assert.equal(opened.status, 200, opened.text);
  assert.equal(opened.text, Buffer.from(bytes).toString());
  assert.equal(opened.headers.get("content-type"), "application/octet-stream");
  assert.equal(opened.headers.get("content-disposition"), `attachment; filename="${item.statement_id}"`);
  assert.equal(opened.headers.get("cache-control"), "no-store");
  const audited = await http.database.kysely
    .selectFrom("audit")
    .select("action")
    .where("target", "=", `session:${id}`)
    .where("action", "in", ["files.read", "statement.download"])
    .orderBy("id")
    .execute();
  assert.deepEqual(
    audited.map(({ action }) => action),
    ["files.read", "statement.download"],
  );
  // Another statement, another environment, another time, no signature: all are not there.
  const another = crypto.randomUUID();
  for (const url of [
    item.pdf_url.replace(item.statement_id, another),
    item.pdf_url.replace("/session/", "/entity/"),
    item.pdf_url.replace(/env_[^/]+/, "env_0000000000000000000000"),
    item.pdf_url.replace(/expires=\d+/, "expires=9999999999"),
    item.pdf_url.split("?")[0] ?? "",
  ])
    assert.equal((await follow(url)).status, 404, url);
  http.setNow("2024-04-25T11:00:01Z");
  assert.equal((await follow(item.pdf_url)).status, 404);
  http.setNow(NOW);
});

test("an entity's files are its own list", async () => {
  const made = await http.call(`${V1}/statement/bankless_upload/`, {
    multipart: multipart({ link_id: "files" }, http.fileOf(fullStatement())),
  });
  const [item] = await files(`entity/${field(made.body, "entity_id")}`);
  assert.ok(item);
  assert.deepEqual(Object.keys(item), ["statement_id", "bank_name", "pdf_password", "pdf_url", "account_id"]);
  assert.equal((await follow(item.pdf_url)).status, 200);
});

test("a file that is taken in part: each statement says how its reading went", async () => {
  const id = await http.newSession();
  const taken = fullStatement();
  await http.upload(id, http.fileOf(taken, taken, { ...taken, transactions: [] }));
  assert.deepEqual(
    (await files(`session_data/${id}`)).map(({ message }) => message),
    ["Success", "Success", "Not a Statement"],
  );
});

test("a link is good for thirty downloads a minute, however it is written", async () => {
  const id = await http.newSession();
  await http.upload(id, http.fileOf(fullStatement()));
  const [item] = await files(`session_data/${id}`);
  const url = item?.pdf_url ?? "";
  const statuses: number[] = [];
  while (statuses.length < 40 && statuses.at(-1) !== 429)
    statuses.push((await follow(statuses.length % 2 ? url : url.replace("/session/", "/sess%69on/"))).status);
  assert.deepEqual([statuses.length, new Set(statuses)], [31, new Set([200, 429])]);
});

test("bytes that are gone while their row is there are a path that is not there", async () => {
  const id = await http.newSession();
  await http.upload(id, http.fileOf(fullStatement()));
  const [item] = await files(`session_data/${id}`);
  const { blob_key: blob } = await http.database.kysely
    .selectFrom("files")
    .select("blob_key")
    .orderBy("id", "desc")
    .executeTakeFirstOrThrow();
  await http.intake.blobs.delete(blob ?? "");
  const { status, body } = await follow(item?.pdf_url ?? "");
  const nowhere = await http.call("/files/nothing/at/all", { as: null });
  assert.deepEqual([status, body], [404, nowhere.body]);
});

test("after 30 days the bytes go, what was read from them stays", async () => {
  const id = await http.newSession();
  await http.upload(id, http.fileOf(fullStatement()), { pdf_password: "opens-it" });
  const [kept] = await files(`session_data/${id}`);
  assert.ok(kept?.pdf_url);
  const dropOld = intakeTasks(http.intake)[DROP_OLD_FILES_TASK];
  http.setNow("2024-05-25T09:59:00Z");
  await dropOld?.({});
  assert.notEqual((await files(`session_data/${id}`))[0]?.pdf_url, "");
  http.setNow("2024-05-25T10:01:00Z");
  await dropOld?.({});
  const [gone] = await files(`session_data/${id}`);
  assert.deepEqual([gone?.pdf_url, gone?.pdf_password, gone?.message], ["", null, "Success"]);
  const blob = await http.database.kysely
    .selectFrom("files")
    .select("blob_key")
    .where("blob_key", "is not", null)
    .execute();
  assert.deepEqual(blob, []);
  assert.ok((await runBlobJobs()) > 0);
  const left = await http.database.kysely.selectFrom("transactions").select("id").execute();
  assert.ok(left.length > 0);
  http.setNow(NOW);
});

test("a deleted session is gone but for its tombstone", async () => {
  const id = await http.newSession({ link_id: "to-be-deleted", metadata: { names: ["Somebody Known"] } });
  await http.upload(id, http.fileOf(fullStatement()));
  const [item] = await files(`session_data/${id}`);
  assert.ok(item);
  const { id: key, env_id } = await http.database.kysely
    .selectFrom("sessions")
    .select(["id", "env_id"])
    .where("public_id", "=", id)
    .executeTakeFirstOrThrow();
  const { blob_key: blob } = await http.database.kysely
    .selectFrom("files")
    .select("blob_key")
    .where("session_id", "=", key)
    .executeTakeFirstOrThrow();
  const remove = () => http.call(`${V1}/session_data/${id}/delete/`, { method: "DELETE" });
  const { credentials } = await http.newEnvironment();
  isEnvelope(
    await http.call(`${V1}/session_data/${id}/delete/`, { method: "DELETE", as: credentials }),
    404,
    "SESSION_NOT_FOUND",
    "The provided session ID is invalid",
  );
  const removed = await remove();
  assert.deepEqual([removed.status, removed.body], [200, { session_id: id, message: "success" }]);
  for (const path of [
    "session_upload_status",
    "progress",
    "session_status",
    "insights",
    "get_pdfs",
    "webhook_payloads",
  ])
    isEnvelope(
      await http.call(`${V1}/session_data/${id}/${path}/`),
      410,
      "SESSION_DELETED",
      "The provided session ID has been deleted",
    );
  isEnvelope(await remove(), 410, "SESSION_DELETED", "The provided session ID has been deleted");
  assert.equal((await follow(item.pdf_url)).status, 404);
  for (const table of ["accounts", "statements", "files"] as const) {
    const rows = await http.database.kysely
      .selectFrom(table)
      .select("id")
      .where("session_id", "=", key)
      .execute();
    assert.deepEqual(rows, [], table);
  }
  const { link_id, request } = await http.database.kysely
    .selectFrom("sessions")
    .select(["link_id", "request"])
    .where("id", "=", key)
    .where("env_id", "=", env_id)
    .executeTakeFirstOrThrow();
  assert.deepEqual([link_id, request], ["", {}]);
  const events = await http.database.kysely
    .selectFrom("events")
    .select("subject")
    .where("resource", "=", `session:${id}`)
    .execute();
  assert.deepEqual(events.map(({ subject }) => subject).filter(Boolean), []);
  assert.ok((await runBlobJobs()) > 0);
  assert.ok(blob);
  await assert.rejects(http.intake.blobs.get({ bytes: Buffer.alloc(32) } as never, blob), /ENOENT/);
});

test("the catalogue names every bank that a request may name", async () => {
  const answer = await http.call(`${V1}/banks/catalogue`);
  assert.equal(answer.status, 200);
  const { count, banks } = answer.body as { count: number; banks: Record<string, unknown>[] };
  assert.equal(count, banks.length);
  assert.ok(count >= 346);
  assert.deepEqual(
    banks.find(({ name }) => name === "HDFC"),
    {
      name: "HDFC",
      full_name: "HDFC Bank",
      npci_code: null,
      logo_url: "",
      is_pdf_upload_available: true,
      is_net_banking_available: false,
      is_aa_available: false,
    },
  );
  for (const name of ["model", "PUNE MERCHANTS"]) assert.ok(banks.some((bank) => bank["name"] === name));
  isEnvelope(
    await http.call(`${V1}/banks/catalogue/`, { as: null }),
    403,
    "ACCESS_DENIED",
    "Authentication credentials were not provided",
  );
});

test("neither log nor audit holds a reference, file name, password, number, name or signature", async () => {
  const form = { link_id: "SecretReference", pdf_password: "SecretPassword" };
  const bytes = http.fileOf(fullStatement({ name: "Secret Holder", number: "987600012345" }));
  const made = await http.call(`${V1}/statement/bankless_upload/`, {
    multipart: multipart(form, bytes, "SecretFile.pdf"),
  });
  const id = field(made.body, "entity_id");
  const [item] = await files(`entity/${id}`);
  assert.equal(item?.pdf_password, "SecretPassword");
  const url = item.pdf_url;
  assert.equal((await follow(url)).status, 200);
  assert.equal((await follow(url.replace(/signature=./, "signature=-"))).status, 404);
  const query = "?link_id=SecretReference";
  for (const path of [`entity/${query}`, `entity/webhook_payloads/${query}`, `entity/${id}/identity/`])
    assert.equal((await http.call(`${V1}/${path}`)).status, 200);
  const { rows } = await http.database.pool.query<{ row: string }>(
    "select to_jsonb(a)::text as row from audit a",
  );
  const audited = rows.map(({ row }) => row).join("\n");
  assert.ok(logged.includes("/entity/:entity_id/identity/") && audited.includes(`entity:${id}`));
  const signature = new URL(url).searchParams.get("signature") ?? "none";
  for (const secret of ["Secret", "987600012345", "XXXXXXXX2345", signature, http.credentials.apiKey])
    for (const [where, text] of Object.entries({ logged, audited }))
      assert.equal(text.includes(secret), false, `${secret} in ${where}`);
});
