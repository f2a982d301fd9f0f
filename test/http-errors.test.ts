/** The errors of session creation and of session_data: status, exact message, shape. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { ErrorCode } from "../src/http/bankconnect/errors.ts";
import { fullStatement } from "./intake-setup.ts";
import {
  isEnvelope,
  isUploadError,
  NOBODY,
  openHttp,
  V1,
  type CallOptions,
  type Http,
} from "./http-setup.ts";

let http: Http;
before(async () => {
  http = await openHttp();
});
after(() => http.close());

const create = (json: unknown) => http.call(`${V1}/session/`, { json });

test("session creation: what is wrong with one field", async () => {
  const wrong: [Record<string, unknown>, string][] = [
    [{}, "link_id, This field is required."],
    [{ link_id: "" }, "link_id, This field may not be blank."],
    [{ link_id: null }, "link_id, This field may not be null."],
    [{ link_id: ["c"] }, "link_id, Not a valid string."],
    [{ link_id: "c".repeat(501) }, "link_id, Ensure this field has no more than 500 characters."],
    [{ link_id: "c".repeat(10_000) }, "link_id, Ensure this field has no more than 500 characters."],
    [{ link_id: "a\0b" }, "link_id, Null characters are not allowed."],
    [{ link_id: "\ud800" }, "link_id, Not a valid string."],
    [
      { redirect_url: `https://example.com/${"a".repeat(200)}` },
      "redirect_url, Ensure this field has no more than 200 characters.",
    ],
    [{ redirect_url: "javascript:alert(1)" }, "redirect_url, Enter a valid URL."],
    [{ logo_url: "nope" }, "logo_url, Enter a valid URL."],
    [{ bank_name: "b".repeat(51) }, "bank_name, Ensure this field has no more than 50 characters."],
    [{ journey_mode: "j".repeat(51) }, "journey_mode, Ensure this field has no more than 50 characters."],
    [{ mode: "xyz" }, 'mode, "xyz" is not a valid choice.'],
    [{ aa_journey_mode: "xyz" }, 'aa_journey_mode, "xyz" is not a valid choice.'],
    [{ aa_recurring_frequency_unit: "xyz" }, 'aa_recurring_frequency_unit, "xyz" is not a valid choice.'],
    [
      { aa_recurring_tenure_month_count: "x" },
      "aa_recurring_tenure_month_count, A valid integer is required.",
    ],
    [{ aa_recurring_frequency_value: 1.5 }, "aa_recurring_frequency_value, A valid integer is required."],
    [{ is_mobile_field_editable: "perhaps" }, "is_mobile_field_editable, Must be a valid boolean."],
    [{ accept_anything: [] }, "accept_anything, Must be a valid boolean."],
    [{ metadata: "text" }, "Something went wrong"],
    [{ metadata: { names: "text" } }, "Something went wrong"],
    [{ metadata: { names: ["a\0"] } }, "Something went wrong"],
  ];
  for (const [fields, message] of wrong) {
    const json =
      Object.keys(fields).length === 0 || "link_id" in fields ? fields : { link_id: "c", ...fields };
    isEnvelope(await create(json), 400, "INVALID_REQUEST", message);
  }
  for (const json of [[], "text", 5, true])
    isEnvelope(await create(json), 400, "INVALID_REQUEST", "Something went wrong");
});

test("session creation: 500 characters are 500, whatever their UTF-16 length", async () => {
  assert.equal((await create({ link_id: "😀".repeat(500) })).status, 200);
  isEnvelope(
    await create({ link_id: "😀".repeat(501) }),
    400,
    "INVALID_REQUEST",
    "link_id, Ensure this field has no more than 500 characters.",
  );
});

test("session creation: what the fields mean together", async () => {
  const dates = "Invalid `from_date` or `to_date` format. Use `DD/MM/YYYY`.";
  const expiry = "Session expiry should be int, Min value is 5 and Max is 43200 in minutes";
  const recurring = { aa_journey_mode: "only_recurring", bank_name: "axis", mode: "pdf" };
  const wrong: [Record<string, unknown>, number, ErrorCode, string][] = [
    [{ bank_name: "no_such_bank" }, 400, "INVALID_BANK_NAME", "Invalid bank identifier."],
    [{ mode: "pdf" }, 400, "MISSING_BANK_NAME", "`bank_name` is required with `mode`."],
    [
      { bank_name: "airtel", mode: "online" },
      400,
      "MODE_NOT_AVAILABLE",
      "Specified mode not available for this bank.",
    ],
    [
      { bank_name: "axis", mode: "aa" },
      403,
      "MODE_NOT_ENABLED",
      "Specified mode not enabled. Contact FinBox Admin.",
    ],
    [{ from_date: "2024-01-01", to_date: "01/02/2024" }, 400, "INVALID_DATE_FORMAT", dates],
    [{ from_date: true, to_date: "01/02/2024" }, 400, "INVALID_DATE_FORMAT", dates],
    [{ from_date: "01/01/2024", to_date: ["01/02/2024"] }, 400, "INVALID_DATE_FORMAT", dates],
    [{ mobile_number: false }, 400, "INVALID_MOBILE_NUMBER", "Invalid mobile number."],
    [{ from_date: "31/02/2024", to_date: "01/03/2024" }, 400, "INVALID_DATE_FORMAT", dates],
    [
      { max_from_date: "x", max_to_date: "01/03/2024" },
      400,
      "INVALID_DATE_FORMAT",
      "Invalid `max_from_date` or `max_to_date` format. Use `DD/MM/YYYY`.",
    ],
    [
      { from_date: "01/02/2024", to_date: "01/02/2024" },
      400,
      "INVALID_DATE_RANGE",
      "`from_date` cannot be greater or equal to `to_date`.",
    ],
    [
      { max_from_date: "02/02/2024", max_to_date: "01/02/2024" },
      400,
      "INVALID_DATE_RANGE",
      "`max_from_date` cannot be greater or equal to `max_to_date`.",
    ],
    [{ from_date: "01/01/0001", to_date: "31/12/9999" }, 400, "INVALID_DATE_RANGE", "Invalid date range"],
    [{ from_date: "24/04/2014", to_date: "25/04/2024" }, 400, "INVALID_DATE_RANGE", "Invalid date range"],
    [{ from_date: "01/02/2024" }, 400, "MISSING_DATE_FIELD", "`from_date` and `to_date` are required."],
    [{ mobile_number: "12345" }, 400, "INVALID_MOBILE_NUMBER", "Invalid mobile number."],
    [{ session_expiry: 4 }, 400, "INVALID_SESSION_EXPIRY", expiry],
    [{ session_expiry: "43201" }, 400, "INVALID_SESSION_EXPIRY", expiry],
    [{ session_expiry: "an hour" }, 400, "INVALID_SESSION_EXPIRY", expiry],
    [{ session_expiry: true }, 400, "INVALID_SESSION_EXPIRY", expiry],
    [{ session_expiry: [] }, 400, "INVALID_SESSION_EXPIRY", expiry],
    [{ session_expiry: [60] }, 400, "INVALID_SESSION_EXPIRY", expiry],
    [{ session_expiry: { minutes: 60 } }, 400, "INVALID_SESSION_EXPIRY", expiry],
    [{ session_expiry: 7.5 }, 400, "INVALID_SESSION_EXPIRY", expiry],
    [{ aa_recurring_tenure_month_count: 85 }, 400, "INVALID_AA_PARAMETER", "Tenure must be between 1 and 84"],
    [{ aa_recurring_tenure_month: 0 }, 400, "INVALID_AA_PARAMETER", "Tenure must be between 1 and 84"],
    [{ aa_recurring_frequency_value: 6 }, 400, "INVALID_AA_PARAMETER", "Invalid AA parameter"],
    [
      { ...recurring, bank_name: "", mode: "" },
      400,
      "MISSING_AA_PARAMETER",
      "`bank_name` and `mode` required",
    ],
    [recurring, 400, "MISSING_AA_PARAMETER", "Frequency unit/value required"],
    [
      { ...recurring, aa_recurring_frequency_unit: "month", aa_recurring_frequency_value: 1 },
      400,
      "MISSING_AA_PARAMETER",
      "Required AA parameter is missing",
    ],
  ];
  for (const [fields, status, code, message] of wrong) {
    isEnvelope(await create({ link_id: "c", ...fields }), status, code, message);
  }
});

test("session creation: ten years are a range, a leap day included", async () => {
  for (const [from_date, to_date] of [
    ["25/04/2014", "25/04/2024"],
    ["29/02/2012", "28/02/2022"],
  ])
    assert.equal((await create({ link_id: "c", from_date, to_date })).status, 200);
});

test("session creation: method, media type, unreadable bodies", async () => {
  const path = `${V1}/session/`;
  for (const method of ["GET", "PUT", "PATCH", "DELETE"]) {
    const answer = await http.call(path, { method, as: null });
    isEnvelope(answer, 405, "METHOD_NOT_ALLOWED", `Method ${method} not allowed.`);
    assert.equal(answer.headers.get("allow"), "POST");
  }
  const plain: CallOptions = { body: "link_id=c", headers: { "content-type": "text/plain;charset=UTF-8" } };
  const media = "Unsupported media type `text/plain`";
  isEnvelope(await http.call(path, plain), 415, "UNSUPPORTED_MEDIA_TYPE", media);
  isEnvelope(await http.call(path, { ...plain, as: null }), 415, "UNSUPPORTED_MEDIA_TYPE", media);
  const json = { "content-type": "application/json" };
  for (const body of ["{", '{"link_id": "c",}', "\u0000", '{"link_id":"\\ud83d', "[".repeat(100_000)]) {
    isEnvelope(
      await http.call(path, { body, headers: json }),
      400,
      "INVALID_REQUEST",
      "Something went wrong",
    );
  }
  const latin1 = new Uint8Array(Buffer.from('{"link_id": "caf\xe9"}', "latin1"));
  isEnvelope(
    await http.call(path, { body: latin1, headers: json }),
    400,
    "INVALID_REQUEST",
    "Something went wrong",
  );
  const form = { "content-type": "application/x-www-form-urlencoded" };
  isEnvelope(
    await http.call(path, { body: "link_id=caf%E9", headers: form }),
    400,
    "INVALID_REQUEST",
    "Something went wrong",
  );
  const huge = JSON.stringify({ link_id: "c", x: "y".repeat(300_000) });
  isEnvelope(
    await http.call(path, { body: huge, headers: json }),
    400,
    "INVALID_REQUEST",
    "Something went wrong",
  );
});

/** What is there once processing has ended. */
const RESULTS = [
  "session_status", "transactions", "insights", "identity", "xlsx_report", "predictors", "eod_balances",
  "monthly_analysis_updated", "recurring_transactions",
]; // prettier-ignore

test("session_data: unknown, malformed, of another environment, deleted", async () => {
  const { credentials } = await http.newEnvironment();
  const foreign = await http.newSession({}, credentials);
  const deleted = await http.newSession();
  await http.database.kysely
    .updateTable("sessions")
    .set({ deleted_at: Temporal.Now.instant() })
    .where("public_id", "=", deleted)
    .execute();
  const paths: [string, string][] = [
    ["GET", "session_upload_status"],
    ["POST", "initiate_processing"],
    ["GET", "progress"],
    ...RESULTS.map((name): [string, string] => ["GET", name]),
    ["GET", "webhook_payloads"],
  ];
  const uuid1 = "bfb98ac5-7224-101b-a643-175235856187";
  for (const [method, name] of paths) {
    for (const id of [NOBODY, foreign, "abcd", "1", uuid1, "%00", "a%2Fb", "%F0%9F", "x".repeat(5000)]) {
      const answer = await http.call(`${V1}/session_data/${id}/${name}/`, { method });
      isEnvelope(answer, 404, "SESSION_NOT_FOUND", "The provided session ID is invalid");
    }
    const gone = await http.call(`${V1}/session_data/${deleted}/${name}/`, { method });
    isEnvelope(gone, 410, "SESSION_DELETED", "The provided session ID has been deleted");
    const wrong = method === "GET" ? "POST" : "GET";
    const answer = await http.call(`${V1}/session_data/${NOBODY}/${name}/`, { method: wrong });
    isEnvelope(answer, 405, "METHOD_NOT_ALLOWED", `Method ${wrong} not allowed.`);
  }
});

test("session_data: out of turn", async () => {
  const id = await http.newSession();
  const base = `${V1}/session_data/${id}`;
  const start = () => http.call(`${base}/initiate_processing/`, { method: "POST" });
  const notRequested = "Cannot proceed as the processing has not been requested yet";
  isEnvelope(await http.call(`${base}/progress/`), 400, "PROCESSING_NOT_REQUESTED", notRequested);
  for (const name of RESULTS)
    isEnvelope(await http.call(`${base}/${name}/`), 400, "PROCESSING_NOT_REQUESTED", notRequested);
  isEnvelope(await start(), 400, "UNPARSABLE_STATEMENTS", "The uploaded statements are not parsable");
  await http.upload(id, http.fileOf(fullStatement()));
  assert.equal((await start()).status, 202);
  isEnvelope(
    await start(),
    400,
    "DUPLICATE_PROCESSING_REQUEST",
    "Request for processing have already been initiated",
  );
  const running = "The processing for this session is currently in progress";
  for (const name of RESULTS)
    isEnvelope(await http.call(`${base}/${name}/`), 400, "PROCESSING_NOT_COMPLETED", running);
  const late = await http.upload(id, http.fileOf(fullStatement()));
  isUploadError(late, 400, { code: "SESSION_EXPIRED", message: "This session has expired" }, id);
});

test("initiate_processing takes any body, and none", async () => {
  const bodies: CallOptions[] = [
    {},
    { headers: { "content-type": "application/json" } },
    { json: {} },
    { body: "{", headers: { "content-type": "application/json" } },
    { body: "x", headers: { "content-type": "text/plain" } },
    { form: { a: "b" } },
  ];
  for (const body of bodies) {
    const id = await http.newSession();
    await http.upload(id, http.fileOf(fullStatement()));
    const { status } = await http.call(`${V1}/session_data/${id}/initiate_processing/`, {
      method: "POST",
      ...body,
    });
    assert.equal(status, 202);
  }
});

test("unknown paths are absent in the shape of their flow", async () => {
  isEnvelope(await http.call(`${V1}/nothing/`), 404, "NOT_FOUND", "Not found.");
  // The root of the host is the open-banking contract's.
  const type = "request_error";
  const error = { type, code: "resource_missing", message: "There is no such object or path." };
  assert.deepEqual((await http.call("/nothing")).body, { error });
  isEnvelope(await http.call(`${V1}/session_data/${NOBODY}/nothing/`), 404, "NOT_FOUND", "Not found.");
  const id = "The provided session ID is invalid";
  isEnvelope(await http.call(`${V1}/session_data/abcd/nothing/`), 404, "SESSION_NOT_FOUND", id);
  isEnvelope(await http.call(`${V1}/session_data//progress/`), 404, "SESSION_NOT_FOUND", id);
  const entity = await http.call(`${V1}/entity/nothing/`);
  assert.deepEqual(
    { status: entity.status, body: entity.body },
    { status: 404, body: { detail: "Not found." } },
  );
});

test("a 5xx never shows its message", async () => {
  const own = await openHttp();
  try {
    own.intake.clock = () => {
      throw new Error("the secret inside");
    };
    const answer = await own.call(`${V1}/session/`, { json: { link_id: "c" } });
    assert.equal(answer.status, 500);
    assert.deepEqual(answer.body, { error: { code: "INTERNAL_ERROR", message: "Something went wrong" } });
  } finally {
    await own.close();
  }
});

test("the account aggregator's calls are checked, then its mode is not enabled", async () => {
  const notEnabled = [403, "MODE_NOT_ENABLED", "Specified mode not enabled. Contact FinBox Admin."] as const;
  const details = (id: string, as = http.credentials) =>
    http.call(`${V1}/account_aggregator/get_recurring_consent_details/?session_id=${id}`, {
      method: "POST",
      as,
    });
  const id = await http.newSession();
  isEnvelope(await details(id), ...notEnabled);
  // The sources print a stray slash.
  isEnvelope(await details(`${id}/`), ...notEnabled);
  const { credentials } = await http.newEnvironment();
  for (const answer of [await details("x"), await details(NOBODY), await details(id, credentials)])
    isEnvelope(answer, 400, "INVALID_SESSION_ID", "Invalid session ID");
  const fetchData = (json: object, more: object = {}) =>
    http.call(`${V1}/account_aggregator/fetch_recurring_aa_data/`, { json, ...more });
  const range = { date_time_range_from: "01/01/2024", date_time_range_to: "31/01/2024" };
  isEnvelope(await fetchData({ consent_id: "c", ...range }), ...notEnabled);
  isEnvelope(await fetchData(range), 400, "INVALID_REQUEST", "consent_id, This field is required.");
  isEnvelope(
    await fetchData({ consent_id: "c", date_time_range_from: "01/01/2024" }),
    400,
    "INVALID_REQUEST",
    "date_time_range_to, This field is required.",
  );
  const reversed = { date_time_range_from: "31/01/2024", date_time_range_to: "01/01/2024" };
  isEnvelope(
    await fetchData({ consent_id: "c", ...reversed }),
    400,
    "INVALID_DATE_RANGE",
    "Invalid date range",
  );
  const iso = { consent_id: "c", date_time_range_from: "2024-01-01" };
  isEnvelope(
    await fetchData(iso),
    400,
    "INVALID_DATE_FORMAT",
    "Invalid `from_date` or `to_date` format. Use `DD/MM/YYYY`.",
  );
  const denied = "Authentication credentials were not provided";
  isEnvelope(await fetchData({}, { as: null }), 403, "ACCESS_DENIED", denied);
});
