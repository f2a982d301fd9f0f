/** The errors of upload_session: status, exact message, shape, and the order of checks. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { ERRORS } from "../src/http/bankconnect/errors.ts";
import { bankIdentifiers } from "../src/intake/banks.ts";
import { fullStatement, statementOf } from "./intake-setup.ts";
import {
  isUploadError,
  multipart,
  NOBODY,
  openHttp,
  V1,
  type Answer,
  type CallOptions,
  type Http,
} from "./http-setup.ts";

let http: Http;
before(async () => {
  http = await openHttp();
});
after(() => http.close());

const UPLOAD = `${V1}/statement/upload_session/`;

test("upload: each error of its table", async () => {
  const id = await http.newSession();
  const form = (fields: Record<string, string>) =>
    http.call(UPLOAD, { form: { session_id: id, upload_type: "PDF", ...fields } });
  const file = (error: Parameters<Http["badFile"]>[0]) => http.upload(id, http.badFile(error));

  const unknown = await http.call(UPLOAD, { form: { session_id: NOBODY } });
  isUploadError(unknown, 404, { code: "SESSION_NOT_FOUND", message: "The provided Session ID is invalid" });
  isUploadError(
    await form({}),
    400,
    { code: "MISSING_FILE_OBJECT", message: "This file object is required" },
    id,
  );
  const notForm = {
    code: "INVALID_FILE_OBJECT",
    message: "This field must be present as a form field. Send request with correct content type",
  };
  isUploadError(await http.call(UPLOAD, { json: { session_id: id } }), 400, notForm);
  isUploadError(await http.call(UPLOAD, { method: "POST" }), 400, notForm);
  isUploadError(
    await form({ file: "text" }),
    400,
    { code: "INVALID_FILE_OBJECT", message: "File object is invalid" },
    id,
  );
  isUploadError(
    await http.upload(id, new Uint8Array()),
    400,
    { code: "EMPTY_FILE", message: "File object is empty" },
    id,
  );
  isUploadError(
    await form({ upload_type: "BASE64", file: "" }),
    400,
    { code: "EMPTY_FILE", message: "File object is empty" },
    id,
  );
  const url = { code: "INVALID_FILE_URL", message: "This file url is invalid" };
  for (const file_url of ["nonsense", "file:///etc/passwd", "https://files.example/x.pdf"]) {
    isUploadError(await form({ file_url }), 400, url, id);
  }
  for (const file of ["%%%", "abcde", "é"]) {
    const answer = await form({ upload_type: "BASE64", file });
    isUploadError(answer, 400, { code: "INVALID_BASE_64", message: "Invalid Base 64 string" }, id);
  }
  isUploadError(
    await file({ code: "PASSWORD_INCORRECT" }),
    400,
    { code: "PASSWORD_INCORRECT", message: "The provided password is incorrect" },
    id,
  );
  isUploadError(
    await file({ code: "PDF_IS_IMAGE" }),
    400,
    { code: "PDF_IS_IMAGE", message: "Scanned images are not supported" },
    id,
  );
  isUploadError(
    await file({ code: "STATEMENT_UNSUPPORTED_FORMAT" }),
    400,
    { code: "STATEMENT_UNSUPPORTED_FORMAT", message: "The statement format is not supported" },
    id,
  );
  const damaged = await file({ code: "STATEMENT_UNSUPPORTED_FORMAT", reason: "corrupt" });
  isUploadError(damaged, 400, { code: "INVALID_FILE_OBJECT", message: "File object is invalid" }, id);
  const pages = await file({ code: "STATEMENT_TOO_MANY_PAGES" });
  isUploadError(
    pages,
    400,
    { code: "STATEMENT_TOO_MANY_PAGES", message: "The statement exceeds the allowed page limit" },
    id,
  );

  const nobody = http.fileOf(statementOf({ bank: null, status: "unverifiable", days: ["2024-01-10"] }));
  isUploadError(
    await http.upload(id, nobody),
    400,
    { code: "BANK_NAME_UNDETECTED", message: "Unable to detect bank. Please provide BANK NAME." },
    id,
  );
  const other = await http.upload(id, http.fileOf(fullStatement()), { bank_name: "AXIS" });
  isUploadError(other, 400, { code: "BANK_NAME_MISMATCH", message: "Not axis bank statement" }, id);
  const outside = await http.upload(id, http.fileOf(statementOf({ days: ["2019-01-10"] })));
  isUploadError(
    outside,
    400,
    { code: "OUT_OF_DATE_RANGE", message: "No transactions in expected date range" },
    id,
  );
  const category = await http.upload(id, http.fileOf(fullStatement()), { account_category: "gold" });
  isUploadError(
    category,
    400,
    { code: "INVALID_ACCOUNT_CATEGORY", message: "Account category is invalid" },
    id,
  );

  const message = `Please use following bank strings: ${JSON.stringify(bankIdentifiers)}`;
  isUploadError(await form({ bank_name: "no_such_bank" }), 400, { message }, id);
  isUploadError(
    await form({ upload_type: "ZIP" }),
    400,
    { code: "INVALID_REQUEST", message: 'upload_type, "ZIP" is not a valid choice.' },
    id,
  );

  const twice = http.fileOf(statementOf({ days: ["2024-01-10"], number: "7777" }));
  assert.equal((await http.upload(id, twice)).status, 200);
  const duplicate = await http.upload(id, twice);
  isUploadError(
    duplicate,
    400,
    { code: "STATEMENT_DUPLICATE", message: "A duplicate statement has been detected" },
    id,
  );
});

test("upload: deleted and expired sessions", async () => {
  const expired = await http.newSession({ session_expiry: 5 });
  http.setNow("2024-04-25T10:05:00.123456Z");
  const answer = await http.upload(expired, http.fileOf(fullStatement()));
  http.setNow("2024-04-25T10:00:00.123456Z");
  isUploadError(answer, 400, { code: "SESSION_EXPIRED", message: "This session has expired" }, expired);

  const deleted = await http.newSession();
  const sessions = http.database.kysely.updateTable("sessions").set({ deleted_at: Temporal.Now.instant() });
  await sessions.where("public_id", "=", deleted).execute();
  const gone = await http.upload(deleted, http.fileOf(fullStatement()));
  isUploadError(
    gone,
    410,
    { code: "SESSION_DELETED", message: "The provided session ID has been deleted" },
    deleted,
  );
});

test("upload: checks come in the contract's order (§9-25)", async () => {
  const everythingWrong = { session_id: "abcd", upload_type: "ZIP", bank_name: "nope", file: "%%%" };
  const code = ({ body }: Answer) => Reflect.get(Reflect.get(body as object, "error"), "code");
  const post = (options: CallOptions) => http.call(UPLOAD, options);
  assert.equal(code(await post({ json: everythingWrong, as: null })), "INVALID_API_KEY");
  assert.equal(code(await post({ json: everythingWrong })), "INVALID_FILE_OBJECT", "media type before ids");
  assert.equal(code(await post({ form: everythingWrong })), "SESSION_NOT_FOUND", "ids before fields");
  const spent = await http.newSession({ session_expiry: 5 });
  http.setNow("2024-04-25T11:00:00Z");
  assert.equal(
    code(await post({ form: { ...everythingWrong, session_id: spent } })),
    "SESSION_EXPIRED",
    "state before fields",
  );
  http.setNow("2024-04-25T10:00:00.123456Z");
  const session_id = await http.newSession();
  assert.equal(
    code(await post({ form: { ...everythingWrong, session_id } })),
    "INVALID_REQUEST",
    "fields before file",
  );
  const base64 = { session_id, upload_type: "BASE64", file: "%%%" };
  assert.equal(
    code(await post({ form: { ...base64, account_category: "gold" } })),
    "INVALID_ACCOUNT_CATEGORY",
  );
  assert.equal(code(await post({ form: base64 })), "INVALID_BASE_64");
});

test("a refused upload leaves nothing", async () => {
  const id = await http.newSession();
  await http.upload(id, http.badFile({ code: "PDF_IS_IMAGE" }));
  const { body } = await http.call(`${V1}/session_data/${id}/session_upload_status/`);
  assert.equal(Reflect.get(body as object, "upload_status"), "NO_UPLOAD");
});

test("a file over the limit, in parts, Base64 and a lying length", async () => {
  const id = await http.newSession();
  const error = { code: "INVALID_FILE_OBJECT", message: "File object is invalid" };
  const megabyte = new Uint8Array(1024 * 1024 + 1);
  isUploadError(await http.upload(id, megabyte), 400, error);
  isUploadError(await http.upload(id, new Uint8Array(3 * 1024 * 1024)), 400, error);
  const form = {
    session_id: id,
    upload_type: "BASE64",
    file: Buffer.from(new Uint8Array(2 * 1024 * 1024)).toString("base64"),
  };
  isUploadError(await http.call(UPLOAD, { form }), 400, error);
  isUploadError(await http.call(UPLOAD, { multipart: multipart(form) }), 400, error);
  // The connection serves the next request.
  assert.equal((await http.call("/healthz")).status, 200);
});

/** Passed on from the extractor as STATEMENT_TOO_MANY_PAGES is, or sent under another name. */
const ALIKE = new Set([
  "STATEMENT_NO_TRANSACTIONS",
  "EXTRACTION_FAILED",
  "UNPARSABLE",
  "NOT_A_FORM",
  "UNKNOWN_BANK_NAME",
  // 404 {"detail": "Not found."}: http-entities.test.ts
  "ENTITY_NOT_FOUND",
]);

test("every code of the table is expected by some test", () => {
  const files = ["http-errors", "http-upload-errors", "http-auth", "http-hostile", "http-hostile-slow"];
  const source = files
    .map((name) => readFileSync(join(import.meta.dirname, `${name}.test.ts`), "utf8"))
    .join("");
  const known = (code: string) => ALIKE.has(code) || source.includes(`"${code}"`);
  const codes = Object.entries(ERRORS).map(([name, entry]) => ("code" in entry && entry.code) || name);
  assert.deepEqual(
    codes.filter((code) => !known(code)),
    [],
  );
});
