/** The session flow (reference §2, §3) with real statements: every upload error, every call in every state, every body. */
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { answers, at, envelope, list, record, type Answer, fits } from "./answers.ts";
import * as bodies from "./bodies.ts";
import { CHANNELS, MONTHLY_FORMATS, PREDICTOR_FORMATS, PREDICTOR_KEYS } from "./figures-cases.ts";
import { base64Of, fileOf } from "./files.ts";
import { INSIGHTS, MONTHLY_KEYS, OLDER } from "./insights-bodies.ts";
import { NOBODY, type Ask } from "./setup.ts";
import { misfits, type Shape } from "./shape.ts";
import { testSessionLives } from "./session-lives.ts";
import { CALLS, REFUSALS, STATES, UPLOAD_STATUS_OF, type State } from "./state-cases.ts";
import { DUPLICATE, NOT_A_FORM, UPLOADS, type Fault, type UploadCase } from "./upload-cases.ts";
import { statement } from "../statements/catalogue.ts";
import { world } from "./world.ts";

const MARCH = { from_date: "01/01/2024", to_date: "31/03/2024" };
/** Nobody's statement is older: no upload meets level 1. */
const WIDE = { from_date: "01/01/2020", to_date: "31/12/2024" };
const UPLOAD = "v1/statement/upload_session/";
const read = (id: string, name: string) => world.ask(`v1/session_data/${id}/${name}/`);

/** Word for word, but where the message holds a list. */
function refuses(answer: Answer, { status, code, message }: Fault, session_id: string): void {
  const said = record(record(answer.body)["error"]);
  const text = at(said, "message");
  if (message instanceof RegExp) assert.match(text, message);
  const error = { ...(code !== null && { code }), message: message instanceof RegExp ? text : message };
  answers(answer, status, { session_id, statement_id: "", error });
}

describe("upload_session (§2.3)", { concurrency: 4 }, () => {
  async function send(entry: UploadCase, session_id: string, query = ""): Promise<Answer> {
    const url = entry.fetched === undefined ? {} : { file_url: world.fileUrl(entry.fetched) };
    const fields = { session_id, upload_type: "PDF", ...entry.fields, ...url };
    if (entry.by === "text") return world.ask(UPLOAD + query, { form: fields });
    if (entry.by === undefined) {
      const file = entry.file === undefined ? {} : { file: await fileOf(entry.file) };
      return world.ask(UPLOAD + query, { parts: { ...fields, ...file } });
    }
    const text = entry.file === undefined ? {} : { file: await base64Of(entry.file) };
    const key = entry.by === "base64 form" ? "form" : "parts";
    return world.ask(UPLOAD + query, { [key]: { ...fields, ...text } });
  }

  for (const entry of UPLOADS) {
    test(`${entry.error ? (entry.error.code ?? "no code") : 200}: ${entry.what}`, async () => {
      const id = await world.newSession({ ...WIDE, ...entry.session });
      const answer = await send(entry, id);
      if (entry.error) {
        refuses(answer, entry.error, id);
        // Refused uploads leave nothing behind.
        const { body } = await read(id, "session_upload_status");
        assert.deepEqual(list(body, "accounts"), []);
        assert.equal(at(body, "upload_status"), "NO_UPLOAD");
      } else fits(answer, 200, bodies.UPLOADED);
    });
  }

  test("a duplicate in one session; another session takes it", async () => {
    const [one, two] = [await world.newSession(WIDE), await world.newSession(WIDE)];
    const entry: UploadCase = { what: "", file: DUPLICATE.file, error: null };
    fits(await send(entry, one), 200, bodies.UPLOADED);
    refuses(await send(entry, one), DUPLICATE.error, one);
    fits(await send(entry, two), 200, bodies.UPLOADED);
    // Bank comes before duplicate.
    const other = await send({ ...entry, fields: { bank_name: "axis" } }, one);
    assert.equal(at(record(other.body)["error"], "code"), "BANK_NAME_MISMATCH");
  });

  for (const type of ["application/json", "text/plain", "application/pdf"]) {
    test(`${type} is no form, before the id is looked at`, async () => {
      const ask: Ask = { raw: '{"session_id": "malformed"}', headers: { "content-type": type } };
      refuses(await world.ask(UPLOAD, ask), NOT_A_FORM, "");
    });
  }

  for (const session_id of ["", "malformed", NOBODY, NOBODY.replace("4000", "1000")]) {
    test(`session_id ${session_id || "missing"}: 404, before its fields`, async () => {
      const fields = { ...(session_id && { session_id }), bank_name: "no_such_bank" };
      const error = { status: 404, code: "SESSION_NOT_FOUND", message: "The provided Session ID is invalid" };
      refuses(await world.ask(UPLOAD, { form: fields }), error, "");
    });
  }

  const WISHES: { query: string; shape: Shape }[] = [
    { query: "?identity=true", shape: bodies.UPLOADED_WITH_IDENTITY },
    { query: "?identity=false", shape: bodies.UPLOADED },
    { query: "?progress=true", shape: bodies.UPLOADED_WITH_PROGRESS },
    { query: "?entity_progress=true", shape: bodies.UPLOADED_WITH_PROGRESS },
  ];
  for (const { query, shape } of WISHES) {
    test(`the body with ${query}`, async () => {
      const entry: UploadCase = { what: "", file: "kotak-january", error: null };
      const answer = await send(entry, await world.newSession(WIDE), query);
      fits(answer, 200, shape);
      assert.equal(record(answer.body)["status"], 1);
      assert.equal(at(answer.body, "bank_name"), "kotak");
    });
  }
});

describe("every call in every state", { concurrency: 4 }, () => {
  const ids = new Map<State, string>([
    ["unknown", NOBODY],
    ["malformed", "not-a-uuid"],
  ]);
  before(async () => {
    const uploaded = async (range: object) => {
      const id = await world.newSession({ ...range });
      await world.upload(id, "kotak-january");
      return id;
    };
    const january = { from_date: "01/01/2024", to_date: "31/01/2024" };
    ids.set("another's", await world.newSession({}, world.other));
    ids.set("open", await uploaded(WIDE));
    ids.set("completed", await uploaded(january));
    const expired = await uploaded(WIDE);
    await world.expire(expired);
    ids.set("expired", expired);
    for (const state of ["processing", "processed", "deleted"] as const) {
      const id = await uploaded(january);
      await world.process(id);
      ids.set(state, id);
    }
    await world.ask(`v1/session_data/${ids.get("deleted")}/delete/`, { method: "DELETE" });
    // As it is between the request and the job's end.
    await world.database.pool.query("update sessions set processed_at = null where public_id = $1", [
      ids.get("processing"),
    ]);
  });

  for (const { method, name, refuses: refused, changes } of CALLS) {
    for (const state of STATES) {
      const refusal = refused[state];
      if (refusal === undefined && changes) continue;
      test(`${name} of one that is ${state}: ${refusal ?? 200}`, async () => {
        const answer = await world.ask(`v1/session_data/${ids.get(state)}/${name}/`, { method });
        if (refusal === undefined) assert.equal(answer.status, 200, answer.text);
        else {
          const { status, code, message } = REFUSALS[refusal];
          answers(answer, status, envelope(code, message));
        }
      });
    }
  }

  for (const state of STATES.filter((one) => UPLOAD_STATUS_OF[one] !== undefined)) {
    test(`upload_status of one that is ${state}: ${UPLOAD_STATUS_OF[state]}`, async () => {
      const { body } = await read(ids.get(state) ?? "", "session_upload_status");
      assert.equal(at(body, "upload_status"), UPLOAD_STATUS_OF[state]);
    });
  }

  const ENDED: Fault = { status: 400, code: "SESSION_EXPIRED", message: "This session has expired" };
  const UPLOADS_OF: Partial<Record<State, Fault>> = {
    deleted: { status: 410, code: "SESSION_DELETED", message: "The provided session ID has been deleted" },
    "another's": { status: 404, code: "SESSION_NOT_FOUND", message: "The provided Session ID is invalid" },
    expired: ENDED,
    processing: ENDED,
    processed: ENDED,
  };
  for (const [state, error] of Object.entries(UPLOADS_OF) as [State, Fault][]) {
    test(`an upload to one that is ${state}: ${error.code}, before its fields`, async () => {
      const session_id = ids.get(state) ?? "";
      const answer = await world.ask(UPLOAD, { form: { session_id, bank_name: "no_such_bank" } });
      const named = record(answer.body)["session_id"];
      // It is named once it is known to be there, and never where it is somebody else's.
      assert.ok(named === "" || (named === session_id && state !== "another's"), answer.text);
      refuses(answer, error, named);
    });
  }

  test("an open one starts with nothing uploaded", async () => {
    const id = await world.newSession();
    const { body } = await read(id, "session_upload_status");
    assert.deepEqual(misfits(body, bodies.UPLOAD_STATUS), []);
    assert.equal(at(body, "upload_status"), "NO_UPLOAD");
    answers(
      await world.ask(`v1/session_data/${id}/initiate_processing/`, { method: "POST" }),
      400,
      envelope("UNPARSABLE_STATEMENTS", "The uploaded statements are not parsable"),
    );
    assert.equal(at((await read(id, "session_upload_status")).body, "upload_status"), "NO_UPLOAD");
  });
});

describe("the bodies (§2.4 to §2.9)", () => {
  let id: string;
  before(async () => {
    id = await world.newSession({ link_id: "bodies", ...MARCH });
    await world.upload(id, "hdfc-3-months");
  });

  test("upload status, then each body after processing", async () => {
    fits(await read(id, "session_upload_status"), 200, bodies.UPLOAD_STATUS);
    await world.process(id);
    fits(await read(id, "session_upload_status"), 200, bodies.UPLOAD_STATUS);
    fits(await read(id, "progress"), 200, bodies.PROGRESS);
    fits(await read(id, "session_status"), 200, bodies.SESSION_STATUS);
    fits(await read(id, "insights"), 200, INSIGHTS);
    fits(await read(id, "xlsx_report"), 200, bodies.XLSX_REPORTS);
    fits(await read(id, "get_pdfs"), 200, bodies.SESSION_PDFS);
    for (const [name, shape] of Object.entries(OLDER)) fits(await read(id, name), 200, shape);
  });

  test("session_status sends null where there is no error", async () => {
    const [account] = list((await read(id, "session_status")).body, "accounts");
    assert.deepEqual(
      [account?.["account_status"], account?.["error_code"], account?.["error_message"]],
      ["completed", null, null],
    );
  });

  test("every documented key of a monthly analysis is there, with each month", async () => {
    assert.equal(MONTHLY_KEYS.length, 95);
    const { body } = await read(id, "insights");
    const { data } = list(body, "accounts")[0] ?? {};
    for (const analysis of [record(data)["monthly_analysis"], record(body)["aggregate_monthly_analysis"]]) {
      const known = record(analysis);
      for (const key of MONTHLY_KEYS) {
        assert.deepEqual(Object.keys(record(known[key])), ["Jan-2024", "Feb-2024", "Mar-2024"], key);
      }
    }
  });

  test("every main predictor is there; dates in their formats", async () => {
    const { data } = list((await read(id, "insights")).body, "accounts")[0] ?? {};
    const { predictors, monthly_analysis, salary_transactions } = record(data);
    const known = record(predictors);
    assert.deepEqual(
      PREDICTOR_KEYS.filter((key) => !(key in known)),
      [],
    );
    assert.ok(
      Array.isArray(salary_transactions) && salary_transactions.length > 0,
      "the statement has a salary",
    );
    for (const [key, shape] of Object.entries(PREDICTOR_FORMATS))
      assert.deepEqual(misfits(known[key], shape, key), []);
    for (const [key, shape] of Object.entries(MONTHLY_FORMATS))
      assert.deepEqual(misfits(record(monthly_analysis)[key], { "*Mmm-YYYY": shape }, key), []);
  });

  test("channels are of the enumeration, expenses add up to 100, balances have each day of a month", async () => {
    const { data } = list((await read(id, "insights")).body, "accounts")[0] ?? {};
    for (const { metadata } of list(data, "transactions")) {
      const channel = at(metadata, "transaction_channel");
      assert.ok(channel === "Other" || (CHANNELS.has(channel) && channel !== "Others"), channel);
    }
    const categories = list(data, "expense_categories");
    assert.equal(
      categories.reduce((sum, { percentage }) => sum + Number(percentage), 0),
      100,
    );
    const balances = record(record(data)["eod_balances"]);
    const days = ["Jan-24", "Feb-24", "Mar-24"].map((month) => Object.values(balances[month] ?? {}).length);
    assert.deepEqual(balances["Months_order"], ["Jan-24", "Feb-24", "Mar-24"]);
    assert.deepEqual(days, [31, 29, 31]);
  });

  test("links open without a key: the file as it was, the workbooks", async () => {
    const { bytes } = await statement("hdfc-3-months");
    const [file] = list((await read(id, "get_pdfs")).body, "statements");
    assert.deepEqual([file?.["message"], file?.["pdf_password"]], ["Success", null]);
    assert.ok(Buffer.from(await bytesOf(at(file, "pdf_url"))).equals(bytes));
    const [report] = list((await read(id, "xlsx_report")).body, "reports");
    const insights = (await read(id, "insights")).body;
    for (const url of [at(report, "link"), at(insights, "aggregate_xlsx_report_url")]) {
      // A workbook is a zip.
      assert.equal(
        Buffer.from(await bytesOf(url))
          .subarray(0, 2)
          .toString(),
        "PK",
      );
    }
  });

  async function bytesOf(url: string): Promise<ArrayBuffer> {
    const { pathname, search } = new URL(url);
    const response = await fetch(world.server.url + pathname + search);
    assert.equal(response.status, 200, url);
    return response.arrayBuffer();
  }

  test("delete: what was told is erased, every later call is 410", async () => {
    const [file] = list((await read(id, "get_pdfs")).body, "statements");
    const { pathname, search } = new URL(at(file, "pdf_url"));
    const answer = await world.ask(`v1/session_data/${id}/delete/`, { method: "DELETE" });
    answers(answer, 200, { session_id: id, message: "success" });
    assert.equal((await fetch(world.server.url + pathname + search)).status, 404);
    const { status, code, message } = REFUSALS.deleted;
    for (const { method, name } of CALLS) {
      answers(await world.ask(`v1/session_data/${id}/${name}/`, { method }), status, envelope(code, message));
    }
  });

  test("the catalogue names every published bank", async () => {
    const answer = await world.ask("v1/banks/catalogue/");
    fits(answer, 200, bodies.CATALOGUE);
    const banks = list(answer.body, "banks");
    assert.equal(record(answer.body)["count"], banks.length);
    assert.ok(banks.length >= 346);
    const known = new Set(banks.map(({ name }) => name));
    assert.equal(known.size, banks.length);
    for (const name of ["HDFC", "AXIS", "SBI", "model", "PUNE MERCHANTS", "PRATHAMA GRAMIN"])
      assert.ok(known.has(name), name);
    for (const bank of banks) {
      assert.equal(bank["is_pdf_upload_available"], true);
      assert.equal(bank["is_aa_available"], false);
    }
  });
});

describe("lives", testSessionLives);
